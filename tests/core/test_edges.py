"""The corners of the programs: what is gone, new, local, or says nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from shotcaller import (
    BadInput,
    Brief,
    PluginError,
    Refused,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    StillRunning,
)
from shotcaller.plugin import (
    Request,
    hookimpl,
)
from shotcaller.programs.generating import resume
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer, drop, say
from tests.core.test_generate import PNG
from tests.core.worlds import StepClock, performed

SHOT = Shot("A paper boat")

ONE = Brief(model="paper/one")


def test_an_upload_without_answer_is_tried_again_and_then_left(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    picture = tmp_path / "start.png"
    picture.write_bytes(PNG)
    server.script["POST /files"] = [say(503)] * 3
    shot = Shot("A boat", image=picture, last_image=picture)

    caller.generate(shot, ONE)
    assert server.routes("POST").count("/files") == 4

    server.script["POST /files"] = [say(503)] * 99
    with pytest.raises(Refused, match="paper answered 503"):
        caller.generate(Shot("Another boat", image=picture), ONE)
    assert server.billed == 1


def test_a_picture_by_address_is_not_uploaded(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    picture = tmp_path / "end.png"
    picture.write_bytes(PNG)
    url = "https://pictures.test/start.png"

    caller.generate(Shot("A boat", image=url, last_image=picture), ONE)
    caller.generate(Shot("A boat", references=[url]), ONE)

    assert server.files == [PNG]
    assert server.jobs["job-1"]["image"] == url


def test_a_gateway_without_credentials_is_asked_as_it_is(
    settings: Settings, clock: StepClock, server: PaperServer
) -> None:
    paper = Paper(evolve(Paper().gateway, credentials=()))
    registry = Registry({"paper": paper})
    with Shotcaller(settings=settings, registry=registry, clock=clock) as caller:
        caller.generate(SHOT)

    assert all("x-key" not in asked.headers for asked in server.asked)


@pytest.mark.parametrize("kind", ["asyncio", "trio"])
def test_a_key_that_cannot_be_made_sends_nothing_in_async_either(
    kind: str, make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    from shotcaller.effects import Send, Unsent

    class Keyless(Paper):
        @hookimpl
        def shotcaller_authorize(self, *_: object, **__: object) -> Request:
            raise LookupError("no clock")

    def program() -> Any:
        return (yield from Send("paper", Request("GET", "https://api.paper.test/x")))

    answer = performed(kind, make_caller(Keyless())._world, program())

    assert answer == Unsent("it could not be authorized (LookupError)")
    assert server.asked == []


def test_a_take_is_found_by_what_was_asked_for(caller: Shotcaller) -> None:
    assert caller.find(SHOT) is None
    take = caller.submit(SHOT)

    found = caller.find(SHOT)

    assert found is not None
    assert found.id == take.id
    assert caller.find(SHOT, Brief(again="2")) is None


@pytest.mark.parametrize("patience", [-1, float("nan"), True])
def test_patience_is_a_number_of_seconds(caller: Shotcaller, patience: float) -> None:
    take = caller.submit(SHOT)
    with pytest.raises(BadInput, match=f"patience: {patience}"):
        caller.resume(take.id, patience=patience)


def test_resume_of_nothing_says_so(caller: Shotcaller) -> None:
    program = resume(caller.setup.context(), "nope", None)
    with pytest.raises(BadInput, match="the journal has no take 'nope'"):
        performed("sync", caller._world, program)


def test_resume_puts_the_clip_where_it_is_wanted(
    caller: Shotcaller, tmp_path: Path
) -> None:
    take = caller.submit(SHOT)

    clip = caller.resume(take.id, output=str(tmp_path / "here.mp4"))
    again = caller.resume(take.id, output=str(tmp_path / "here.mp4"))

    assert clip.path == again.path == str(tmp_path / "here.mp4")
    assert Path(clip.path).exists()


def test_a_take_that_was_only_queued_cost_nothing(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(429)] * 9
    with pytest.raises(StillRunning) as caught:
        caller.generate(SHOT, evolve(ONE, deadline=1))

    assert caught.value.charged == "no"


def test_submit_waits_until_the_gateway_has_taken_it(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(429)]

    assert caller.submit(SHOT).state is State.SUBMITTED


def test_a_take_that_may_have_been_sent_may_cost(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.states = ["drawing"]
    with pytest.raises(StillRunning) as caught:
        caller.generate(SHOT, evolve(ONE, deadline=1))

    assert caught.value.charged == "unknown"


def test_a_step_that_fails_lets_its_take_go(
    make_caller: Callable[..., Shotcaller], settings: Settings, clock: StepClock
) -> None:
    take = make_caller().submit(SHOT)
    with (
        Shotcaller(settings=settings, registry=Registry(), clock=clock) as other,
        pytest.raises(PluginError),
    ):
        other.resume(take.id)

    (left,) = make_caller().chain(take.id)
    assert left.owner is None


def test_what_needs_no_journal_opens_none(settings: Settings, clock: StepClock) -> None:
    registry = Registry({"paper": Paper()})
    with Shotcaller(settings=settings, registry=registry, clock=clock) as caller:
        assert [gateway.id for gateway in caller.gateways()] == ["paper"]
        assert [model.id for model in caller.models()] == ["paper/one", "paper/two"]
        assert [row.name for row in caller.plugins()] == ["paper"]
        assert [account.ready for account in caller.accounts()] == [True]
        assert caller.rank(SHOT).candidates[0].model == "paper/one"

    assert not settings.home.exists()


def test_watch_is_told_of_each_change(caller: Shotcaller) -> None:
    states: list[State] = []
    caller.generate(SHOT, watch=lambda take: states.append(take.state))
    assert states[0] is State.QUEUED
    assert states[-1] is State.DONE


def test_a_lost_connection_before_the_first_byte_is_no_loss(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["GET /jobs/job-1"] = [drop]
    assert caller.generate(SHOT).receipt.attempts[0].state is State.DONE
