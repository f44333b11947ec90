"""Orders candidates by their votes: total, and the same whatever the plugins' order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from shotcaller.catalog import Candidate, Model, Ranking, Vote
from shotcaller.fitting import Offer
from shotcaller.ranking.intents import Intent
from shotcaller.refusals import Refusal


def candidate(
    offer: Offer,
    votes: Iterable[Vote],
    profile: Mapping[str, float],
    intent: Intent | None = None,
    warnings: tuple[str, ...] = (),
) -> Candidate:
    """Returns the offer with its votes weighed: the score is their weighted mean."""
    weighed = tuple(
        Vote(v.by, v.value, v.reason, profile.get(v.by, 0.0)) if v.weight is None else v
        for v in votes
    )
    total = math.fsum(vote.weight or 0.0 for vote in weighed)
    score = math.fsum((vote.weight or 0.0) * vote.value for vote in weighed)
    return Candidate(
        model=offer.model.id,
        title=offer.model.title,
        score=round(score / total, 6) if total else 0.0,
        quote=offer.quote,
        votes=weighed,
        seconds_expected=offer.seconds,
        warnings=warnings,
        stand_in=stands_in(offer.model, intent),
    )


def stands_in(model: Model, intent: Intent | None) -> bool:
    """Whether a model may lead only where nothing else can: it is no AI model."""
    return not model.artificial and (intent is None or not intent.stands_in)


def ranked(candidates: Iterable[Candidate], refused: Iterable[Refusal]) -> Ranking:
    """Returns the candidates by score, ties by id; stand-ins behind all others."""
    return Ranking(
        tuple(sorted(candidates, key=_place)),
        tuple(sorted(refused, key=_name)),
    )


def _place(one: Candidate) -> tuple[bool, float, str]:
    return (one.stand_in, -one.score, one.model)


def _name(one: Refusal) -> str:
    return one.model
