"""Whatever goes wrong, a job is one job: billed once at most, and never younger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shotcaller.plugin import Request, Response
from shotcaller_emulator.fal import KEY, TROUBLES, Fal, Fate, Pace, weather
from shotcaller_emulator.fal.checking import check
from shotcaller_emulator.fal.clips import film
from shotcaller_emulator.outcomes import Later
from shotcaller_fal.catalogue import endpoints

START = datetime(2026, 11, 25, tzinfo=UTC)
QUEUE = "https://queue.fal.run/fal-ai/veo3.1"
AUTH = {"authorization": f"Key {KEY}"}
ORDER = ["queued", "running", "over"]
OVER = {"done", "failed", "cancelled"}

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["submit", "status", "result", "cancel", "download", "run"]),
        st.floats(0, 40),
    ),
    max_size=25,
)


def played(fal: Fal, steps: list[tuple[str, float]]) -> list[list[str]]:
    """Asks so at such intervals; returns the states of all jobs after each step."""
    now = START
    seen: list[list[str]] = []
    for step, seconds in steps:
        now += timedelta(seconds=seconds)
        last = ([line.request_id for line in fal.ledger] or ["nobody"])[-1]
        base = f"{QUEUE}/requests/{last}"
        files = [*fal.account.files, "/files/b/0/none"]
        method, url = {
            "submit": ("POST", QUEUE),
            "run": ("POST", "https://fal.run/fal-ai/veo3.1"),
            "status": ("GET", f"{base}/status"),
            "result": ("GET", base),
            "cancel": ("PUT", f"{base}/cancel"),
            "download": ("GET", f"https://v3b.fal.media{files[0]}"),
        }[step]
        body = {"prompt": "a fox"} if method == "POST" else None
        outcome = fal.answer(Request(method, url, headers=AUTH, json=body), now)
        while isinstance(outcome, Later):
            now += timedelta(seconds=outcome.seconds)
            outcome = outcome.resume(now)
        seen.append([line.state for line in fal.ledger_at(now)])
    return seen


@given(steps=STEPS, seed=st.integers(0, 10**6), rate=st.floats(0, 1))
def test_a_job_is_billed_at_most_once_and_only_if_it_ran(
    steps: list[tuple[str, float]], seed: int, rate: float
) -> None:
    fal = Fal(lambda film: b"film", pace=Pace(2, 30), faults=weather(seed, rate))
    seen = played(fal, steps)
    submits = sum(step in {"submit", "run"} for step, _ in steps)

    assert len(fal.settled) <= submits
    assert len({line.request_id for line in fal.settled}) == len(fal.settled)
    for line in fal.settled:
        assert line.state in OVER
        price = Decimal("3.2")
        assert line.billed in ({price} if line.state == "done" else {Decimal(0), price})
        assert line.state != "failed" or line.billed == 0
    assert fal.billed == sum(line.billed for line in fal.settled)
    assert all(len(states) <= len(fal.settled) for states in seen)


@given(steps=STEPS, seed=st.integers(0, 10**6))
def test_a_job_never_gets_younger(steps: list[tuple[str, float]], seed: int) -> None:
    fal = Fal(lambda film: b"film", pace=Pace(5, 30), faults=weather(seed, 0.3))
    seen = played(fal, steps)
    for before, after in pairwise(seen):
        for was, then in zip(before, after, strict=False):
            old = "over" if was in OVER else was
            new = "over" if then in OVER else then
            assert ORDER.index(new) >= ORDER.index(old)
            assert old != "over" or was == then


@given(steps=STEPS, seed=st.integers(0, 10**6))
def test_the_same_requests_at_the_same_times_get_the_same_ledger(
    steps: list[tuple[str, float]], seed: int
) -> None:
    def ledger() -> Any:
        chance = weather(seed, 0.3)
        fal = Fal(lambda film: b"film", seed=seed, faults=chance)
        played(fal, steps)
        return fal.settled

    assert ledger() == ledger()


@given(
    queued=st.floats(0, 100),
    running=st.floats(0, 100),
    ahead=st.integers(0, 10_000),
    polls=st.lists(st.floats(0, 20), max_size=20),
)
def test_the_position_in_the_queue_never_grows(
    queued: float, running: float, ahead: int, polls: list[float]
) -> None:
    fal = Fal(lambda film: b"film")
    fal.script("job", Fate(queued=queued, running=running, ahead=ahead))
    now, seen = START, [ahead]
    fal.answer(Request("POST", QUEUE, headers=AUTH, json={"prompt": "a"}), now)
    id_ = fal.ledger[0].request_id
    for seconds in polls:
        now += timedelta(seconds=seconds)
        url = f"{QUEUE}/requests/{id_}/status"
        said = fal.answer(Request("GET", url, headers=AUTH), now)
        assert isinstance(said, Response)
        body: Any = said.json()
        seen.append(body.get("queue_position", 0))

    assert seen == sorted(seen, reverse=True)


SCALARS = st.sampled_from([None, True, 0, -1, 5, 10**9, 1.5, "", "5", "9:16", "720p"])
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.fixed_dictionaries({"x": SCALARS})


@st.composite
def inputs(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draws an endpoint and what somebody may send to it."""
    name = draw(st.sampled_from(sorted(endpoints())))
    known = sorted(endpoints()[name].input["properties"])
    sent = st.dictionaries(st.sampled_from([*known, "unknown"]), VALUES, max_size=5)
    return name, draw(sent)


@given(asked=inputs())
def test_whatever_is_sent_as_input_is_judged(asked: tuple[str, dict[str, Any]]) -> None:
    endpoint, sent = endpoints()[asked[0]], asked[1]
    found = check(endpoint, sent)

    assert all(each["loc"][0] == "body" for each in found)  # type: ignore[index]
    assert all(each["type"] and each["msg"] for each in found)
    if not found:
        made = film(endpoint, sent, 0)
        assert made.width % 2 == made.height % 2 == 0
        assert 0 < made.seconds <= 60
        assert made.frames >= 1


def test_the_names_of_troubles_are_known_to_the_weather() -> None:
    assert set(weather(0).known) == {trouble.route for trouble in TROUBLES.values()}
