from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from attrs import evolve

from shotcaller.catalog import Model, Vote
from shotcaller.errors import PluginError
from shotcaller.hookspecs import hookimpl
from shotcaller.registry import Registry
from shotcaller.secret import Secret
from shotcaller.shot import Brief, Kind, Media, Shot
from shotcaller.take import Cancellation, Running, Take, Ticket
from shotcaller.wire import Exchange, Request
from tests.core import offers
from tests.core.plugins import NOW, SHOT, Able, Audit, Paper, run, take, without


@pytest.fixture(params=[("paper", "stone"), ("stone", "paper")])
def two(request: pytest.FixtureRequest) -> Registry:
    """Has two gateways, registered in one order and in the other."""
    return Registry({name: Able(name) for name in request.param})


@pytest.mark.parametrize("name", ["paper", "stone"])
def test_each_question_goes_to_the_owner_whatever_the_order(
    two: Registry, name: str
) -> None:
    model, ticket = two.model(f"{name}/one"), Ticket(name, f"{name}/one", "r")
    (gateway,) = [gateway for gateway in two.gateways if gateway.id == name]
    assert model is not None

    asked, submitted = run(two.submit(model, SHOT, "key"), b"41")
    assert [request.url for request in asked] == [f"https://api.{name}.test/key"]
    assert submitted == Ticket(name, model.id, "41")
    assert run(two.poll(ticket))[1] == Running(name)
    url = f"https://api.{name}.test/a.png"
    assert run(two.upload(gateway, Media("a.png", Kind.IMAGE)))[1] == url
    cancelled, found = two.cancel(ticket), two.find(take(name))
    assert cancelled is not None
    assert found is not None
    assert run(cancelled)[1] is Cancellation.CANCELLED
    assert run(found)[1] == [Ticket(name, f"{name}/one", "found")]
    request = two.authorize(gateway, Request("GET", "u"), {"KEY": Secret("s")}, NOW)
    assert request.headers == {"Name": name, "Key": Secret("s")}


@pytest.mark.parametrize("name", ["paper", "stone"])
def test_an_unlisted_model_is_resolved_by_its_gateway(two: Registry, name: str) -> None:
    found = two.model(f"{name}:owner/alias")

    assert found is not None
    assert (found.id, found.gateway, found.listed) == (
        f"{name}:owner/alias",
        name,
        False,
    )
    assert run(two.submit(found, SHOT, "k"))[1].gateway == name
    assert two.source(found) == name
    assert two.model(f"{name}/two") is None
    assert two.model("glass:owner/alias") is None


def test_a_gateway_that_resolves_nothing_offers_what_it_lists() -> None:
    plugin = Paper()
    registry = Registry({"paper": without(plugin, "shotcaller_resolve")})

    assert registry.model("paper:x") is None
    assert registry.model("paper/one") == plugin.model


def test_a_gateway_may_neither_cancel_nor_find() -> None:
    registry = Registry({"paper": Paper(), "stone": Able("stone")})

    assert registry.cancel(Ticket("paper", "paper/one", "r")) is None
    assert registry.find(take()) is None
    assert registry.cancel(Ticket("glass", "glass/one", "r")) is None


def test_wrappers_of_others_wrap_the_owners_answer(two: Registry) -> None:
    audit = Audit()
    names = [row.name for row in two.plugins]
    plugins = {name: Able(name) for name in names}
    registry = Registry({"audit": audit, **plugins})
    model = registry.model("paper/one")
    assert model is not None

    asked, ticket = run(registry.submit(model, SHOT, "key"), b"41")

    plain = Ticket("paper", "paper/one", "41")
    assert [request.url for request in asked] == ["https://api.paper.test/key"]
    assert audit.seen == ["key", plain]
    assert ticket == evolve(plain, data={"audited": True})


def test_a_wrapper_of_authorize_sees_the_request_and_adds_to_it() -> None:
    audit = Audit()
    registry = Registry({"paper": Paper(), "audit": audit})

    request = registry.authorize(
        registry.gateways[0], Request("GET", "u"), {"KEY": Secret("s")}, NOW
    )

    assert request.headers == {"Name": "paper", "Key": Secret("s"), "Audited": "yes"}
    assert audit.seen == ["u"]


def test_a_wrapper_alone_owns_nothing() -> None:
    asked: list[Ticket] = []

    class Lonely:
        @hookimpl(wrapper=True)
        def shotcaller_cancel(self, ticket: Ticket) -> Any:
            asked.append(ticket)
            return (yield)

    registry = Registry({"paper": Paper(), "lonely": Lonely()})

    assert registry.cancel(Ticket("paper", "m", "r")) is None
    assert asked == []


def answering(hook: str, answer: object) -> Registry:
    """Returns a registry whose owner answers a hook so."""
    plugin = Able()

    def say() -> Any:
        return answer

    setattr(plugin, hook, hookimpl(say))
    return Registry({"paper": plugin})


def ask(registry: Registry, hook: str) -> Any:
    """Asks the owner, of whom anything may come back."""
    gateway, ticket = registry.gateways[0], Ticket("paper", "paper/one", "r")
    media = Media("a.png", Kind.IMAGE)
    questions: dict[str, Callable[[], Any]] = {
        "shotcaller_submit": lambda: registry.submit(registry.models[0], SHOT, "k"),
        "shotcaller_poll": lambda: registry.poll(ticket),
        "shotcaller_upload": lambda: registry.upload(gateway, media),
        "shotcaller_cancel": lambda: registry.cancel(ticket),
        "shotcaller_find": lambda: registry.find(take()),
    }
    return questions[hook]()


EXCHANGES = {
    "shotcaller_submit": "Ticket",
    "shotcaller_poll": "Running or Done or Failed",
    "shotcaller_upload": "str",
    "shotcaller_cancel": "Cancellation",
    "shotcaller_find": "list or tuple",
}


@pytest.mark.parametrize("hook", EXCHANGES)
def test_an_operation_that_is_no_generator_is_the_plugins_fault(hook: str) -> None:
    with pytest.raises(PluginError) as caught:
        ask(answering(hook, 5), hook)

    expected = f"Plugin paper: {hook} returned 5, not a generator."
    assert caught.value.message == expected
    assert caught.value.plugin == "paper"


@pytest.mark.parametrize(("hook", "wanted"), EXCHANGES.items())
@pytest.mark.parametrize("result", [None, 5, "done"])
def test_an_operation_that_ends_with_something_else_is_the_plugins_fault(
    hook: str, wanted: str, result: object
) -> None:
    def operation() -> Exchange[Any]:
        yield from Request("GET", "https://api.paper.test")
        return result

    exchange = ask(answering(hook, operation()), hook)
    if hook == "shotcaller_upload" and result == "done":
        assert run(exchange)[1] == "done"
        return

    with pytest.raises(PluginError) as caught:
        run(exchange)

    expected = f"Plugin paper: {hook} ended with {result!r}, not with {wanted}."
    assert caught.value.message == expected


def test_what_a_plugin_raises_while_it_works_comes_through() -> None:
    def operation() -> Exchange[Any]:
        yield from Request("GET", "https://api.paper.test")
        raise KeyError("id")

    with pytest.raises(KeyError, match="id"):
        run(ask(answering("shotcaller_poll", operation()), "shotcaller_poll"))


def test_closing_an_exchange_closes_the_plugins() -> None:
    closed = []

    def operation() -> Exchange[Any]:
        try:
            yield from Request("GET", "https://api.paper.test")
        finally:
            closed.append(True)

    exchange = ask(answering("shotcaller_poll", operation()), "shotcaller_poll")
    next(exchange)
    exchange.close()

    assert closed == [True]


@pytest.mark.parametrize("answer", [None, "Key s", {"Key": "s"}])
def test_authorize_returns_a_request(answer: object) -> None:
    registry = answering("shotcaller_authorize", answer)

    with pytest.raises(PluginError) as caught:
        registry.authorize(registry.gateways[0], Request("GET", "u"), {}, NOW)

    expected = "Plugin paper: shotcaller_authorize returned no request."
    assert caught.value.message == expected


@pytest.mark.parametrize(
    "answer", ["paper:x", offers.model(id="paper:other"), offers.model(id="stone:x")]
)
def test_resolve_returns_the_model_that_was_asked_for(answer: object) -> None:
    registry = answering("shotcaller_resolve", answer)

    with pytest.raises(PluginError) as caught:
        registry.model("paper:x")

    message = f"Plugin paper: shotcaller_resolve returned {answer!r} for 'paper:x'."
    assert caught.value.message == message


def test_a_resolve_that_raises_is_the_plugins_fault() -> None:
    registry = Registry({"paper": Paper()})

    with pytest.raises(PluginError) as caught:
        registry.model("paper:a b")  # which is no id that a model can have

    assert caught.value.message == (
        "Plugin paper: shotcaller_resolve raised "
        "ValueError(\"model id 'paper:a b' is not written gateway/family-version\")."
    )
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_take_of_a_gateway_that_is_gone_says_what_to_do() -> None:
    with pytest.raises(PluginError) as caught:
        Registry().poll(Ticket("paper", "paper/one", "r"))

    expected = "The plugin of this take's gateway is not installed. "
    assert str(caught.value) == expected + "Install it again, then resume."


def test_a_model_that_nobody_offers_says_what_to_do() -> None:
    registry = Registry()

    for call in (
        lambda: registry.submit(offers.model(), SHOT, "k"),
        lambda: registry.source(offers.model()),
    ):
        with pytest.raises(PluginError) as caught:
            call()
        expected = "No installed plugin offers paper/one. Install the one that does."
        assert str(caught.value) == expected


def test_a_family_of_models_may_belong_to_another_plugins_gateway() -> None:
    class Family:
        model = offers.model(id="paper/family")

        @hookimpl
        def shotcaller_models(self) -> Sequence[Model]:
            return [self.model]

        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            yield from Request("POST", "https://api.paper.test/family")
            return Ticket("paper", model.id, "r")

    registry = Registry({"family": Family(), "paper": Paper()})

    asked, ticket = run(registry.submit(Family.model, SHOT, "k"))
    assert asked[0].url == "https://api.paper.test/family"
    assert run(registry.poll(ticket))[1] == Running("paper")
    assert registry.source(Family.model) == "family"


class Voter:
    def __init__(self, answer: object) -> None:
        self.answer = answer

    @hookimpl
    def shotcaller_score(self, model: Model, shot: Shot, brief: Brief) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_every_vote_counts_and_one_that_raises_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    low, high = Vote("a", 0.1, "r"), Vote("a", 0.9, "r")
    answers = {"1": high, "2": RuntimeError("no"), "3": low, "4": None, "5": 0.7}
    registry = Registry({name: Voter(answer) for name, answer in answers.items()})

    with caplog.at_level(logging.ERROR, "shotcaller.registry"):
        votes = registry.score(offers.model(), SHOT, Brief())

    assert votes == (low, high)
    assert caplog.messages == ["plugin 2 failed to vote"]


def test_votes_come_in_the_same_order_whatever_the_order_of_plugins() -> None:
    votes = [Vote("b", 0.1, "r"), Vote("a", 0.5, "s"), Vote("a", 0.5, "r")]
    orders = [votes, votes[::-1], votes[1:] + votes[:1]]

    scored = {
        Registry({str(n): Voter(v) for n, v in enumerate(order)}).score(
            offers.model(), SHOT, Brief()
        )
        for order in orders
    }

    assert scored == {(votes[2], votes[1], votes[0])}


def test_every_observer_is_told_and_one_that_raises_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Observer:
        def __init__(self) -> None:
            self.seen: list[Take] = []

        @hookimpl
        def shotcaller_observe(self, take: Take) -> None:
            self.seen.append(take)
            if self.fails:
                raise RuntimeError

        fails = False

    good, bad = Observer(), Observer()
    bad.fails = True
    registry = Registry({"bad": bad, "good": good})

    with caplog.at_level(logging.ERROR, "shotcaller.registry"):
        registry.tell("shotcaller_observe", take=take())

    assert good.seen == bad.seen == [take()]
    assert caplog.messages == ["plugin bad failed in shotcaller_observe"]
