"""Explains a choice: the order and what decided it, what would change it, refusals."""

from __future__ import annotations

from collections.abc import Sequence

from shotcaller import expecting, refusals
from shotcaller.catalog import Candidate, Change, Ranking, Vote
from shotcaller.ranking import margins
from shotcaller.refusals import Refusal
from shotcaller_cli import screen, words

SHOWN = 10
"""How many candidates, and how many reasons, are shown unless all are asked for."""

WEIGHTS_SHOWN = 3
"""How many weights are named that would change the order."""


def answer_order(found: Ranking) -> None:
    """Prints the candidates as a table, and the votes that put the first in front."""
    if not found.candidates:
        return
    first, *rest = found.candidates
    headings = ("", "model", "score", "cost", "clip", "time", "behind by")
    shown = found.candidates[:SHOWN]
    rows = [_row(place, one, first) for place, one in enumerate(shown, 1)]
    screen.answer_table(headings, rows, whole=len(headings))
    more = len(found.candidates) - len(shown)
    if more:
        screen.answer(f"and {more} more, below; --all shows them")
    screen.answer("")
    screen.answer(f"why {first.model} is first:")
    screen.answer_facts(_deciding(first, rest))


def answer_votes(found: Ranking) -> None:
    """Prints every candidate with the votes that count."""
    for place, one in enumerate(found.candidates, 1):
        screen.answer(f"{place}. {one.model}: {one.title}")
        screen.answer_facts(_facts(one))


def answer_changes(
    found: Ranking, changes: Sequence[Change], *, whole: bool = False
) -> None:
    """Prints what would make another model lead, the weights that would last."""
    asked = [one for one in changes if one.about != "weight"]
    weighed = [one for one in changes if one.about == "weight"]
    if not whole:
        weighed = weighed[:WEIGHTS_SHOWN]
    if asked or weighed:
        _apart(found)
        screen.answer("another would lead:")
        screen.answer_facts(("  -", one.message) for one in (*asked, *weighed))


def answer_refused(found: Ranking, *, whole: bool = False) -> None:
    """Prints why the other models cannot take the shot.

    Where a model is named, that nobody asked for the others goes without saying.
    """
    refused = found.refused
    if not whole:
        refused = tuple(one for one in refused if not unasked(one))
    if not refused:
        return
    _apart(found)
    screen.answer("cannot take it:")
    if whole:
        screen.answer_facts(
            (f"  {one.model}", refusals.sentence(one.reasons)) for one in refused
        )
        return
    groups = refusals.grouped(refused)
    screen.answer_facts((f"  {one.name}", one.reasons) for one in groups[:SHOWN])
    more = len(groups) - SHOWN
    if more > 0:
        screen.answer(f"  and for {more} more reasons; --all shows them")


def _apart(found: Ranking) -> None:
    """Prints the empty line between the order and what comes after it."""
    if found.candidates:
        screen.answer("")


def unasked(one: Refusal) -> bool:
    """Whether a model is out because another was named."""
    return any(reason.code == "not-named" for reason in one.reasons)


def _row(place: int, one: Candidate, first: Candidate) -> tuple[str, ...]:
    known = one.quote.expected
    cost = "unknown" if known is None else words.cents(known)
    return (
        str(place),
        one.model,
        f"{one.score:.2f}",
        cost if known is None or known else "free",
        _seconds(one.quote.seconds),
        _seconds(one.seconds_expected),
        "" if one is first else _behind(one, first),
    )


def _seconds(known: float | None) -> str:
    return "" if known is None else f"{known:.0f} s"


def _behind(one: Candidate, first: Candidate) -> str:
    """Returns the vote that costs a candidate most of the score."""
    if one.stand_in and not first.stand_in:
        return "no AI model"
    most = margins(first, one)[0] if first.votes else None
    return f"{most.by} {most.value:.3f}" if most and most.value > 0 else "its id"


def _deciding(first: Candidate, rest: Sequence[Candidate]) -> list[tuple[str, str]]:
    facts = [("  title", first.title)]
    facts += [(f"  {screen.safe(v.by)}", _vote(v)) for v in first.votes if v.weight]
    if rest:
        ahead = [
            f"{each.by} {each.value:+.3f}"
            for each in margins(first, rest[0])
            if round(each.value, 3)
        ]
        level = "level; the id decides"
        facts.append((f"  before {rest[0].model}", ", ".join(ahead) or level))
    return facts + [("  warning", warning) for warning in first.warnings]


def _facts(one: Candidate) -> list[tuple[str, str]]:
    facts = [("   score", f"{one.score:.2f}"), ("   cost", words.quote(one.quote))]
    if one.seconds_expected is not None:
        facts.append(("   time", expecting.about(one.seconds_expected)))
    facts += [
        (f"   {screen.safe(vote.by)}", _vote(vote)) for vote in one.votes if vote.weight
    ]
    return facts + [("   warning", warning) for warning in one.warnings]


def _vote(vote: Vote) -> str:
    return f"{vote.value:.2f} x {vote.weight:.2f}, {vote.reason}"
