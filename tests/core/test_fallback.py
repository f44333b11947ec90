"""What is dead and surely uncharged is followed by the next candidate."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from shotcaller import (
    BadInput,
    Brief,
    Clip,
    Fallback,
    Refused,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    ShotcallerError,
    State,
    TakeFailed,
)
from shotcaller.budgets import Budgets
from shotcaller.plugin import Exchange, Model, Request, Ticket, hookimpl
from tests.core.paper import API, GATEWAY, Paper, model
from tests.core.paper_server import (
    PaperServer,
    Rule,
    accept_then_drop,
    accept_then_say,
    drop,
    say,
    serving,
)
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


def test_a_refused_take_falls_back_to_the_next_model(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(402)]

    clip = caller.generate(SHOT)

    attempts = [(a.model, a.state, a.charged) for a in clip.receipt.attempts]
    assert attempts == [
        ("paper/one", State.REFUSED, "no"),
        ("paper/two", State.DONE, "yes"),
    ]
    parent, heir = caller.chain(clip.receipt.take)
    assert parent.heir == heir.id
    assert heir.parent == parent.id
    assert heir.candidates == ()


def test_when_all_are_refused_the_last_refusal_is_told(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(402)] * 9

    with pytest.raises(Refused, match="on paper/two was refused"):
        caller.generate(SHOT)

    assert server.submits == 2


def test_no_fallback_is_taken_where_none_is_wanted(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(402)]

    with pytest.raises(Refused, match="on paper/one was refused"):
        caller.generate(SHOT, Brief(fallback=False))

    assert server.submits == 1


def test_refused_content_is_not_offered_elsewhere(
    caller: Shotcaller, server: PaperServer
) -> None:
    with pytest.raises(Refused, match="Paper does not draw that") as caught:
        caller.generate(Shot("a forbidden boat"))

    assert caught.value.reason == "content"
    helps = " Its content was turned down: change the prompt, or name another model."
    allowed = " `--content-fallback` lets another step in where nothing was charged."
    assert helps + allowed in caught.value.next
    alone = Brief(model="paper/one", content_fallback=True)
    with pytest.raises(Refused) as again:
        caller.generate(Shot("a forbidden boat"), alone)
    assert helps in again.value.next
    assert allowed not in again.value.next
    assert server.asked == []


@pytest.mark.parametrize("code", ["credit", "key"])
def test_what_holds_for_the_whole_account_is_not_tried_with_its_next_model(
    make_caller: Callable[..., Shotcaller], server: PaperServer, code: str
) -> None:
    class Locked(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            yield from Request("POST", f"{API}/jobs", json={})
            raise Refused("Paper wants money first.", reason=code)

    server.script["POST /jobs"] = [say(402)] * 2

    with pytest.raises(Refused, match="Paper wants money first"):
        make_caller(Locked()).generate(SHOT)

    assert server.routes("POST") == ["/jobs"]


def test_a_failure_that_cost_nothing_falls_back(
    caller: Shotcaller, server: PaperServer
) -> None:
    torn = {"id": "job-1", "state": "failed", "error": "out of paper"}
    server.script["GET /jobs/job-1"] = [say(200, torn)]

    clip = caller.generate(SHOT)

    assert [a.model for a in clip.receipt.attempts] == ["paper/one", "paper/two"]
    assert clip.receipt.attempts[0].reason == "out of paper"
    assert server.billed == 2


def test_a_failure_that_was_billed_never_falls_back(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.states = ["failed-billed"]
    server.errors = {"failed-billed": "it tore"}

    with pytest.raises(TakeFailed) as caught:
        caller.generate(SHOT)

    assert "failed: it tore." in str(caught.value)
    assert caught.value.next == "It was charged; asking again pays again."
    assert server.billed == 1


def test_after_a_dead_take_the_same_shot_is_a_new_take(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(422)]
    with pytest.raises(Refused):
        caller.generate(SHOT, ONE)

    clip = caller.generate(SHOT, ONE)

    assert len(clip.receipt.attempts) == 1
    assert len(caller.takes()) == 2


# -- who may step in


def test_a_brief_takes_true_and_false_for_any_and_none() -> None:
    assert Brief().fallback is Brief(fallback=True).fallback is Fallback.ANY
    assert Brief(fallback=False).fallback is Fallback.NONE
    assert Brief(fallback="same-model").fallback is Fallback.SAME_MODEL
    with pytest.raises(BadInput, match="fallback: 'maybe' is no fallback"):
        Brief(fallback="maybe")


def test_refused_content_is_offered_elsewhere_where_the_brief_says_so(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    class Prim(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            if model.id == "paper/one":
                raise Refused("Paper does not draw that.", reason="content")
            return (yield from super().shotcaller_submit(model, shot, key))

    caller = make_caller(Prim())
    with pytest.raises(Refused) as caught:
        caller.generate(SHOT)
    assert "--fallback` goes on with paper/two." in caught.value.next

    clip = caller.generate(SHOT, Brief(content_fallback=True, again="2"))

    assert [a.model for a in clip.receipt.attempts] == ["paper/one", "paper/two"]


def test_the_same_model_steps_in_at_another_gateway(
    settings: Settings, server: PaperServer, clock: StepClock
) -> None:
    class Card(Paper):
        def __init__(self) -> None:
            super().__init__(evolve(GATEWAY, id="card", credentials=()))
            others = {"card/one": "papermaker", "card/two": "somebody"}
            self.models = [
                evolve(model("x", quality=0.1), id=id_, maker=maker)
                for id_, maker in others.items()
            ]

    urls = {**settings.urls, "card": server.url}
    registry = Registry({"paper": Paper(), "card": Card()})
    server.script["POST /jobs"] = [say(402)] * 2
    known = evolve(settings, urls=urls)
    with Shotcaller(settings=known, registry=registry, clock=clock) as caller:
        with pytest.raises(Refused, match="on card/one was refused"):
            caller.generate(SHOT, Brief(fallback="same-model"))
        (first, last) = caller.chain(caller.takes()[0].id)

    assert (first.model, last.model) == ("paper/one", "card/one")
    assert last.candidates == ()


def test_after_the_deadline_nobody_steps_in_until_asked_again(
    caller: Shotcaller, server: PaperServer, clock: StepClock
) -> None:
    def late(server: PaperServer, asked: Any) -> Any:
        clock.time += 11
        return say(402)(server, asked)

    server.script["POST /jobs"] = [late]

    with pytest.raises(Refused) as caught:
        caller.generate(SHOT, Brief(deadline=10))

    assert server.submits == 1
    clip = caller.resume(str(caught.value.take))
    assert [a.model for a in clip.receipt.attempts] == ["paper/one", "paper/two"]


def test_somebody_has_to_ask_for_who_steps_in(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(402)]
    with pytest.raises(Refused) as caught:
        caller.generate(SHOT, Brief(fallback="ask"))
    take = str(caught.value.take)

    with pytest.raises(Refused):
        caller.resume(take)
    clip = caller.resume(take, fallback=True)

    assert [a.model for a in clip.receipt.attempts] == ["paper/one", "paper/two"]
    assert server.submits == 2


def test_a_gateway_that_is_left_alone_does_not_step_in(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    class Locked(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            yield from Request("POST", f"{API}/jobs", json={})
            raise Refused("Paper wants money first.", reason="credit")

    caller, other = make_caller(), make_caller(Locked())

    def meanwhile(server: PaperServer, asked: Any) -> Any:
        with pytest.raises(Refused):
            other.generate(SHOT, Brief(model="paper/two"))
        return say(422)(server, asked)

    server.script["POST /jobs"] = [meanwhile, say(402)]

    with pytest.raises(Refused, match="on paper/one was refused"):
        caller.generate(SHOT)
    assert server.submits == 2


ANSWERS: dict[str, Rule | None] = {
    "accepted": None,
    "no": say(402),
    "input": say(422),
    "busy": say(429),
    "lost": accept_then_drop,
    "dropped": drop,
    "broken": accept_then_say(500),
}


@examples(max_examples=30, deadline=None)
@given(
    answers=st.lists(st.sampled_from(sorted(ANSWERS)), max_size=6),
    ends=st.sampled_from(["done", "failed", "failed-billed"]),
    rates=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    budget=st.none() | st.integers(10, 200),
    day=st.none() | st.integers(10, 200),
    deadline=st.none() | st.integers(0, 20),
    fallback=st.sampled_from(Fallback),
)
def test_whatever_happens_nobody_steps_in_for_what_may_live(  # noqa: PLR0917  what is drawn
    answers: list[str],
    ends: str,
    rates: list[int],
    budget: int | None,
    day: int | None,
    deadline: int | None,
    fallback: Fallback,
) -> None:
    """Never a candidate twice, never beyond budget or deadline, nothing unreported."""
    clock, paper = StepClock(), Paper()
    paper.models = [
        model(f"m{n}", str(Decimal(rate) / 100), quality=n / 9)
        for n, rate in enumerate(rates)
    ]
    with tempfile.TemporaryDirectory() as folder, serving(PaperServer()) as server:
        server.states, server.errors = ["drawing", ends], {ends: "it tore"}
        for answer in answers:
            rule = ANSWERS[answer] or PaperServer.answer
            server.script.setdefault("POST /jobs", []).append(rule)
        environ = {"SHOTCALLER_PAPER_URL": server.url, "PAPER_KEY": "s3cret"}
        known = Settings.load(Path(folder, "home"), environ)
        limits = Budgets(day=None if day is None else Decimal(day) / 100)
        known = evolve(known, output=Path(folder), budgets=limits)
        registry = Registry({"paper": paper})
        brief = Brief(
            budget=None if budget is None else Decimal(budget) / 100,
            deadline=deadline,
            fallback=fallback,
        )
        began = clock.time
        with Shotcaller(settings=known, registry=registry, clock=clock) as caller:
            try:
                outcome: Clip | ShotcallerError = caller.generate(SHOT, brief)
            except ShotcallerError as error:
                outcome = error
            takes = caller.takes()
            chain = list(caller.chain(takes[0].id)) if takes else []
            left = caller.budgets()

    assert len(chain) == len(takes)
    models = [take.model for take in chain]
    assert len(set(models)) == len(models)
    for take in chain[:-1]:
        assert take.state in {State.REFUSED, State.FAILED}
        assert take.problem is not None
        assert take.problem.charged == "no"
    held = [take.quote.high or 0 for take in chain[-1:]]
    caps = [cap for cap in (budget, day) if cap is not None]
    assert all(sum(held) * 100 <= cap for cap in caps)
    assert all(one.spent + one.reserved <= one.limit.usd for one in left)
    heirs = [take.created for take in chain[1:]]
    assert deadline is None or all(at <= began + deadline for at in heirs)
    assert fallback is Fallback.ANY or len(chain) <= 1
    if isinstance(outcome, Clip):
        assert outcome.receipt.take == chain[-1].id
        assert [a.take for a in outcome.receipt.attempts] == [t.id for t in chain]
    elif chain:
        assert outcome.take == chain[-1].id
