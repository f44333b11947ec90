"""Opens the next candidate after a take that is dead and surely uncharged.

From any other take nobody steps in: it may still cost, or bring its clip.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from shotcaller import budgets, pricing
from shotcaller.accounts import Account
from shotcaller.catalog import Candidate, Model, Quote
from shotcaller.effects import NoMoney, Open, Program, Recall
from shotcaller.programs.agreeing import narrowed
from shotcaller.programs.circumstances import informed
from shotcaller.programs.context import Context
from shotcaller.shot import Brief, Fallback
from shotcaller.take import Draft, State, Take

CONTENT = "content"
"""The code of a take that was turned down for what it shows."""


def stand_ins(
    context: Context, candidates: tuple[Candidate, ...], brief: Brief
) -> tuple[tuple[str, Quote], ...]:
    """Returns who may step in for the first of the candidates, best first."""
    rest = tuple((one.model, one.quote) for one in candidates[1:])
    return _let_in(context, candidates[0].model, rest, brief.fallback)


def _let_in(
    context: Context,
    first: str,
    rest: tuple[tuple[str, Quote], ...],
    fallback: Fallback,
) -> tuple[tuple[str, Quote], ...]:
    if fallback is Fallback.NONE:
        return ()
    if fallback is not Fallback.SAME_MODEL:
        return rest
    wanted = _work(context, first)
    return tuple(one for one in rest if _work(context, one[0]) == wanted)


def _work(context: Context, id_: str) -> tuple[str, str]:
    """Returns what a model is wherever it is offered; what is gone is only itself."""
    model = context.registry.model(id_)
    return (id_, "") if model is None else (model.maker, model.name)


def free(take: Take) -> bool:
    """Whether a take is dead and surely uncharged, so that another may step in."""
    ended = take.state in {State.REFUSED, State.FAILED}
    return ended and take.problem is not None and take.problem.charged == "no"


def asks(take: Take) -> bool:
    """Whether somebody could step in, but not without being asked for."""
    return free(take) and bool(take.candidates) and not _allowed(take)


def _allowed(take: Take) -> bool:
    """Whether the brief lets another step in by itself."""
    code = "" if take.problem is None else take.problem.code
    content = code != CONTENT or take.brief.content_fallback
    return content and code != "cancelled" and take.brief.fallback is not Fallback.ASK


def succeeded(
    context: Context, take: Take, *, agreed: bool, within: Brief | None = None
) -> Program[str | None]:
    """Opens the best candidate that can be had and paid for now; returns its id.

    ``agreed`` is that somebody asked for one, whatever the brief says; ``within`` is
    the brief of who joined the take, and holds beside its own.
    """
    if within is not None:
        take = _within(context, take, within)
    if not free(take) or not take.candidates or not (agreed or _allowed(take)):
        return None
    now = yield from informed(context, take.brief)
    for heir in _heirs(now, take):
        try:
            opened = yield from Open(heir)
        except NoMoney:
            continue
        return opened.id
    return None


def _within(context: Context, take: Take, other: Brief) -> Take:
    brief = narrowed(take.brief, other)
    left = _let_in(context, take.model, take.candidates, brief.fallback)
    return evolve(take, brief=brief, candidates=left)


def named(context: Context, chain: tuple[Take, ...]) -> Program[tuple[Take, ...]]:
    """Returns a chain whose last take names only those who could step in now."""
    last = chain[-1]
    if not last.candidates or not free(last):
        return chain
    memory = yield from Recall(last.brief.project)
    left = ready(evolve(context, memory=memory), last)
    return (*chain[:-1], evolve(last, candidates=left))


def ready(context: Context, take: Take) -> tuple[tuple[str, Quote], ...]:
    """Returns who could step in for a take as things are, best first.

    That is whose gateway can be had and takes new work, and whom the budgets leave
    enough for.
    """
    return tuple(
        (model.id, quote)
        for model, _, quote, _ in _at_hand(context, take)
        if all(
            one.fits(budgets.reserve(quote, take.brief.budget))
            for one in context.memory.allowances
        )
    )


def _at_hand(
    context: Context, take: Take
) -> Iterator[tuple[Model, Account, Quote, int]]:
    """Yields the candidates that are left and take work, each with its place.

    They are quoted anew: prices may have risen beyond the brief since they were chosen.
    """
    for place, (model_id, _) in enumerate(take.candidates):
        model = context.registry.model(model_id)
        account = context.accounts.get(model.gateway) if model else None
        if model is None or account is None or not account.ready:
            continue
        quote = pricing.quote(model, take.asked, context.today)
        closed = context.memory.closed(account.fingerprint, account.mark)
        if not closed and _affordable(quote, take.brief):
            yield model, account, quote, place


def _affordable(quote: Quote, brief: Brief) -> bool:
    if quote.high is None:
        return brief.unknown_price
    return brief.budget is None or quote.high <= brief.budget


def _heirs(context: Context, take: Take) -> Iterator[Draft]:
    for model, account, quote, place in _at_hand(context, take):
        yield Draft(
            digest=take.digest,
            brief=take.brief,
            asked=take.asked,
            model=model.id,
            title=model.title,
            gateway=model.gateway,
            account=account.fingerprint,
            mark=account.mark,
            plugin=context.registry.source(model),
            quote=quote,
            candidates=take.candidates[place + 1 :],
            reserved=budgets.reserve(quote, take.brief.budget),
            folder=take.folder,
            output=take.output,
            parent=take.id,
        )
