"""Ranks what can take a shot, or says why nothing can; pure."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from shotcaller import fitting, pricing, ranking
from shotcaller.accounts import Account
from shotcaller.catalog import (
    NO_HISTORY,
    UNPRICED,
    Candidate,
    Model,
    Ranking,
    Veto,
    Vote,
)
from shotcaller.fitting import Demand, Offer
from shotcaller.programs import circumstances
from shotcaller.programs.context import Context
from shotcaller.programs.naming import named, weighed
from shotcaller.programs.refusing import nothing
from shotcaller.refusals import Reason, Refusal
from shotcaller.shot import Brief, Shot

_STANDS_IN = Reason(
    "stand-in",
    "is no AI model: it stands in where none is ready; name it, or ask for a draft",
)


def rank(context: Context, shot: Shot, brief: Brief) -> Ranking:
    """Returns every model that can take the shot, best first, and why others cannot.

    Raises ``BadInput`` for a name in the brief, or of a gateway in the options, that
    nothing bears: what was asked for is never dropped in silence.
    """
    intent = named(context, shot, brief)
    profile = ranking.weights(brief, intent, context.profiles)
    candidates: list[Candidate] = []
    refused: list[Refusal] = []
    unfit = False
    demand = Demand.of(shot)
    for model in models(context, brief):
        account = context.accounts.get(model.gateway)
        if account is None:
            refused.append(Refusal(model.id, (_no_gateway(model),)))
            continue
        offer, reasons = _judged(context, model, account, demand, brief)
        said = () if reasons else context.registry.score(model, shot, brief)
        if said:
            reasons = tuple(_vetoed(one) for one in said if isinstance(one, Veto))
        if reasons:
            refused.append(Refusal(model.id, reasons))
            unfit = unfit or (model.artificial and fitting.there(reasons))
            continue
        votes = ranking.own_votes(offer, shot, brief, intent, profile)
        votes += tuple(one for one in said if isinstance(one, Vote))
        known = fitting.warnings(offer, brief)
        candidates.append(ranking.candidate(offer, votes, profile, intent, known))
    if unfit and all(one.stand_in for one in candidates):
        refused += [Refusal(one.model, (_STANDS_IN,)) for one in candidates]
        candidates = []
    weighed(context, profile, candidates)
    return _hinted(ranking.ranked(candidates, refused), brief)


def chosen(context: Context, shot: Shot, brief: Brief) -> tuple[Candidate, ...]:
    """Returns the candidates, best first; raises ``NothingFits`` or ``OverBudget``.

    A stand-in is none where an AI model leads: it would step in for a failed clip, and
    pass for one.
    """
    found = rank(context, shot, brief)
    if found.candidates:
        first = found.candidates[0]
        return tuple(c for c in found.candidates if c.stand_in == first.stand_in)
    free = evolve(brief, model=None)
    others = () if brief.model is None else rank(context, shot, free).candidates
    raise nothing(context, found, shot, brief, others)


def models(context: Context, brief: Brief) -> tuple[Model, ...]:
    """Returns the models that are listed, and the one that the brief names."""
    listed = context.registry.models
    if brief.model is None or any(model.id == brief.model for model in listed):
        return listed
    resolved = context.registry.model(brief.model)
    return listed if resolved is None else (*listed, resolved)


def _judged(
    context: Context, model: Model, account: Account, demand: Demand, brief: Brief
) -> tuple[Offer, tuple[Reason, ...]]:
    """Returns a model as it can be had here, and all that is against it.

    Only what could make the shot has a price for it.
    """
    lacks = fitting.unable(model, account.gateway, demand)
    quoted = UNPRICED if lacks else pricing.quote(model, demand.shot, context.today)
    history = context.histories.get(model.id, NO_HISTORY)
    size = demand.shot.resolution or model.able(demand.start).default_resolution
    today, length = context.today, demand.length
    offer = Offer(model, account, quoted, today, history, length, size)
    reasons = fitting.against(offer, lacks, brief)
    reasons += circumstances.out(context, offer, brief)
    if not lacks:
        reasons += circumstances.short(context, offer, brief)
    return offer, reasons


def _no_gateway(model: Model) -> Reason:
    missing = f"the plugin of gateway {model.gateway} is not installed"
    return Reason("no-gateway", missing)


def _vetoed(veto: Veto) -> Reason:
    return Reason("veto", f"{veto.by}: {veto.reason}")


def _hinted(found: Ranking, brief: Brief) -> Ranking:
    """Warns where what is no AI model leads, be it for want of anything that is one."""
    if not found.candidates or not found.candidates[0].stand_in:
        return found
    first, *rest = found.candidates
    warning = f"{first.model} is no AI model"
    if brief.model is None:
        warning += "; it leads because none can take the shot"
    if brief.model is None and (keys := _keys(found.refused)):
        warning += f" ({keys})"
    led = evolve(first, warnings=(*first.warnings, warning))
    return Ranking((led, *rest), found.refused)


def _keys(refused: Iterable[Refusal]) -> str:
    """Says which keys would bring in models that are kept out by nothing else."""
    lacking = [
        one.reasons[0].message
        for one in refused
        if {reason.code for reason in one.reasons} == {"no-key"}
    ]
    return "; ".join(dict.fromkeys(lacking))
