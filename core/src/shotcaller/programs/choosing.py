"""Ranks what can take a shot, or says why nothing can; pure."""

from __future__ import annotations

from collections.abc import Iterator

from shotcaller import fitting, pricing, ranking
from shotcaller.catalog import Candidate, Model, Ranking, dollars
from shotcaller.errors import BadInput, NothingFits, OverBudget, Reason, Refusal
from shotcaller.fitting import Offer
from shotcaller.programs import circumstances
from shotcaller.programs.context import Context
from shotcaller.shot import Brief, Shot

_AGREE = "--yes, or a brief's unknown_price, lets models without a known price do it."


def rank(context: Context, shot: Shot, brief: Brief) -> Ranking:
    """Returns every model that can take the shot, best first, and why others cannot.

    Raises ``BadInput`` for options of a gateway that is not there: what was asked for
    is never dropped in silence.
    """
    for gateway in shot.options:
        if gateway not in context.accounts:
            known = ", ".join(context.accounts) or "none"
            message = f"options: {gateway!r} is no installed gateway"
            raise BadInput(f"{message} (there are {known}).", field="options")
    profile = ranking.weights(brief, context.profiles)
    candidates: list[tuple[Model, Candidate]] = []
    refused: list[Refusal] = []
    for model in _models(context, brief):
        offer = _offer(context, model, shot)
        if offer is None:
            missing = f"the plugin of gateway {model.gateway} is not installed"
            refused.append(Refusal(model.id, (Reason("no-gateway", missing),)))
            continue
        reasons = fitting.reasons(offer, shot, brief)
        reasons += circumstances.barred(context, offer, brief)
        if reasons:
            refused.append(Refusal(model.id, reasons))
            continue
        votes = ranking.own_votes(offer, brief)
        votes += context.registry.score(model, shot, brief)
        candidates.append((model, ranking.candidate(offer, votes, profile)))
    return ranking.ranked(candidates, refused, brief)


def chosen(context: Context, shot: Shot, brief: Brief) -> tuple[Candidate, ...]:
    """Returns the candidates, best first; raises ``NothingFits`` or ``OverBudget``."""
    found = rank(context, shot, brief)
    if found.candidates:
        return found.candidates
    raise _nothing(context, found, shot, brief)


def _models(context: Context, brief: Brief) -> tuple[Model, ...]:
    listed = context.registry.models
    if brief.model is None or any(model.id == brief.model for model in listed):
        return listed
    resolved = context.registry.model(brief.model)
    return listed if resolved is None else (*listed, resolved)


def _offer(context: Context, model: Model, shot: Shot) -> Offer | None:
    account = context.accounts.get(model.gateway)
    if account is None:
        return None
    return Offer(model, account, pricing.quote(model, shot), context.today)


def _nothing(context: Context, found: Ranking, shot: Shot, brief: Brief) -> NothingFits:
    named = tuple(one for one in found.refused if brief.model in {None, one.model})
    if brief.model is not None and not named:
        message = f"model: {brief.model!r} is offered by no installed plugin."
        hint = "`shotcaller models` lists those that are."
        return NothingFits(message, hint + _broken(context))
    if not named:
        message = "No model can take the shot: no gateway is installed."
        hint = "Install one, such as shotcaller-animatic;"
        hint += " see also `shotcaller plugins`."
        return NothingFits(message, hint + _broken(context))
    over = circumstances.over_budget(context, named, _offers(context, named, shot))
    if over is not None:
        return over
    short = ({reason.code for reason in one.reasons} == {"budget"} for one in named)
    if brief.budget is not None and any(short):
        message = f"No model can take the shot for {dollars(brief.budget)}."
        hint = "Raise the budget, or ask for less."
        return OverBudget(message, hint, refused=named)
    message = "No model can take the shot."
    hint = _agreeing(named) + _known(context, shot, brief) + _broken(context)
    hint += circumstances.hint(named)
    return NothingFits(message, hint.strip(), refused=named)


def _offers(
    context: Context, refused: tuple[Refusal, ...], shot: Shot
) -> Iterator[Offer]:
    for one in refused:
        model = context.registry.model(one.model)
        offer = _offer(context, model, shot) if model else None
        if offer is not None:
            yield offer


def _agreeing(named: tuple[Refusal, ...]) -> str:
    codes = [{reason.code for reason in one.reasons} for one in named]
    return _AGREE if {"price-unknown"} in codes else ""


def _known(context: Context, shot: Shot, brief: Brief) -> str:
    """Returns what there is to know of the model that was named, such as its end."""
    model = context.registry.model(brief.model) if brief.model else None
    offer = _offer(context, model, shot) if model else None
    return "".join(f" {one}." for one in fitting.warnings(offer)) if offer else ""


def _broken(context: Context) -> str:
    broken = [row for row in context.registry.plugins if row.broken]
    listed = "; ".join(f"{row.name} ({row.broken})" for row in broken)
    return f" Not in use: {listed}." if broken else ""
