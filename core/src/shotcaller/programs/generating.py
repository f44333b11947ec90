"""Opens a take for a shot, or joins the one that was asked for already."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from attrs import evolve

from shotcaller import budgets, files, receipts, verifying
from shotcaller.catalog import Candidate
from shotcaller.effects import (
    Chain,
    Do,
    Join,
    NoMoney,
    Open,
    Overtaken,
    Program,
    reopened,
)
from shotcaller.errors import BadInput
from shotcaller.programs.advancing import advance, overdue, rests
from shotcaller.programs.agreeing import require_terms
from shotcaller.programs.choosing import chosen
from shotcaller.programs.circumstances import informed
from shotcaller.programs.context import Context
from shotcaller.programs.digesting import digest_of, measured
from shotcaller.programs.finding import is_sought
from shotcaller.programs.promising import promised, require_price
from shotcaller.programs.receipting import worded
from shotcaller.programs.succeeding import named, stand_ins
from shotcaller.shot import Brief, Shot, checks
from shotcaller.take import Draft, State, Take
from shotcaller.wire import Work


def generate(
    context: Context,
    shot: Shot,
    brief: Brief,
    *,
    folder: str,
    output: str | None = None,
    enough: Callable[[Take], bool] = overdue,
    patience: float | None = None,
) -> Program[tuple[Take, ...]]:
    """Drives a shot to a clip and returns the chain of takes that led there.

    ``patience``, in seconds, is for where the brief has no deadline.
    """
    found = yield from opened(context, shot, brief, folder, output)
    take, elsewhere, bound = found
    wait = patience if brief.deadline is None else brief.deadline
    take = yield from advance(context, take.id, wait, enough, within=bound)
    chain = yield from told(take, elsewhere)
    return (yield from named(context, chain))


def resume(
    context: Context,
    take_id: str,
    patience: float | None,
    output: str | None = None,
    *,
    fallback: bool = False,
) -> Program[tuple[Take, ...]]:
    """Goes on with a take from wherever it stands; returns its chain.

    An uncertain one is looked for once, or for ``patience`` seconds where some are
    given and its gateway can be asked.
    ``fallback`` lets the next candidate step in if it ended uncharged.
    """
    checks.wait("patience", patience)
    chain = yield from Chain(take_id)
    if not chain:
        message = f"take: the journal has no take {take_id!r}."
        raise BadInput(message, "`shotcaller takes` lists them.", field="take")
    if output is not None:
        yield from _can_go_to(output, chain[-1])
    take = yield from _still_there(chain[-1])

    def enough(take: Take) -> bool:
        awaited = patience is not None and is_sought(context, take)
        return rests(take) and not awaited

    take = yield from advance(context, take.id, patience, enough, agreed=fallback)
    chain = yield from told(take, output)
    return (yield from named(context, chain))


def _can_go_to(output: str, take: Take) -> Program[None]:
    """Refuses a place that a clip cannot go to before it is waited for.

    One that is there is copied at once, and one that goes there anyway may be on disk.
    """
    if take.state is not State.DONE:
        yield from Do(Work(files.awaited, output, take.output))


def find(shot: Shot, brief: Brief) -> Program[Take | None]:
    """Returns the take that a shot and brief would join, if there is one.

    Raises ``BadInput`` where it waits to be sent on wider terms than the brief's.
    """
    shot = yield from measured(shot)
    brief, _ = yield from promised(shot, brief)
    joined = yield from Join(digest_of(shot, brief))
    if joined is not None:
        require_terms(joined, brief)
    return joined


def told(take: Take, output: str | None) -> Program[tuple[Take, ...]]:
    """Returns the chain of a take, its clip copied to ``output`` if one is named."""
    chain = yield from Chain(take.id)
    last, footage = chain[-1], chain[-1].footage
    if last.state is not State.DONE or footage is None:
        return chain
    if output is None:
        yield from Do(Work(receipts.restored, footage.path, worded(chain)))
        return chain
    try:
        moved = yield from Do(Work(files.copied, footage, output))
    except BadInput as error:
        hint = f"{error.next} The clip is safe at {footage.path}.".strip()
        raise BadInput(error.message, hint, take.id, field=error.field) from error
    misnamed = tuple(verifying.misnamed(moved))
    copy = evolve(last, footage=moved, warnings=_all(last.warnings, misnamed))
    unwritten = yield from Do(
        Work(receipts.written, moved.path, worded((*chain[:-1], copy)))
    )
    told = (unwritten,) if unwritten else ()
    return (*chain[:-1], evolve(copy, warnings=_all(copy.warnings, told)))


def _all(warnings: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*warnings, *more)))


def opened(
    context: Context, shot: Shot, brief: Brief, folder: str, output: str | None
) -> Program[tuple[Take, str | None, Brief]]:
    """Returns the take of a shot: the one that has it already, or a new one.

    Everything that can be wrong is found before the take is recorded. With it comes
    where its clip is to be copied to, if the take itself will put it elsewhere, and
    the brief as its quote binds it.
    """
    checks.kind("shot", shot, Shot)
    checks.kind("brief", brief, Brief)
    checks.kind("output", output, str | None)
    shot = yield from measured(shot)
    brief, kept = yield from promised(shot, brief)
    digest = digest_of(shot, brief)
    joined = yield from Join(digest)
    if joined is not None:
        require_terms(joined, brief)
        return (yield from _still_there(joined)), output, brief
    if output is None:
        folder = yield from Do(Work(files.checked_folder, folder))
    else:
        output = yield from Do(Work(files.checked_output, output))
    require_price(context, kept, shot)
    while True:
        now = yield from informed(context, brief)
        candidates = chosen(now, shot, brief)
        draft = _draft(context, shot, brief, candidates, digest)
        try:
            take = yield from Open(evolve(draft, folder=folder, output=output))
        except NoMoney:  # somebody else took it since we looked
            continue
        require_terms(take, brief)  # somebody else may have opened it just now
        return take, None if take.output == output else output, brief


def _still_there(take: Take) -> Program[Take]:
    if take.state is not State.DONE or take.footage is None:
        return take
    there = yield from Do(Work(files.present, take.footage))
    if there:
        return take
    with suppress(Overtaken):  # somebody else has asked for it just now
        return (yield from reopened(take, "the file is gone; asked for again", 0.0))
    return take


def _draft(
    context: Context,
    shot: Shot,
    brief: Brief,
    candidates: tuple[Candidate, ...],
    digest: str,
) -> Draft:
    first = candidates[0]
    gateway = first.model.replace(":", "/").split("/", 1)[0]
    model = context.registry.model(first.model)
    return Draft(
        digest=digest,
        brief=brief,
        asked=shot,
        model=first.model,
        title=first.title,
        gateway=gateway,
        account=context.accounts[gateway].fingerprint,
        mark=context.accounts[gateway].mark,
        plugin="" if model is None else context.registry.source(model),
        quote=first.quote,
        candidates=stand_ins(context, candidates, brief),
        reserved=budgets.reserve(first.quote, brief.budget),
        folder="",
    )
