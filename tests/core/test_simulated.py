"""The made-up world: real programs, virtual time, and whatever is to go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field

from shotcaller import Brief, JournalError, Registry, Shot, State, Take, Uncertain
from shotcaller.accounts import account
from shotcaller.drivers.simulated import (
    Crashed,
    Mishap,
    SimulatedDriver,
    Step,
    Trouble,
    VirtualClock,
    calm,
)
from shotcaller.drivers.world import World
from shotcaller.effects import Claim, Fetch, Lost, Move, Send, Sleep, Unsent
from shotcaller.journal import SQLiteJournal
from shotcaller.plugin import Request, Response, Secret
from shotcaller.programs.context import Context
from shotcaller.programs.generating import generate
from shotcaller.wire import Effect
from tests.core.mp4 import movie
from tests.core.paper import API, Paper
from tests.core.pictures import png
from tests.simulation.gateways import Pencil

SHOT, ONE = Shot("A paper boat"), Brief(model="paper/one")
MEDIA = "https://media.paper.test"
KEYS = {"PAPER_KEY": Secret("s3cret")}


@define
class Network:
    """Is Paper's API as a function; ``asked`` is what came, and when."""

    media: dict[str, Response] = field(factory=dict)
    asked: list[tuple[Request, float]] = field(factory=list)
    url: str = f"{MEDIA}/1.mp4"

    def __call__(self, request: Request, now: datetime) -> Response | Lost | Unsent:
        self.asked.append((request, now.timestamp()))
        match request.method, request.url.removeprefix(API):
            case "POST", "/jobs":
                return _json({"id": "job-1"})
            case "POST", "/files":
                return _json("https://files.paper.test/1")
            case "GET", "/jobs/job-1":
                return _json({"id": "job-1", "state": "done", "url": self.url})
            case "GET", url if url in self.media:
                return self.media[url]
        return Lost("nobody is there")

    @property
    def posts(self) -> int:
        return sum(request.url == f"{API}/jobs" for request, _ in self.asked)


def _json(body: Any) -> Response:
    return Response(200, {}, json.dumps(body).encode())


@define
class Home:
    """Is where a driver finds plugin, account, journal and clock."""

    world: World
    context: Context
    folder: Path

    def driver(self, network: Network, trouble: Trouble = calm) -> SimulatedDriver:
        return SimulatedDriver(self.world, network, trouble)

    def program(self, shot: Shot = SHOT, brief: Brief = ONE) -> Any:
        return generate(self.context, shot, brief, folder=str(self.folder))

    def take(self) -> Take:
        (take,) = self.world.journal.takes(tuple(State), 2)
        return take


@pytest.fixture
def network() -> Network:
    return Network({f"{MEDIA}/1.mp4": Response(200, {}, movie(5))})


@pytest.fixture
def home(tmp_path: Path, paper: Paper) -> Generator[Home, None, None]:
    registry = Registry({"paper": paper})
    accounts = {one.id: account(one, KEYS, None) for one in registry.gateways}
    clock = VirtualClock()
    journal = SQLiteJournal(tmp_path / "home", now=clock.now)
    scratch = tmp_path / "scratch"
    world = World(registry, accounts, KEYS, journal, scratch, clock)
    folder = tmp_path / "clips"
    folder.mkdir()
    yield Home(world, Context(registry, accounts, {}, date(2026, 11, 2)), folder)
    journal.close()


def at(kind: Callable[[Effect[Any]], bool], mishap: Mishap) -> Trouble:
    """Lets a mishap happen to the first effect of a kind."""
    left = [mishap]

    def trouble(effect: Effect[Any]) -> Mishap | None:
        return left.pop() if left and kind(effect) else None

    return trouble


def spend(effect: Effect[Any]) -> bool:
    return isinstance(effect, Send) and effect.spend


def recording(effect: Effect[Any]) -> bool:
    return isinstance(effect, Move) and effect.to.reply is not None


def test_a_clip_is_made_without_waiting(home: Home, network: Network) -> None:
    started = home.world.clock.now()
    (take,) = home.driver(network).finish(home.program())

    assert take.state is State.DONE
    assert take.footage is not None
    assert Path(take.footage.path).read_bytes() == movie(5)
    sent, when = network.asked[0]
    assert sent.headers == {
        "X-Key": "Key s3cret",
        "Content-Type": "application/json",
    }
    assert json.loads(sent.content)["prompt"] == SHOT.prompt  # type: ignore[arg-type]
    assert when == started
    assert network.asked[1][1] == started + 2


def test_each_step_tells_its_effect_and_the_take_that_it_changed(
    home: Home, network: Network
) -> None:
    steps = []
    for step in home.driver(network).run(home.program()):
        steps.append(step)
        home.world.clock.sleep(0 if step.until is None else 60)

    changed = [step.changed.state for step in steps if step.changed]
    assert changed[:4] == ["queued", "queued", "sending", "sending"]
    assert changed[-3:] == ["submitted", "ready", "done"]
    first = next(step for step in steps if step.until is not None)
    assert isinstance(first.effect, Sleep)
    assert first.outcome.answer is None


def test_the_asynchronous_wait_takes_no_time_either() -> None:
    clock = VirtualClock(5.0)
    with pytest.raises(StopIteration):
        clock.asleep(3.0).send(None)
    assert clock.now() == 8.0


def test_a_file_is_sent_as_its_bytes(
    home: Home, network: Network, tmp_path: Path
) -> None:
    picture = tmp_path / "boat.png"
    picture.write_bytes(png(640, 360))
    home.driver(network).finish(home.program(Shot("A boat", image=str(picture))))

    sent, _ = network.asked[0]
    assert sent.url == f"{API}/files"
    assert sent.content == picture.read_bytes()


def test_a_reply_may_be_lost_before_or_after_the_gateway_acted(
    home: Home, network: Network
) -> None:
    for again, performed, posts in [("", False, 0), ("2", True, 1)]:
        trouble = at(spend, Mishap(Lost("reset"), performed))
        brief = Brief(model="paper/one", again=again)
        (take,) = home.driver(network, trouble).finish(home.program(brief=brief))

        assert take.state is State.UNCERTAIN
        assert network.posts == posts


def test_what_an_effect_raises_is_told_to_the_program(
    home: Home, network: Network
) -> None:
    trouble = at(recording, Mishap(JournalError("The disk is full.")))
    with pytest.raises(Uncertain, match="could not be recorded"):
        home.driver(network, trouble).finish(home.program())

    assert home.take().owner is None


def test_a_spend_does_not_begin_where_it_cannot_be_recorded(
    home: Home, network: Network
) -> None:
    def begins(effect: Effect[Any]) -> bool:
        return isinstance(effect, Move) and effect.to.state is State.SENDING

    trouble = at(begins, Mishap(JournalError("The disk is full.")))
    with pytest.raises(JournalError, match="The disk is full"):
        home.driver(network, trouble).finish(home.program())

    assert network.posts == 0


def test_the_dead_record_nothing_and_let_go_of_nothing(
    home: Home, network: Network
) -> None:
    trouble = at(recording, Mishap(Crashed()))
    with pytest.raises(Crashed):
        home.driver(network, trouble).finish(home.program())

    assert home.take().state is State.SENDING
    assert home.take().reply is None
    assert home.take().owner is not None


def test_a_spend_that_is_interrupted_is_recorded_first(
    home: Home, network: Network
) -> None:
    for count in (1, 2):
        brief = Brief(model="paper/one", again=str(count))
        run = home.driver(network).run(home.program(brief=brief))
        _until(run, spend if count == 2 else _sending)
        run.close()

        take = home.world.journal.takes((State.SENDING,), 1)[0]
        assert take.reply is not None
        assert take.owner is None
        assert network.posts == count


def test_a_spend_that_was_held_up_does_not_leave(home: Home, network: Network) -> None:
    run = home.driver(network).run(home.program())
    _until(run, _sending)
    home.world.clock.sleep(3_600)
    step = next(run)

    assert step.outcome.answer == Unsent("it was held up for too long to be sent")
    assert network.posts == 0


def test_a_run_that_is_left_lets_go_of_its_take(home: Home, network: Network) -> None:
    run = home.driver(network).run(home.program())
    _until(run, lambda effect: isinstance(effect, Claim))
    assert home.take().owner is not None
    run.close()

    assert home.take().owner is None


def _sending(effect: Effect[Any]) -> bool:
    return isinstance(effect, Move) and effect.to.state is State.SENDING


def _until(
    run: Generator[Step, None, Any], kind: Callable[[Effect[Any]], bool]
) -> None:
    while not kind(next(run).effect):
        pass


@pytest.mark.parametrize(
    ("media", "why"),
    [
        ({}, "nobody is there"),
        ({"1": Response(503)}, "media.paper.test answered 503 for the clip"),
        (
            {"1": Response(302, {"location": f"{MEDIA}/1.mp4"})},
            "the clip's link was redirected more than 3 times",
        ),
        ({"1": Response(404)}, "the clip's link at media.paper.test answered 404"),
    ],
)
def test_a_clip_that_does_not_come_is_judged_as_on_the_network(
    home: Home, network: Network, media: dict[str, Response], why: str
) -> None:
    network.media = {f"{MEDIA}/{name}.mp4": reply for name, reply in media.items()}
    run = home.driver(network).run(home.program())
    while not isinstance((step := next(run)).effect, Fetch):
        home.world.clock.sleep(0 if step.until is None else 60)

    assert step.outcome.answer.message == why


def test_a_request_that_cannot_be_authorized_does_not_leave(
    home: Home, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(Registry, "authorize", broken)
    run = home.driver(network).run(home.program())
    while not isinstance((step := next(run)).effect, Send):
        pass

    assert step.outcome.answer == Unsent("it could not be authorized (ArithmeticError)")
    assert network.asked == []


def test_a_calm_world_has_no_mishaps() -> None:
    assert calm(Sleep(1.0)) is None


def test_a_clip_that_was_made_on_this_machine_is_copied(
    home: Home, network: Network
) -> None:
    clip = movie(5)
    registry = Registry({"pencil": Pencil(clip)})
    accounts = {one.id: account(one, {}, None) for one in registry.gateways}
    world = evolve(home.world, registry=registry, accounts=accounts, keys={})
    context = Context(registry, accounts, {}, date(2026, 11, 2))
    program = generate(context, SHOT, Brief(), folder=str(home.folder))

    (take,) = SimulatedDriver(world, network).finish(program)

    assert take.footage is not None
    assert Path(take.footage.path).read_bytes() == clip
    assert network.asked == []
