"""What became of takes, and how they are cancelled."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from shotcaller.plugin import (
    Cancellation,
    Failed,
    Running,
)

ERROR_KEYS = {"code", "message", "charged", "repeat_safe", "next", "take"}


def made(command: Any, prompt: str = "A fox") -> str:
    take: str = command("generate", prompt, "--json").document["take"]
    return take


def test_takes(command: Any, place: Path, failed: Any) -> None:
    take = made(command)
    command.studio.script = [failed]
    command("generate", "A hare")
    rows = command("takes", "--json").document
    done = command("takes", "--state", "done")
    only = command("takes", "--limit", "1", "--json").document

    assert [row["state"] for row in rows] == ["failed", "done"]
    assert list(rows[1]) == [
        "take",
        "state",
        "model",
        "remote_id",
        "created",
        "cost",
        "path",
        "prompt",
        "gateway",
        "project",
        "charged",
    ]
    assert [row["prompt"] for row in rows] == ["A hare", "A fox"]
    assert (rows[1]["gateway"], rows[1]["project"]) == ("studio", None)
    assert [row["charged"] for row in rows] == ["no", "no"]
    assert rows[1]["take"] == take
    assert rows[1]["remote_id"].startswith("job-")
    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}\+00:00", rows[1]["created"])
    assert (rows[0]["path"], Path(rows[1]["path"]).parent) == (None, place)
    assert only == rows[:1]
    header, row = done.out.splitlines()
    assert header.split() == ["take", "state", "model", "created", "cost", "prompt"]
    assert re.fullmatch(
        rf"{take}  done   studio/one  [\d-]{{10}} [\d:]{{5}}  free  A fox", row
    )


@pytest.mark.parametrize(
    ("charged", "text"),
    [
        ("no", "not charged"),
        ("unknown", "$0.40 counted, charge unknown"),
        ("yes", "$0.40 quoted"),
    ],
)
def test_a_take_that_failed_tells_whether_it_was_charged(
    command: Any, studio: Any, charged: Any, text: str
) -> None:
    command.install(studio=studio(price="0.40", script=[Failed("it rained", charged)]))
    assert command("generate", "A fox", "--yes", "--json").code == 4
    row = command("takes").out.splitlines()[1]

    assert row.endswith(f"  {text}  A fox")
    (cost,) = re.findall(r"(?m)^cost +(.*)$", command("show", row[:6]).out)
    assert cost == text


def test_takes_of_a_state_that_none_has(command: Any) -> None:
    made(command)

    assert command("takes", "--state", "failed").err == "No take is failed.\n"


def test_show_tells_the_whole_story(command: Any, place: Path) -> None:
    take = made(command, "A fox\n\x1b[31mruns")
    out = command("show", take[:4]).out

    facts = dict(line.split(None, 1) for line in out.splitlines())
    assert facts["take"] == take
    assert facts["state"] == "done"
    assert facts["model"] == "studio/one: Studio One"
    assert facts["prompt"] == "A fox \\x1b[31mruns"
    assert facts["cost"] == "free"
    assert facts["clip"].startswith(str(place))
    assert facts["when"].split() == ["take", "state", "what", "by"]
    assert re.search(rf"done +clip on disk +{os.getpid()}@\S+\n", out)


def test_show_as_json_has_the_events(command: Any) -> None:
    take = made(command)
    document = command("show", take, "--json").document

    assert document["take"] == take
    assert list(document["events"][0]) == ["take", "at", "state", "note", "who"]
    assert document["events"][-1]["note"] == "clip on disk"
    assert document["receipt"] == f"{document['clip']['path']}.receipt.json"
    assert f"receipt  {document['receipt']}" in re.sub(
        r" +", "  ", command("show", take).out
    )


def test_show_tells_the_same_to_a_program_as_to_a_person(
    command: Any, studio: Any, failed: Any
) -> None:
    command.install(studio=studio(price="0.40", script=[failed]))
    args = ("--seconds", "4", "--ratio", "16:9", "--project", "film", "--yes")
    command("generate", "A fox", *args)
    (row,) = command("takes", "--json").document
    document = command("show", row["take"], "--json").document
    facts = re.sub(r"(?m) {2,}", " ", command("show", row["take"]).out)

    assert document["remote_id"] == row["remote_id"]
    assert f"job {row['remote_id']}\n" in facts
    assert document["created"] == row["created"]
    assert (document["project"], document["plugin"]) == ("film", "studio")
    assert "project film\n" in facts
    assert "asked for 4 s, 16:9\n" in facts
    assert document["next"] == "It was charged; asking again pays again."
    assert f"next {document['next']}\n" in facts
    assert document["receipt"] is None


def test_show_says_what_to_do_next(command: Any, studio: Any, failed: Any) -> None:
    command.install(studio=studio(price="0.40", script=[failed]))
    command("generate", "A fox", "--yes")
    take = command("takes", "--json").document[0]["take"]
    out = command("show", take).out

    assert "failed: the render farm burned down\n" in out
    assert "It was charged; asking again pays again.\n" in out
    assert "\nclip " not in out


def test_show_of_a_cancelled_take_says_whether_it_cost_anything(command: Any) -> None:
    command.studio.script = [Running(wait=60)]
    take = command("generate", "A fox", "--detach").out.strip()
    command("cancel", take)
    out = command("show", take).out

    assert "state   cancelled: cancelled on request\n" in out
    assert "\nnext    Nothing was charged; it is safe to ask again.\n" in out


def test_show_of_earlier_attempts(command: Any, studio: Any) -> None:
    command.install(first=studio("first", refuses="no foxes"), second=studio("second"))
    take = made(command)
    out = command("show", take).out

    assert "earlier  first/one refused: no foxes (charged: no)\n" in out


def test_show_of_a_take_that_was_never_accepted(command: Any, studio: Any) -> None:
    command.install(studio=studio(refuses="no foxes"))
    command("generate", "A fox")
    take = command("takes", "--json").document[0]["take"]
    out = command("show", take).out

    assert "\njob " not in out
    assert "refused: no foxes" in out


def test_cancel(command: Any) -> None:
    command.studio.script = [Running(wait=60)] * 2
    first = command("generate", "A fox", "--detach").out.strip()
    second = command("generate", "A hare", "--detach").out.strip()
    done = command("cancel", first)
    document = command("cancel", second, "--json").document

    assert (done.code, done.out) == (0, f"Take {first} is cancelled.\n")
    assert document["state"] == "cancelled"
    assert document["cancellation"] == "cancelled"


@pytest.mark.parametrize(
    ("outcome", "code", "word", "said"),
    [
        (
            Cancellation.REQUESTED,
            6,
            "still-running",
            "Take {0} on studio/one was asked to stop, but may still finish, and bill.",
        ),
        (
            Cancellation.UNSUPPORTED,
            4,
            "refused",
            "studio cannot cancel Take {0} on studio/one; it goes on.",
        ),
    ],
)
def test_cancel_says_what_became_of_it(
    command: Any, outcome: Cancellation, code: int, word: str, said: str
) -> None:
    command.studio.script = [Running(wait=60)]
    command.studio.cancels = outcome
    take = command("generate", "A fox", "--detach").out.strip()
    done = command("cancel", take, "--json")

    assert done.code == code
    assert set(done.document["error"]) == ERROR_KEYS
    assert done.document["error"]["code"] == word
    assert done.document["error"]["message"] == said.format(take)


def test_cancel_of_a_take_of_which_nobody_knows(command: Any, vendor: Any) -> None:
    command.install(vendor=vendor)
    lost = command("generate", "A fox", "--yes", "--json", "--wait", "5")
    take = lost.document["error"]["take"]
    done = command("cancel", take)

    assert done.code == 4
    assert done.err == (
        f"error: Take {take} on vendor/film cannot be cancelled while it is"
        " uncertain: nobody knows whether there is a job to stop.\n"
        f"next: It is not sent again. `shotcaller resume {take}` looks for it, where"
        " the gateway can be asked, with `--wait 60` for a minute; `shotcaller adopt"
        f" {take} ID` takes your word for which job it is, `shotcaller retake {take}`"
        f" pays anew, `shotcaller discard {take}` gives it up.\n"
    )


def test_cancel_of_what_the_gateway_says_is_over(command: Any, studio: Any) -> None:
    late = Cancellation.TOO_LATE
    command.install(studio=studio(script=[Running(wait=60)], cancels=late))
    take = command("generate", "A fox", "--detach").out.strip()
    done = command("cancel", take)

    assert (done.code, done.out) == (4, "")
    assert done.err == (
        f"error: Take {take} on studio/one cannot be stopped any more: studio says that"
        " it is over.\n"
        f"next: `shotcaller resume {take}` fetches how it ended.\n"
    )


@pytest.mark.parametrize(("price", "paid"), [("0", ""), ("0.40", " and billed")])
def test_what_is_finished_is_not_cancelled_any_more(
    command: Any, studio: Any, price: str, paid: str
) -> None:
    command.install(studio=studio(price=price))
    take = command("generate", "A fox", "--yes", "--json").document["take"]
    done = command("cancel", take)

    assert (done.code, done.out) == (4, "")
    assert done.err == (
        f"error: Take {take} on studio/one is finished{paid}: there is nothing left to"
        " cancel.\n"
        f"next: `shotcaller resume {take}` brings the clip.\n"
    )


def test_cancel_comes_too_late(command: Any, studio: Any, failed: Any) -> None:
    command.install(studio=studio(script=[failed]))
    take = command("generate", "A fox", "--json").document["error"]["take"]
    done = command("cancel", take)

    assert (done.code, done.out) == (4, "")
    assert done.err == (
        f"error: Take {take} on studio/one is over already: it is failed.\n"
        f"next: `shotcaller show {take}` says more.\n"
    )


@pytest.mark.parametrize("name", ["show", "resume", "cancel"])
def test_an_unknown_take_is_named(command: Any, name: str) -> None:
    done = command(name, "beef")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: take: the journal has no take 'beef'.\n"
        "next: `shotcaller takes` lists them.\n"
    )
