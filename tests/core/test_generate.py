"""A shot becomes a clip over real HTTP: what is sent, recorded, joined, delivered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import (
    BadInput,
    Brief,
    Kind,
    Media,
    Shot,
    Shotcaller,
    State,
    StillRunning,
)
from shotcaller.plugin import Upload
from tests.core.mp4 import movie
from tests.core.paper import GATEWAY, Paper
from tests.core.paper_server import PaperServer

SHOT = Shot("A paper boat", seconds=8, ratio="16:9", resolution="720p", sound=True)


def test_a_shot_becomes_a_clip_with_its_receipt(
    caller: Shotcaller, server: PaperServer
) -> None:
    clip = caller.generate(SHOT)

    data = Path(clip.path).read_bytes()
    assert data == server.clip
    assert clip.sha256 == hashlib.sha256(data).hexdigest()
    assert clip.bytes == len(data)
    assert (clip.seconds, clip.width, clip.height) == (8.0, 1280, 720)
    assert (clip.fps, clip.sound) == (24.0, True)
    assert clip.receipt.model == "paper/one"
    assert clip.receipt.title == "Paper one"
    assert clip.receipt.cost.quoted == Decimal("0.8000")
    assert str(clip.receipt.cost) == "$0.80 quoted"
    assert clip.receipt.warnings == ()
    assert [attempt.state for attempt in clip.receipt.attempts] == [State.DONE]


def test_the_clip_is_named_after_the_prompt_and_the_take(caller: Shotcaller) -> None:
    clip = caller.generate(SHOT)

    assert Path(clip.path).name == f"a-paper-boat-{clip.receipt.take[:8]}.mp4"
    assert Path(clip.path).parent.name == "clips"
    there = sorted(Path(clip.path).parent.iterdir())
    assert there == [Path(clip.path), Path(f"{clip.path}.receipt.json")]


def test_the_key_is_seen_by_the_api_and_not_by_the_media_host(
    caller: Shotcaller, server: PaperServer
) -> None:
    caller.generate(SHOT)

    keys = {asked.path: asked.headers.get("x-key") for asked in server.asked}
    assert keys == {
        "/jobs": "Key s3cret",
        "/jobs/job-1": "Key s3cret",
        "/clips/job-1.mp4": None,
    }


def test_the_key_is_nowhere_in_the_journal(caller: Shotcaller, tmp_path: Path) -> None:
    caller.generate(SHOT)

    for file in (tmp_path / "home").rglob("*"):
        assert file.is_dir() or b"s3cret" not in file.read_bytes()


def test_the_exact_request_and_the_raw_reply_are_recorded(
    caller: Shotcaller, server: PaperServer
) -> None:
    clip = caller.generate(SHOT)

    (take,) = caller.chain(clip.receipt.take)
    assert take.request is not None
    assert take.reply is not None
    assert take.request.json == json.loads(server.asked[0].body)
    assert take.request.headers == {}
    assert take.reply.body == b'{"id": "job-1"}'
    assert take.account == f"paper:PAPER_KEY@{server.url}"
    assert take.key == server.jobs["job-1"]["key"]


def test_the_story_is_told_by_events(caller: Shotcaller) -> None:
    clip = caller.generate(SHOT)

    story = [(str(e.state), e.note) for e in caller.events(clip.receipt.take)]
    assert story == [
        ("queued", "recorded"),
        ("queued", "prepared"),
        ("sending", "sending, attempt 1"),
        ("sending", "answered 200"),
        ("submitted", "accepted"),
        ("submitted", "drawing"),
        ("ready", "ready to be fetched"),
        ("done", "clip on disk"),
    ]


def test_observers_see_each_change(caller: Shotcaller, paper: Paper) -> None:
    caller.generate(SHOT)

    states = [take.state for take in paper.seen]
    assert states[0] is State.QUEUED
    assert states[-1] is State.DONE
    epochs = [take.epoch for take in paper.seen]
    assert epochs == sorted(epochs)


def test_a_repeated_request_returns_the_clip_and_pays_once(
    caller: Shotcaller, server: PaperServer
) -> None:
    first = caller.generate(SHOT)
    again = caller.generate(SHOT, Brief(budget="0.01", deadline=0))

    assert again.path == first.path
    assert server.billed == 1


def test_another_process_joins_the_running_take(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    take = make_caller().submit(SHOT)
    assert take.state is State.SUBMITTED

    clip = make_caller().generate(SHOT)

    assert clip.receipt.take == take.id
    assert server.billed == 1


def test_again_pays_again(caller: Shotcaller, server: PaperServer) -> None:
    first = caller.generate(SHOT)
    second = caller.generate(SHOT, Brief(again="2"))

    assert first.path != second.path
    assert server.billed == 2


def test_a_clip_whose_file_is_gone_is_fetched_again_and_not_bought_again(
    caller: Shotcaller, server: PaperServer
) -> None:
    first = caller.generate(SHOT)
    Path(first.path).unlink()

    second = caller.generate(SHOT)

    assert Path(second.path).read_bytes() == server.clip
    assert second.receipt.take == first.receipt.take
    assert server.billed == 1


def test_a_clip_whose_file_is_gone_for_good_is_lost(
    caller: Shotcaller, server: PaperServer
) -> None:
    first = caller.generate(SHOT)
    Path(first.path).unlink()
    server.states = ["failed-billed"]
    server.errors = {"failed-billed": "the clip was deleted"}

    with pytest.raises(Exception, match="the clip was deleted") as caught:
        caller.generate(SHOT)

    assert caught.value.charged == "yes"  # type: ignore[attr-defined]
    assert caller.chain(first.receipt.take)[-1].state is State.OUTPUT_LOST


def test_the_wait_can_end_before_the_take(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.states = ["drawing"] * 5 + ["done"]

    with pytest.raises(StillRunning) as caught:
        caller.generate(SHOT, Brief(deadline=3))

    take = caught.value.take
    assert take is not None
    assert str(caught.value) == (
        f"Take {take} on paper/one is still running (submitted)."
        f" It goes on; `shotcaller resume {take}` collects it without paying again."
    )
    assert caught.value.exit_code == 6

    clip = caller.resume(take[:6])
    assert clip.receipt.take == take
    assert server.billed == 1


def test_resume_knows_no_unknown_take(caller: Shotcaller) -> None:
    with pytest.raises(BadInput) as caught:
        caller.resume("nope")

    assert str(caught.value) == (
        "take: the journal has no take 'nope'. `shotcaller takes` lists them."
    )


def test_an_id_must_be_told_from_others(caller: Shotcaller) -> None:
    ids = []
    for number in range(18):
        brief = Brief(again=str(number))
        ids.append(caller.generate(SHOT, brief).receipt.take)
    first = next(i for i in ids if sum(other[0] == i[0] for other in ids) > 1)

    with pytest.raises(BadInput, match=f"take: '{first[0]}' could be .*"):
        caller.chain(first[0])
    with pytest.raises(BadInput, match="has no take ''"):
        caller.chain("")


def test_output_says_where_the_clip_goes(caller: Shotcaller, tmp_path: Path) -> None:
    wanted = tmp_path / "boat.mp4"

    clip = caller.generate(SHOT, output=str(wanted))

    assert clip.path == str(wanted)
    assert wanted.exists()


def test_output_may_be_a_path(caller: Shotcaller, tmp_path: Path) -> None:
    made = caller.generate(SHOT, output=tmp_path / "boat.mp4")
    again = caller.resume(made.receipt.take, output=tmp_path / "copy.mp4")

    assert made.path == str(tmp_path / "boat.mp4")
    assert again.path == str(tmp_path / "copy.mp4")


def test_a_joined_clip_is_copied_to_where_it_is_wanted(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    first = caller.generate(SHOT)

    second = caller.generate(SHOT, output=str(tmp_path / "copy.mp4"))
    third = caller.generate(
        SHOT, output=str(tmp_path / "copy.mp4").replace("copy", "b")
    )

    assert second.path == str(tmp_path / "copy.mp4")
    assert Path(second.path).read_bytes() == Path(first.path).read_bytes()
    assert Path(third.path).name == "b.mp4"
    assert server.billed == 1


def test_a_file_that_is_there_is_never_replaced(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    precious = tmp_path / "precious.mp4"
    precious.write_text("mine")

    with pytest.raises(BadInput) as caught:
        caller.generate(SHOT, output=str(precious))

    assert str(caught.value) == (
        f"output: '{precious}' exists already."
        " Choose another name, or move that file away."
    )
    assert precious.read_text() == "mine"
    assert server.asked == []
    assert caller.takes() == ()


def test_local_pictures_are_uploaded_before_the_submit(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    picture = tmp_path / "start.png"
    picture.write_bytes(PNG)

    clip = caller.generate(Shot("A boat", image=picture, references=[picture]))

    assert server.files == [PNG]
    assert server.jobs["job-1"]["image"] == "https://api.paper.test/files/1"
    assert server.routes("POST") == ["/files", "/jobs"]
    (take,) = caller.chain(clip.receipt.take)
    assert take.asked.image is not None
    assert take.asked.image.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (take.asked.image.width, take.asked.image.height) == (2, 3)


def test_a_video_to_go_on_from_is_measured_uploaded_and_known_by_its_content(
    make_caller: Callable[..., Shotcaller], server: PaperServer, tmp_path: Path
) -> None:
    films = Upload(Kind.VIDEO, 1_000_000)
    caller = make_caller(Paper(evolve(GATEWAY, uploads=(films,))))
    data = movie(3, 640, 360)
    for name in ("one.mp4", "other.mp4"):
        (tmp_path / name).write_bytes(data)

    clip = caller.generate(Shot("It sails on", extend=tmp_path / "one.mp4"))
    again = caller.generate(Shot("It sails on", extend=tmp_path / "other.mp4"))

    assert again.path == clip.path
    assert server.files == [data]
    (take,) = caller.takes()
    assert take.asked.extend == Media(
        str(tmp_path / "one.mp4"),
        Kind.VIDEO,
        hashlib.sha256(data).hexdigest(),
        len(data),
        640,
        360,
        "video/mp4",
        3.0,
    )
    assert take.sent is not None
    assert take.sent.extend == evolve(
        take.asked.extend, source="https://api.paper.test/files/1"
    )


def test_the_same_picture_by_another_name_joins(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(PNG)
        caller.generate(Shot("A boat", image=tmp_path / name))

    assert server.billed == 1


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03"
    b"\x08\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00IEND\xaeB`\x82"
)


def test_what_was_delivered_is_compared_with_what_was_asked(
    caller: Shotcaller, server: PaperServer
) -> None:
    from tests.core.mp4 import movie

    server.clip = movie(5, 640, 640, sound=False)

    clip = caller.generate(SHOT)

    assert clip.receipt.warnings == (
        "5.0 s were delivered, 8 s asked for",
        "640x640 was delivered, 720p asked for",
        "640x640 was delivered, the ratio 16:9 asked for",
        "no sound was delivered",
    )


def test_follow_yields_the_take_as_it_changes(caller: Shotcaller) -> None:
    states = [take.state for take in caller.follow(SHOT)]

    assert list(dict.fromkeys(states)) == [
        State.QUEUED,
        State.SENDING,
        State.SUBMITTED,
        State.READY,
        State.DONE,
    ]


def test_a_follower_that_leaves_early_loses_nothing(
    caller: Shotcaller, server: PaperServer
) -> None:
    run = caller.follow(SHOT)
    take = next(take for take in run if take.state is State.SUBMITTED)
    run.close()

    clip = caller.generate(SHOT)

    assert clip.receipt.take == take.id
    assert server.billed == 1


def test_polls_are_paced_by_what_has_passed(
    caller: Shotcaller, server: PaperServer, clock: object
) -> None:
    from tests.core.worlds import StepClock

    assert isinstance(clock, StepClock)
    server.states = ["drawing"] * 60 + ["done"]

    caller.generate(SHOT)

    first, *rest = clock.slept
    assert 2 <= first <= 3
    assert all(0.8 <= wait <= 12.0 for wait in rest if wait)
    assert max(rest) > 5
