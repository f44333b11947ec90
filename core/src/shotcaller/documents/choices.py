"""Writes rankings: candidates with quotes and votes, and every refusal."""

from __future__ import annotations

from collections.abc import Iterable

from shotcaller.catalog import Candidate, Quote, Quoted, Ranking
from shotcaller.documents.basics import Document, day, moment, money
from shotcaller.errors import Refusal


def ranking(found: Ranking) -> Document:
    """Returns a ranking: ``ranking``, best first, and ``refused``."""
    return {
        "ranking": [candidate(one) for one in found.candidates],
        "refused": [refusal(one) for one in found.refused],
    }


def candidate(one: Candidate) -> Document:
    """Returns a model that can take the shot.

    Keys: ``model``, ``title``, ``score``, ``quote``, ``seconds_expected``, ``votes``
    (each ``by``, ``value``, ``weight``, ``reason``), ``warnings``.
    """
    votes = [
        {
            "by": vote.by,
            "value": vote.value,
            "weight": vote.weight,
            "reason": vote.reason,
        }
        for vote in one.votes
    ]
    return {
        "model": one.model,
        "title": one.title,
        "score": one.score,
        "quote": quote(one.quote),
        "seconds_expected": one.seconds_expected,
        "votes": votes,
        "warnings": list(one.warnings),
    }


def quote(known: Quote) -> Document:
    """Returns a quote: ``low``, ``expected``, ``high``, ``source``, ``as_of``."""
    return {
        "low": money(known.low),
        "expected": money(known.expected),
        "high": money(known.high),
        "source": known.source,
        "as_of": day(known.as_of),
    }


def quoted(found: Ranking, kept: Iterable[Quoted]) -> Document:
    """Returns a ranking whose quotes have an ``id`` and ``until`` when it counts."""
    named = {one.model: one for one in kept}
    document = ranking(found)
    for one in document["ranking"]:
        own = named.get(one["model"])
        one["quote"]["id"] = None if own is None else own.id
        one["quote"]["until"] = None if own is None else moment(own.until)
    return document


def refusal(one: Refusal) -> Document:
    """Returns a refusal: ``model``, ``reasons`` (each ``code``, ``message``)."""
    reasons = [{"code": why.code, "message": why.message} for why in one.reasons]
    return {"model": one.model, "reasons": reasons}
