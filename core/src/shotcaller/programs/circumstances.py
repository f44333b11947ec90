"""Learns what bears on a choice besides the shot: budgets, and how accounts stand."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from shotcaller import budgets
from shotcaller.catalog import dollars
from shotcaller.effects import Program, Recall
from shotcaller.errors import OverBudget
from shotcaller.fitting import Offer
from shotcaller.programs.checking import looked_at
from shotcaller.programs.context import Context
from shotcaller.refusals import Reason, Refusal
from shotcaller.shot import Brief

OUT = frozenset({"key-refused", "no-credit", "cooling-down"})
"""The reasons for which a gateway is left alone for a while."""

AGAIN = "`shotcaller doctor --online` looks again; --model tries it all the same."


def informed(context: Context, brief: Brief) -> Program[Context]:
    """Returns the context as the journal knows it now.

    An account whose pause is over is asked, where that is free: the first to find out
    should not be a paid submit.
    """
    memory = yield from Recall(brief.project)
    asked = False
    for account in context.accounts.values():
        outage = memory.outages.get(account.fingerprint)
        if outage is not None and outage.to_be_tried(account.mark, memory.now):
            asked = (yield from looked_at(context, account)) is not None or asked
    if asked:
        memory = yield from Recall(brief.project)
    return evolve(context, memory=memory, histories=memory.histories)


def out(context: Context, offer: Offer, brief: Brief) -> tuple[Reason, ...]:
    """Returns why an account that is set up is left alone; what is named is tried."""
    if not context.memory.outages or brief.model == offer.model.id:
        return ()
    account = offer.account
    outage = context.memory.closed(account.fingerprint, account.mark)
    return () if outage is None else (outage.reason(),)


def short(context: Context, offer: Offer, brief: Brief) -> tuple[Reason, ...]:
    """Returns which budgets have too little left for an offer."""
    left = context.memory.allowances
    if not left or not (offer.quote.known or brief.unknown_price):
        return ()
    return tuple(budgets.reasons(offer.quote, brief.budget, left))


def over_budget(
    context: Context, named: tuple[Refusal, ...], offers: Iterator[Offer]
) -> OverBudget | None:
    """Returns the error where what is left of the budgets is all that is lacking.

    ``offers`` are those of the refused models.
    """
    alone = {one.model for one in named if _costs(one)}
    prices = [
        (offer.quote.high, offer.model.id)
        for offer in offers
        if offer.model.id in alone and offer.quote.high is not None
    ]
    would_fit = ""
    if prices:
        high, model = min(prices)
        would_fit = f"The least that it could cost is {dollars(high)}, on {model}."
    return budgets.shortage(named, context.memory.allowances, would_fit)


def _costs(one: Refusal) -> bool:
    return {reason.code for reason in one.reasons} <= budgets.CODES


def hint(named: tuple[Refusal, ...]) -> str:
    """Returns what helps where gateways are left alone."""
    alone = any({reason.code for reason in one.reasons} <= OUT for one in named)
    return AGAIN if alone else ""
