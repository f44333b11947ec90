from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from shotcaller.plugin import Failed, Running

TAKE_KEYS = {
    "take",
    "state",
    "gateway",
    "model",
    "title",
    "shot",
    "clip",
    "cost",
    "attempts",
    "warnings",
    "facts",
    "retakes",
}
ERROR_KEYS = {"code", "message", "charged", "repeat_safe", "next", "take"}


def test_it_prints_the_path_alone_on_stdout(command: Any, place: Path) -> None:
    done = command("generate", "A fox runs")

    assert done.code == 0
    path = Path(done.out.removesuffix("\n"))
    assert path.parent == place
    assert path.read_bytes() == command.studio.movie


def test_it_prints_the_receipt_on_stderr(command: Any) -> None:
    err = command("generate", "A fox runs").err

    assert "Studio One: 64x36, 2 s, 24 fps, no sound, 0 kB\n" in err
    assert re.search(r"^take [0-9a-f]{12}: free$", err, re.MULTILINE)


def test_a_warning_is_in_the_receipt(command: Any) -> None:
    done = command("generate", "A fox", "--seconds", "7")

    assert done.code == 0
    assert "warning: 2.0 s were delivered, 7 s asked for\n" in done.err


def test_the_same_shot_again_is_the_same_clip(command: Any) -> None:
    first = command("generate", "A fox")
    second = command("generate", "A fox")

    assert first.out == second.out
    assert command.studio.submits == 1


def test_new_makes_another_clip(command: Any) -> None:
    first = command("generate", "A fox")
    second = command("generate", "A fox", "--new")

    assert first.out != second.out
    assert command.studio.submits == 2


def test_output_says_where_the_clip_goes(command: Any, place: Path) -> None:
    done = command("generate", "A fox", "--output", "fox.mp4")

    assert done.out == f"{place / 'fox.mp4'}\n"
    assert (place / "fox.mp4").read_bytes() == command.studio.movie


def test_json_is_one_document_with_all_its_keys(command: Any, place: Path) -> None:
    done = command("generate", "A fox", "--seconds", "2", "--json")

    document = done.document
    assert done.code == 0
    assert set(document) == TAKE_KEYS
    assert document["state"] == "done"
    assert document["shot"]["seconds"] == 2.0
    assert set(document["clip"]) == {
        "path",
        "seconds",
        "width",
        "height",
        "fps",
        "sound",
        "bytes",
        "sha256",
        "type",
    }
    assert document["cost"] == {"quoted": 0.0, "billed": None, "currency": "USD"}
    (attempt,) = document["attempts"]
    assert attempt == {
        "take": document["take"],
        "model": "studio/one",
        "state": "done",
        "reason": "",
        "charged": "no",
    }


def test_json_names_the_copy_where_the_clip_was_made_elsewhere(
    command: Any, place: Path
) -> None:
    command("generate", "A fox")
    done = command("generate", "A fox", "--output", "copy.mp4", "--json")

    assert done.document["clip"]["path"] == str(place / "copy.mp4")


def test_every_option_reaches_the_shot(command: Any, studio: Any, place: Path) -> None:
    pixel = b"\x89PNG\r\n\x1a\n" + bytes(8) + bytes(8) + b"IEND\xaeB`\x82"
    (place / "first.png").write_bytes(pixel)
    (place / "last.png").write_bytes(pixel)
    (place / "like.png").write_bytes(pixel)
    (place / "before.mp4").write_bytes(command.studio.movie)
    command.install(studio=command.studio, other=studio("other"))
    options = {
        "--for": "draft",
        "--seconds": "3",
        "--ratio": "9:16",
        "--resolution": "720p",
        "--image": "first.png",
        "--last-image": "last.png",
        "--reference": "like.png",
        "--extend": "before.mp4",
        "--negative": "rain",
        "--seed": "7",
        "--budget": "1",
        "--weights": "best",
        "--only": "studio",
        "--avoid": "other",
        "--model": "studio/one",
        "--option": "slate=false",
    }
    flat = [part for pair in options.items() for part in pair]
    done = command("generate", "A fox", *flat, "--no-sound", "--yes", "--json")

    assert done.code == 0, done.err
    shot = done.document["shot"]
    assert shot["seconds"] == 3.0
    assert (shot["ratio"], shot["resolution"]) == ("9:16", "720p")
    assert shot["image"]["source"] == str(place / "first.png")
    assert shot["last_image"]["source"] == str(place / "last.png")
    assert [media["kind"] for media in shot["references"]] == ["image"]
    assert shot["extend"]["source"] == str(place / "before.mp4")
    assert (shot["extend"]["type"], shot["extend"]["seconds"]) == ("video/mp4", 2.0)
    assert (shot["negative"], shot["seed"], shot["sound"]) == ("rain", 7, False)
    assert shot["options"] == {"studio": {"slate": False}}


def test_progress_is_plain_lines_where_nobody_watches(command: Any) -> None:
    shares = (0.0, 0.1, 0.24, 0.25, 0.49, 0.8, 0.9)
    busy = [Running(note="drawing", fraction=share) for share in shares]
    queued = Running(note="in line", ahead=3)
    nearer = Running(note="in queue", ahead=2)
    command.studio.script = [queued, nearer, *busy, Running()]
    err = command("generate", "A fox").err

    lines = [line.partition("] ")[2] for line in err.splitlines() if line[0] == "["]
    take = lines[0].split()[1].rstrip(":")
    assert lines == [
        f"take {take}: Studio One (studio/one), free",
        "queued",
        "submitted",
        "submitted: in line, 3 ahead in the queue",
        "submitted: in queue, 2 ahead",
        "submitted: drawing",
        "submitted: drawing, 25%",
        "submitted: drawing, 80%",
        "submitted",
        "ready",
        "done",
    ]


def test_what_a_vendor_says_cannot_steer_the_terminal(command: Any) -> None:
    command.studio.script = [Running(note="\x1b[2J[red]boo\x07\u202e\nnext\u200d")]
    err = command("generate", "A fox").err

    assert "submitted: \\x1b[2J[red]boo\\x07\\u202e next\u200d\n" in err


def test_the_next_model_steps_in_where_one_refuses(command: Any, studio: Any) -> None:
    command.install(first=studio("first", refuses="no foxes"), second=studio("second"))
    done = command("generate", "A fox", "--json")

    assert done.code == 0
    assert [row["model"] for row in done.document["attempts"]] == [
        "first/one",
        "second/one",
    ]
    assert "earlier attempt: first/one refused: no foxes (charged: no)\n" in done.err


def test_a_refusal_is_an_error(command: Any, studio: Any) -> None:
    command.install(studio=studio(refuses="no foxes"))
    done = command("generate", "A fox")

    assert (done.code, done.out) == (4, "")
    assert re.search(
        r"^error: Take \w+ on studio/one was refused: no foxes\.\n"
        r"next: Nothing was charged; it is safe to ask again\.\n\Z",
        done.err,
        re.MULTILINE,
    )


def test_a_failure_says_that_it_was_charged(
    command: Any, studio: Any, failed: Failed
) -> None:
    command.install(studio=studio(price="0.40", script=[failed]))
    done = command("generate", "A fox", "--yes", "--json")

    assert done.code == 4
    assert set(done.document) == {"error"}
    error = done.document["error"]
    assert set(error) == ERROR_KEYS
    assert (error["code"], error["charged"], error["repeat_safe"]) == (
        "failed",
        "yes",
        False,
    )
    assert error["take"] in error["message"]


def test_a_lost_reply_is_uncertain(command: Any, vendor: Any) -> None:
    command.install(vendor=vendor)
    limits = ("--wait", "5", "--yes")
    done = command("generate", "A fox", "--seconds", "4", "--json", *limits)

    assert done.code == 5
    error = done.document["error"]
    assert (error["code"], error["charged"]) == ("uncertain", "unknown")
    assert f"`shotcaller resume {error['take']}`" in error["next"]
    assert "This may cost up to $1.00 on vendor/film.\n" in done.err


def test_the_end_of_the_wait_is_not_the_end_of_the_take(command: Any) -> None:
    command.studio.script = [Running(wait=60)] * 3
    waited = command("generate", "A fox", "--wait", "0", "--json")
    done = command("resume", waited.document["error"]["take"])

    assert waited.code == 6
    assert waited.document["error"]["code"] == "still-running"
    assert done.code == 0
    assert Path(done.out.strip()).is_file()


def test_detach_prints_the_id_and_resume_brings_the_clip(command: Any) -> None:
    command.studio.script = [Running()]
    detached = command("generate", "A fox", "--detach")
    take = detached.out.strip()
    done = command("resume", take[:5], "--output", "fox.mp4", "--wait", "60")

    assert detached.code == 0
    assert f"next: `shotcaller resume {take}` brings the clip.\n" in detached.err
    assert "Studio One: submitted, free\n" in detached.err
    assert done.code == 0
    assert Path("fox.mp4").is_file()


def test_resume_looks_at_the_place_before_it_waits(command: Any, place: Path) -> None:
    command.studio.script = [Running(wait=60)]
    take = command("generate", "A fox", "--detach").out.strip()
    done = command("resume", take, "--output", "sub/fox.mp4")

    assert done.code == 2
    assert done.err == (
        f"error: output: 'sub/fox.mp4' cannot be made: {place / 'sub'} is not a"
        " folder.\nnext: Make it first.\n"
    )
    assert command("show", take, "--json").document["state"] == "submitted"


def test_resume_may_name_the_place_that_the_take_has_anyway(
    command: Any, place: Path
) -> None:
    command.studio.script = [Running(wait=60)] * 2
    args = ("generate", "A fox", "--detach", "--output", "fox.mp4")
    take = command(*args).out.strip()
    done = command("resume", take, "--output", "fox.mp4")

    assert (done.code, done.out) == (0, f"{place / 'fox.mp4'}\n")


def test_where_a_copy_cannot_go_the_clip_is_told_to_be_safe(
    command: Any, place: Path
) -> None:
    document = command("generate", "A fox", "--json").document
    done = command("resume", document["take"], "--output", "sub/fox.mp4")

    assert done.code == 2
    assert f" The clip is safe at {document['clip']['path']}.\n" in done.err


def test_detach_as_json(command: Any) -> None:
    command.studio.script = [Running()]
    done = command("generate", "A fox", "--detach", "--json")

    assert set(done.document) == TAKE_KEYS
    assert (done.document["state"], done.document["clip"]) == ("submitted", None)


def test_detach_tells_of_a_refusal(command: Any, studio: Any) -> None:
    command.install(studio=studio(refuses="no foxes"))
    done = command("generate", "A fox", "--detach")

    assert (done.code, done.out) == (4, "")
    assert "was refused: no foxes." in done.err


def test_nothing_fits_lists_every_reason(command: Any, keyless: Any) -> None:
    command.install(studio=command.studio, vendor=keyless)
    done = command("generate", "A fox", "--seconds", "600")

    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "error: No model can take the shot.\n"
        "  studio/one: cannot make 600 s; it makes 1 to 60 s\n"
        "  vendor/film: no key for vendor: set VENDOR_KEY;"
        " cannot make 600 s; it makes 4 or 8 s\n"
    )


def test_nothing_fits_names_the_key_that_would_help(command: Any, keyless: Any) -> None:
    command.install(vendor=keyless)
    done = command("generate", "A fox", "--json")

    assert done.code == 3
    assert done.err == (
        "error: No model can take the shot.\n"
        "  vendor/film: no key for vendor: set VENDOR_KEY\n"
        "next: no key for vendor: set VENDOR_KEY.\n"
    )
    assert set(done.document) == {"error", "refused"}
    assert done.document["error"]["code"] == "nothing-fits"
    assert done.document["refused"] == [
        {
            "model": "vendor/film",
            "reasons": [
                {"code": "no-key", "message": "no key for vendor: set VENDOR_KEY"}
            ],
        }
    ]


def test_without_any_gateway_it_says_what_to_install(command: Any) -> None:
    command.install()
    done = command("generate", "A fox")

    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "error: No model can take the shot: no gateway is installed.\n"
        "next: Install one, such as shotcaller-animatic;"
        " see also `shotcaller plugins`.\n"
    )


def test_an_unknown_model_is_named(command: Any) -> None:
    done = command("generate", "A fox", "--model", "studio/two")

    assert done.code == 2
    assert done.err == (
        "error: model: 'studio/two' is offered by no installed plugin.\n"
        "next: Did you mean studio/one? `shotcaller models` lists those that are.\n"
    )


def test_a_dry_run_sends_and_writes_nothing(
    command: Any, place: Path, tmp_path: Path
) -> None:
    done = command("generate", "A fox", "--dry-run")

    assert done.code == 0
    assert "\n1  studio/one  0.60   free  2 s   30 s\n" in done.out
    assert f"The clip would go to {place / 'a-fox-TAKE.mp4'}\n" in done.out
    assert done.err == "Nothing was sent.\n"
    assert list(place.iterdir()) == []
    assert not (tmp_path / "home").exists()
    assert command.studio.submits == 0


def test_a_dry_run_as_json(command: Any, place: Path) -> None:
    done = command("generate", "A fox", "--dry-run", "--output", "x.mp4", "--json")

    assert set(done.document) == {"ranking", "refused", "changes", "output"}
    assert done.document["output"] == str(place / "x.mp4")


def test_a_dry_run_fails_as_the_real_one_would(command: Any, place: Path) -> None:
    (place / "x.mp4").touch()
    taken = command("generate", "A fox", "--dry-run", "--output", "x.mp4")
    unfit = command("generate", "A fox", "--dry-run", "--seconds", "600")

    assert (taken.code, taken.out) == (2, "")
    assert "output: 'x.mp4' exists already." in taken.err
    assert (unfit.code, unfit.out) == (3, "")


def test_a_shell_captures_exactly_the_path(place: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import conftest;"
        "from shotcaller_cli import run;"
        "from shotcaller import Registry;"
        "studio = Registry({'studio': conftest.Studio()});"
        "sys.exit(run(sys.argv[1:], registry=studio))"
    )
    python = [sys.executable, "-c", program, str(Path(__file__).parent)]
    command = "x=$(\"$@\" generate 'A fox' --output 'näme \n.mp4') && ls \"$x\" | wc -l"
    done = subprocess.run(
        ["sh", "-c", command, "sh", *python],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    there = sorted(path.name for path in place.iterdir())
    assert there == ["näme \n.mp4", "näme \n.mp4.receipt.json"]


def test_ctrl_c_before_anything_was_sent(command: Any, impatient: Any) -> None:
    command.install(studio=command.studio, impatient=impatient(votes=2))
    done = command("generate", "A fox", "--json")

    assert done.code == 130
    assert done.document["error"]["take"] is None
    assert done.err == (
        "error: Interrupted before anything was sent.\nnext: It is safe to ask again.\n"
    )


def _interrupt() -> Running:
    raise KeyboardInterrupt


def test_ctrl_c_keeps_the_take(command: Any) -> None:
    command.studio.script = [_interrupt]
    done = command("generate", "A fox", "--json")
    error = done.document["error"]
    again = command("generate", "A fox")

    assert done.code == 130
    assert (error["code"], error["charged"]) == ("interrupted", "no")
    assert error["message"] == (
        f"Interrupted; take {error['take']} on studio/one is kept (submitted)."
    )
    assert done.err.endswith(
        f"next: `shotcaller resume {error['take']}` goes on with it"
        " and pays nothing again.\n"
    )
    assert again.code == 0
    assert error["take"] in again.err
