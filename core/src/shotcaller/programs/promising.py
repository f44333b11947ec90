"""Quotes a shot under ids, and keeps a take to the quote that it names."""

from __future__ import annotations

from attrs import evolve

from shotcaller import pricing
from shotcaller.catalog import Candidate, Quoted, dollars
from shotcaller.effects import Program, Promise, Promised
from shotcaller.errors import BadInput, OverBudget
from shotcaller.programs.choosing import rank
from shotcaller.programs.circumstances import informed
from shotcaller.programs.context import Context
from shotcaller.programs.digesting import measured, shot_digest
from shotcaller.shot import Brief, Fallback, Shot, checks

_ANEW = "`shotcaller quote` gives a new one."


def quote(context: Context, shot: Shot, brief: Brief) -> Program[tuple[Quoted, ...]]:
    """Returns a quote for each model that can take the shot, best first."""
    checks.kind("shot", shot, Shot)
    checks.kind("brief", brief, Brief)
    shot = yield from measured(shot)
    now = yield from informed(context, brief)
    digest = shot_digest(shot)
    found = rank(now, shot, brief).candidates
    drafts = (_quoted(one, shot, brief, digest) for one in found)
    return (yield from Promise(tuple(drafts)))


def _quoted(one: Candidate, shot: Shot, brief: Brief, digest: str) -> Quoted:
    return Quoted(
        model=one.model,
        title=one.title,
        quote=one.quote,
        shot=shot,
        brief=brief,
        digest=digest,
    )


def looked_up(id_: str) -> Program[Quoted]:
    """Returns a quote by its id, or its beginning; raises ``BadInput`` if over."""
    found = (yield from Promised(id_)) if id_ else None
    if found is None:
        message = f"quote: there is no quote {id_!r}; it may be older than a day."
        raise BadInput(message, _ANEW, field="quote")
    return found


def promised(shot: Shot, brief: Brief) -> Program[tuple[Brief, Quoted | None]]:
    """Returns the brief that keeps to its quote, and the quote if it names one.

    The model is the quote's, and the budget at most its highest price.
    """
    if brief.quote is None:
        return brief, None
    kept = yield from looked_up(brief.quote)
    if shot_digest(shot) != kept.digest:
        message = f"quote: {kept.id} is for another shot: {kept.shot.prompt!r}."
        raise BadInput(message, _ANEW, field="quote")
    if brief.model not in {None, kept.model}:
        message = f"quote: {kept.id} is for {kept.model}, not for {brief.model}."
        raise BadInput(message, "Name one of them.", field="quote")
    caps = [cap for cap in (kept.quote.high, brief.budget) if cap is not None]
    bound = evolve(
        brief,
        quote=kept.id,
        model=kept.model,
        budget=min(caps, default=None),
        fallback=Fallback.NONE,
        intent=brief.intent or kept.brief.intent,
        project=brief.project or kept.brief.project,
    )
    return bound, kept


def require_price(context: Context, kept: Quoted | None, shot: Shot) -> None:
    """Refuses a shot that has become dearer since it was quoted."""
    model = None if kept is None else context.registry.model(kept.model)
    if kept is None or kept.quote.high is None or model is None:
        return  # nothing was promised, or it is refused for another reason
    now = pricing.quote(model, shot).high
    if now is None or now > kept.quote.high:
        before = dollars(kept.quote.high)
        after = "unknown" if now is None else dollars(now)
        message = f"The price of {kept.model} was {before} in quote {kept.id}"
        raise OverBudget(f"{message}, and is {after} now.", _ANEW)
