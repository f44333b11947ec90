"""Words why no model can take a shot, and what could be had instead; pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from attrs import evolve

from shotcaller import fitting, pricing
from shotcaller.catalog import Candidate, Model, Ranking, dollars, operation
from shotcaller.errors import NothingFits, OverBudget
from shotcaller.fitting import Offer
from shotcaller.programs import circumstances
from shotcaller.programs.context import Context
from shotcaller.refusals import Refusal
from shotcaller.shot import Brief, Shot

_AGREE = "--yes, or a brief's unknown_price, lets models without a known price do it."


def nothing(
    context: Context,
    found: Ranking,
    shot: Shot,
    brief: Brief,
    others: tuple[Candidate, ...],
) -> NothingFits:
    """Returns the error that says why nothing fits, and what would.

    ``others`` could take the shot if the model were not named.
    """
    meant = tuple(one for one in found.refused if brief.model in {None, one.model})
    if brief.model is not None and not meant:
        message = f"model: {brief.model!r} is offered by no installed plugin."
        hint = "`shotcaller models` lists those that are."
        return NothingFits(message, hint + _broken(context))
    if not meant:
        message = "No model can take the shot: no gateway is installed."
        hint = "Install one, such as shotcaller-animatic;"
        hint += " see also `shotcaller plugins`."
        return NothingFits(message, hint + _broken(context))
    refused = (_offer(context, one.model, shot) for one in meant)
    over = circumstances.over_budget(context, meant, filter(None, refused))
    if over is not None:
        return over
    short = [one.model for one in meant if _codes(one) == {"budget"}]
    if brief.budget is not None and short:
        message = f"No model can take the shot for {dollars(brief.budget)}."
        if brief.model is not None:
            message = f"{brief.model} cannot take it for {dollars(brief.budget)}."
        hint = " ".join(_affordable(context, short, shot, brief.budget, others))
        return OverBudget(message, hint, refused=meant)
    message = "No model can take the shot."
    hint = _agreeing(meant) + _known(context, shot, brief) + _broken(context)
    hint += circumstances.hint(meant)
    if others:
        hint += f" {others[0].model} can take it as it is."
    return NothingFits(message, hint.strip(), refused=meant)


def _codes(one: Refusal) -> set[str]:
    return {reason.code for reason in one.reasons}


def _affordable(
    context: Context,
    short: list[str],
    shot: Shot,
    budget: Decimal,
    others: tuple[Candidate, ...],
) -> Iterator[str]:
    """Yields what would fit: another model, a shorter clip, or the least budget."""
    priced = [one for one in others if one.quote.high is not None and not one.stand_in]
    if priced:
        cheapest = min(priced, key=_high)
        cost = dollars(cheapest.quote.high or Decimal(0))
        yield f"The cheapest that fits is {cheapest.model}, for {cost} at most."
    offers = [offer for id_ in short if (offer := _offer(context, id_, shot))]
    least = min(offers, key=_offered_high)
    if shorter := _shorter(least.model, shot, budget):
        seconds, high = shorter
        yield f"{least.model.id} makes {seconds:g} s for {dollars(high)} at most."
    high = least.quote.high or Decimal(0)
    yield f"Raise the budget to {dollars(high)} for {least.model.id}, or ask for less."


def _high(one: Candidate) -> tuple[Decimal, str]:
    return one.quote.high or Decimal(0), one.model


def _offered_high(offer: Offer) -> tuple[Decimal, str]:
    return offer.quote.high or Decimal(0), offer.model.id


def _shorter(model: Model, shot: Shot, budget: Decimal) -> tuple[float, Decimal] | None:
    """Returns the longest clip that the budget pays for, and what it costs."""
    if shot.cuts:
        return None
    lengths = model.able(operation(shot)).seconds
    longest = shot.seconds or lengths.high
    for seconds in lengths.below(longest):
        high = pricing.quote(model, evolve(shot, seconds=seconds)).high
        if high is not None and high <= budget:
            return seconds, high
    return None


def _offer(context: Context, id_: str, shot: Shot) -> Offer | None:
    model = context.registry.model(id_)
    account = context.accounts.get(model.gateway) if model else None
    if model is None or account is None:
        return None
    return Offer(model, account, pricing.quote(model, shot), context.today)


def _agreeing(meant: tuple[Refusal, ...]) -> str:
    return _AGREE if {"price-unknown"} in [_codes(one) for one in meant] else ""


def _known(context: Context, shot: Shot, brief: Brief) -> str:
    """Returns what there is to know of the model that was named, such as its end."""
    offer = _offer(context, brief.model, shot) if brief.model else None
    told = fitting.warnings(offer, brief) if offer else ()
    return "".join(f" {one}." for one in told)


def _broken(context: Context) -> str:
    broken = [row for row in context.registry.plugins if row.broken]
    listed = "; ".join(f"{row.name} ({row.broken})" for row in broken)
    return f" Not in use: {listed}." if broken else ""
