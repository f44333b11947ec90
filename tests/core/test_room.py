"""Nothing is paid for a clip that could not be written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import Brief, Settings, Shot, Shotcaller, State, files
from shotcaller.errors import StillRunning
from tests.core.paper import GATEWAY, Paper
from tests.core.paper_server import PaperServer, say

SHOT = Shot("A paper boat")


@pytest.fixture
def fill(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Fills the disk, as far as a clip goes."""

    def full() -> None:
        free = shutil.disk_usage(settings.output or ".").free
        monkeypatch.setattr(files, "SPARE_BYTES", free + 2**40)

    return full


def queued(caller: Shotcaller, brief: Brief) -> str:
    for number in ("1", "2"):
        caller.submit(SHOT, Brief(again=number))
    *_, take = caller.follow(SHOT, evolve(brief, again="3", deadline=1))
    assert take.state is State.QUEUED
    return take.id


def done(caller: Shotcaller) -> None:
    for take in caller.takes([State.SUBMITTED]):
        caller.resume(take.id)


def test_a_take_that_waited_is_not_sent_onto_a_full_disk(
    caller: Shotcaller,
    server: PaperServer,
    fill: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take = queued(caller, Brief())
    done(caller)
    with monkeypatch.context() as patch:
        patch.setattr(files, "SPARE_BYTES", 2**60)
        with pytest.raises(StillRunning) as caught:
            caller.resume(take)

    told = str(caught.value)
    assert told.startswith(f"Take {take} on paper/one was not sent: output: ")
    assert "has too little room" in told
    assert told.endswith(
        f"Nothing was charged; `shotcaller resume {take}` sends it,"
        f" `shotcaller cancel {take}` drops it."
    )
    assert caught.value.charged == "no"
    assert server.submits == 2
    assert caller.resume(take).receipt.take == take


def test_an_heir_is_not_sent_onto_a_full_disk(
    caller: Shotcaller, server: PaperServer, fill: Callable[[], None]
) -> None:
    def refused(*_: object) -> tuple[int, dict[str, str], bytes]:
        fill()
        return 402, {}, b"{}"

    server.script["POST /jobs"] = [refused]
    with pytest.raises(StillRunning, match="paper/two was not sent: output: "):
        caller.generate(SHOT)

    assert server.submits == 1


def test_a_folder_that_is_gone_is_told_before_a_spend(
    caller: Shotcaller, server: PaperServer, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    take = queued(caller, Brief())
    done(caller)
    elsewhere = settings.output
    assert elsewhere is not None
    elsewhere.rename(tmp_path / "moved")

    with pytest.raises(StillRunning, match=f"{elsewhere} is not a folder"):
        caller.resume(take)
    assert server.submits == 2


def test_what_kept_a_take_waiting_is_no_end_of_its_submit(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Paper(evolve(GATEWAY, concurrency=None)))
    server.script["POST /jobs"] = [say(429)]
    seen = list(caller.follow(SHOT))
    sent = [take for take in seen if take.state is State.SENDING]

    assert [take.problem for take in sent if take.attempt == 2][:1] == [None]
