"""Writes rankings: candidates with quotes and votes, and every refusal."""

from __future__ import annotations

from collections.abc import Iterable

from shotcaller.catalog import Candidate, Change, Quote, Quoted, Ranking
from shotcaller.documents.basics import Document, day, moment, money
from shotcaller.ranking import margins
from shotcaller.refusals import Refusal


def ranking(found: Ranking, changes: Iterable[Change] = ()) -> Document:
    """Returns a ranking: ``ranking``, best first, ``refused`` and ``changes``."""
    first = found.candidates[:1]
    return {
        "ranking": [candidate(one, *first) for one in found.candidates],
        "refused": [refusal(one) for one in found.refused],
        "changes": [change(one) for one in changes],
    }


def candidate(one: Candidate, first: Candidate | None = None) -> Document:
    """Returns a model that can take the shot.

    Keys: ``model``, ``title``, ``score``, ``quote``, ``seconds_expected``, ``votes``
    (each ``by``, ``value``, ``weight``, ``reason``), ``behind`` (each ``by``,
    ``value``), ``warnings``, ``stand_in``. ``behind`` is by how much of the score each
    vote puts ``first`` above it.
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
    behind = () if first is None or first is one else margins(first, one)
    return {
        "model": one.model,
        "title": one.title,
        "score": one.score,
        "quote": quote(one.quote),
        "seconds_expected": one.seconds_expected,
        "votes": votes,
        "behind": [{"by": each.by, "value": each.value} for each in behind],
        "warnings": list(one.warnings),
        "stand_in": one.stand_in,
    }


def change(one: Change) -> Document:
    """Returns what would make another model lead.

    Keys: ``about``, ``value``, ``model``, ``message``.
    """
    return {
        "about": one.about,
        "value": one.value,
        "model": one.model,
        "message": one.message,
    }


def quote(known: Quote) -> Document:
    """Returns a quote.

    Keys: ``low``, ``expected``, ``high``, ``currency``, ``rate``, ``per``, ``seconds``,
    ``source``, ``as_of``, ``stale``.
    """
    return {
        "low": money(known.low),
        "expected": money(known.expected),
        "high": money(known.high),
        "currency": known.currency,
        "rate": money(known.rate),
        "per": known.per,
        "seconds": known.seconds,
        "source": known.source,
        "as_of": day(known.as_of),
        "stale": known.stale,
    }


def quoted(
    found: Ranking, kept: Iterable[Quoted], changes: Iterable[Change] = ()
) -> Document:
    """Returns a ranking whose quotes have an ``id`` and ``until`` when it counts."""
    named = {one.model: one for one in kept}
    document = ranking(found, changes)
    for one in document["ranking"]:
        own = named.get(one["model"])
        one["quote"]["id"] = None if own is None else own.id
        one["quote"]["until"] = None if own is None else moment(own.until)
    return document


def refusal(one: Refusal) -> Document:
    """Returns a refusal: ``model``, ``reasons`` (each ``code``, ``message``)."""
    reasons = [{"code": why.code, "message": why.message} for why in one.reasons]
    return {"model": one.model, "reasons": reasons}
