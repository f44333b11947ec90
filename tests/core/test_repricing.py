"""A price that rises between the record of a take and its submit is not paid."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from attrs import evolve

from shotcaller import Brief, Refused, Shotcaller
from tests.core.paper import Paper, model
from tests.core.paper_server import PaperServer, say
from tests.core.test_joining import ONE, SHOT, UNPRICED, queued

Make = Callable[..., Shotcaller]


def priced(one: str | None, two: str = "0.05") -> Paper:
    """Returns the plugin with other prices, by the second; None is unknown."""
    paper = Paper()
    first = model("one", one or "1", quality=0.9)
    paper.models = [
        first if one is not None else evolve(first, price=None),
        model("two", two),
    ]
    return paper


@pytest.mark.parametrize(
    ("now", "told"), [("9.99", "$49.95"), ("0.1001", "$0.5005"), (None, "unknown")]
)
def test_a_take_that_became_dearer_is_not_sent(
    make_caller: Make, server: PaperServer, now: str | None, told: str
) -> None:
    take = queued(make_caller(), ONE)

    caller = make_caller(priced(now))
    with pytest.raises(Refused) as caught:
        caller.resume(take.id)

    assert caught.value.message == (
        f"Take {take.id} on paper/one was refused: the price of paper/one is {told}"
        " now, and $0.50 was reserved for it."
    )
    assert (caught.value.reason, caught.value.charged) == ("price", "no")
    assert server.asked == []
    assert caller.outages() == {}
    assert sum(one.total for one in caller.spend()) == 0


@pytest.mark.parametrize("now", ["0.10", "0.01"])
def test_a_take_that_became_no_dearer_is_sent(make_caller: Make, now: str) -> None:
    take = queued(make_caller(), ONE)

    assert make_caller(priced(now)).resume(take.id).receipt.take == take.id


def test_a_price_that_was_unknown_is_held_to_the_budget_once_it_is_known(
    make_caller: Make, server: PaperServer
) -> None:
    brief = evolve(ONE, unknown_price=True)
    capped = queued(make_caller(priced(None)), brief)
    free = queued(
        make_caller(priced(None)), evolve(brief, budget=None, again="no budget")
    )

    with pytest.raises(Refused, match=r"is \$5.50 now, and \$5.00 was reserved"):
        make_caller(priced("1.10")).resume(capped.id)

    assert make_caller(priced("1.10")).resume(free.id).receipt.take == free.id
    assert server.submits == 1


def test_a_price_that_stays_unknown_was_agreed_to(caller: Shotcaller) -> None:
    take = queued(caller, evolve(UNPRICED, budget=3))

    assert caller.resume(take.id).receipt.take == take.id


def test_who_became_no_dearer_steps_in_for_who_did(
    make_caller: Make, server: PaperServer
) -> None:
    queued(make_caller(), Brief(budget=1))

    clip = make_caller(priced("9.99")).generate(SHOT, Brief(budget=1))

    assert [one.model for one in clip.receipt.attempts] == ["paper/one", "paper/two"]
    assert server.submits == 1


@pytest.mark.parametrize("unknown", [False, True])
def test_who_became_too_dear_does_not_step_in(
    make_caller: Make, server: PaperServer, unknown: bool
) -> None:
    take = queued(make_caller(), Brief(budget=1, fallback="ask"))
    server.script["POST /jobs"] = [say(422)]
    dear = priced("0.10", "9.99")
    if unknown:
        dear.models[1] = evolve(dear.models[1], price=None)
    caller = make_caller(dear)

    with pytest.raises(Refused) as caught:
        caller.resume(take.id)
    with pytest.raises(Refused):
        caller.resume(take.id, fallback=True)

    assert "--fallback" not in caught.value.next
    assert server.submits == 1


def test_who_steps_in_is_quoted_as_it_costs_now(
    make_caller: Make, server: PaperServer
) -> None:
    take = queued(make_caller(), Brief(budget=1))
    server.script["POST /jobs"] = [say(422)]
    caller = make_caller(priced("0.10", "0.15"))

    clip = caller.resume(take.id)

    heir = next(one for one in caller.takes() if one.id == clip.receipt.take)
    assert heir.model == "paper/two"
    assert (heir.quote.high, heir.reserved) == (Decimal("0.75"), Decimal("0.75"))
