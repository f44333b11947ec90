"""Words why models cannot take a shot: alike ones together, the nearest first; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import define

MOST = 8
"""How many lines a summary has, before it says how many models it leaves out."""

_NAMED = 4
"""How many models are named that are refused for the same reason."""

_OVER = frozenset({"retired", "missing"})
_SET_ASIDE = frozenset({"not-only", "avoided"})

_DETAIL = re.compile(r"; | \(")
"""Where a reason goes on from the fact to what the model has instead."""


@define(frozen=True)
class Reason:
    """Says in one sentence why a model is out, with a stable code for programs."""

    code: str
    message: str


@define(frozen=True)
class Refusal:
    """Lists all the reasons for which one model cannot take the shot."""

    model: str
    reasons: tuple[Reason, ...]


@define(frozen=True)
class Group:
    """Is models that are out for the same reasons, with those in words."""

    models: tuple[str, ...]
    why: str

    @property
    def name(self) -> str:
        """The model, or how many they are."""
        return self.models[0] if len(self.models) == 1 else f"{len(self.models)} models"

    @property
    def reasons(self) -> str:
        """Why they are out, and which ones if they are several."""
        if len(self.models) == 1:
            return self.why
        listed = ", ".join(self.models[:_NAMED])
        more = len(self.models) - _NAMED
        return f"{self.why} ({listed}{f' and {more} more' if more > 0 else ''})"

    def __str__(self) -> str:
        return f"{self.name}: {self.reasons}"


def sentence(reasons: Sequence[Reason]) -> str:
    """Returns reasons in words."""
    return "; ".join(reason.message for reason in reasons)


def summary(refused: Sequence[Refusal]) -> list[str]:
    """Returns at most :data:`MOST` lines on why models are out, and how many are left.

    The refusals themselves hold every reason of every model.
    """
    groups = grouped(refused)
    lines = [str(group) for group in groups[:MOST]]
    more = sum(len(group.models) for group in groups[MOST:])
    if more:
        models = "1 more model" if more == 1 else f"{more} more models"
        lines.append(f"and {models}; `shotcaller rank --all` has every reason")
    return lines


def grouped(refused: Sequence[Refusal]) -> tuple[Group, ...]:
    """Returns the models by why they are out, those first that lack the least.

    Of the nearest it is said what they have instead, of those that are further off
    only where they all have the same. What was set aside by name goes without saying,
    unless nothing else was refused.
    """
    told = [one for one in refused if not _coded(one, _SET_ASIDE)] or refused
    nearest = min((_place(one) for one in told), default=(False, 0))
    alike: dict[str, list[Refusal]] = {}
    for one in told:
        telling = _telling(one)
        near = _place(one) == nearest
        key = _whole(telling) if near else "; ".join(map(_fact, telling))
        alike.setdefault(key, []).append(one)
    ordered = sorted(
        alike.items(), key=lambda item: (_place(item[1][0]), -len(item[1]))
    )
    return tuple(_group(key, of) for key, of in ordered)


def _group(key: str, of: Sequence[Refusal]) -> Group:
    said = {sentence(_telling(one)) for one in of}
    return Group(tuple(one.model for one in of), said.pop() if len(said) == 1 else key)


def _place(one: Refusal) -> tuple[bool, int]:
    """Returns how far a model is from taking the shot: what is over, the furthest."""
    return _coded(one, _OVER), len(_telling(one))


def _telling(one: Refusal) -> Sequence[Reason]:
    """Returns the reasons that matter: of a model that is over, that it is."""
    return [r for r in one.reasons if r.code in _OVER] or one.reasons


def _coded(one: Refusal, codes: frozenset[str]) -> bool:
    return any(reason.code in codes for reason in one.reasons)


def _whole(reasons: Sequence[Reason]) -> str:
    """Returns reasons in words that models may share: each costs another amount."""
    if [reason.code for reason in reasons] == ["budget"]:
        return _fact(reasons[0])
    return sentence(reasons)


def _fact(reason: Reason) -> str:
    """Returns a reason without what the model has instead."""
    if reason.code == "budget":
        return "may cost more than the budget"
    return _DETAIL.split(reason.message, maxsplit=1)[0]
