"""Finds what would make another model lead: a bounded list of ifs, tried out; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from attrs import evolve

from shotcaller import ranking
from shotcaller.catalog import Candidate, Change, Ranking, dollars
from shotcaller.programs.choosing import models, rank
from shotcaller.programs.context import Context
from shotcaller.programs.naming import named
from shotcaller.shot import Brief, Shot

LENGTHS = (4, 5, 6, 8, 10, 12, 15, 20, 30)
"""The lengths that are tried, in seconds."""

SIZES = ("480p", "720p", "1080p", "4k")
"""The resolutions that are tried."""

WORTH_TRYING = ("cinematic", "cheap", "fast")
"""The intents that are tried where none is given."""


def changes(
    context: Context, shot: Shot, brief: Brief, found: Ranking
) -> tuple[Change, ...]:
    """Returns what would make another model lead than that of a ranking.

    First what else could be asked for, then what each vote would have to weigh.
    Nothing does where a model is named, and where nothing can be had at all.
    """
    if brief.model is not None:
        return ()
    intent = named(context, shot, brief)
    profile = ranking.weights(brief, intent, context.profiles)
    asked = (
        *_budget(context, shot, brief, found),
        *_keys(context, shot, brief, found),
        *_shots(context, shot, brief, found),
        *_intents(context, shot, brief, found),
    )
    return (*asked, *ranking.tipping(found.candidates, profile))


def _lead(found: Ranking) -> Candidate | None:
    return found.candidates[0] if found.candidates else None


def _another(before: Ranking, after: Ranking) -> Candidate | None:
    """Returns the new leader, where there is another than before."""
    old, new = _lead(before), _lead(after)
    if new is None or (old is not None and new.model == old.model):
        return None
    return new


def _change(
    about: str, value: str, condition: str, new: Candidate | None
) -> Iterator[Change]:
    if new is not None:
        message = f"{condition}, {new.model} would lead"
        yield Change(about, value, new.model, message)


def _budget(
    context: Context, shot: Shot, brief: Brief, found: Ranking
) -> Iterator[Change]:
    """Finds the least budget with which another model leads."""
    if brief.budget is None:
        return
    free = rank(context, shot, evolve(brief, budget=None))
    old = _lead(found)
    better = []
    for one in free.candidates:
        if old is not None and one.model == old.model:
            break
        if one.quote.high is not None and one.quote.high > brief.budget:
            better.append((one.quote.high, one))
    if better:
        high, new = min(better, key=_least)
        condition = f"with a budget of {dollars(high)}"
        yield from _change("budget", str(high), condition, new)


def _least(item: tuple[Decimal, Candidate]) -> Decimal:
    return item[0]  # of those that cost as much, the first in the order comes first


def _keys(
    context: Context, shot: Shot, brief: Brief, found: Ranking
) -> Iterator[Change]:
    """Finds the gateways that would lead, if their keys were set."""
    lacking = {one.gateway for one in models(context, brief)} & {
        id_ for id_, account in context.accounts.items() if not account.ready
    }
    for id_ in sorted(lacking):
        account = context.accounts[id_]
        ready = {**context.accounts, id_: evolve(account, missing="")}
        new = _another(found, rank(evolve(context, accounts=ready), shot, brief))
        names = account.gateway.credentials[0] if account.gateway.credentials else ()
        condition = f"with {' and '.join(names) or 'a key'} set"
        yield from _change("key", "+".join(names), condition, new)


def _shots(
    context: Context, shot: Shot, brief: Brief, found: Ranking
) -> Iterator[Change]:
    def tried(about: str, value: str, condition: str, other: Shot) -> Iterator[Change]:
        new = _another(found, rank(context, other, brief))
        yield from _change(about, value, condition, new)

    for sound, word in ((False, "off"), (True, "on")):
        if shot.sound is not sound:
            condition = f"with sound {word}"
            yield from tried("sound", word, condition, evolve(shot, sound=sound))
    yield from _lengths(tried, shot)
    for size in SIZES:
        if size != shot.resolution:
            other = evolve(shot, resolution=size)
            yield from tried("resolution", size, f"at {size}", other)
    if shot.seed is not None:
        other = evolve(shot, seed=None)
        yield from tried("seed", "none", "without the seed", other)
    if shot.negative is not None:
        other = evolve(shot, negative=None)
        yield from tried("negative", "none", "without the negative prompt", other)
    if shot.references:
        other = evolve(shot, references=())
        yield from tried("references", "none", "without the references", other)


def _lengths(
    tried: Callable[[str, str, str, Shot], Iterator[Change]], shot: Shot
) -> Iterator[Change]:
    """Finds the nearest length on either side with which another model leads."""
    if shot.cuts:
        return
    at = shot.seconds
    shorter = [] if at is None else [one for one in LENGTHS if one < at]
    longer = [one for one in LENGTHS if at is None or one > at]
    for side in (reversed(shorter), longer):
        for seconds in side:
            other = evolve(shot, seconds=seconds)
            found = list(tried("seconds", str(seconds), f"at {seconds} s", other))
            yield from found
            if found:
                break


def _intents(
    context: Context, shot: Shot, brief: Brief, found: Ranking
) -> Iterator[Change]:
    if brief.intent is not None or brief.weights is not None:
        return
    for name in WORTH_TRYING:
        new = _another(found, rank(context, shot, evolve(brief, intent=name)))
        yield from _change("intent", name, f"for {name}", new)
