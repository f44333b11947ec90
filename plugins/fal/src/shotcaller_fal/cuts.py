"""Tells cuts: as a list where an endpoint has one, else within the prompt."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from shotcaller.plugin import JSON, Cut, Refused, Shot
from shotcaller_fal.routes import Route

USUAL = 5
"""How long a cut is, in whole seconds, where neither it nor the shot says."""


def listed(shot: Shot, route: Route) -> Mapping[str, JSON]:
    """Tells each cut with its length in ``multi_prompt``, which replaces ``prompt``.

    What holds for the whole shot is told with every cut. The lengths add up to the
    shot's, so that what is made is what was quoted.
    """
    if not shot.cuts:
        return {"prompt": shot.prompt}
    lengths = _shared(shot, route)
    prompts = [f"{shot.prompt} {cut.prompt}" for cut in shot.cuts]
    if (longest := max(map(len, prompts))) > (most := route.can.prompt):
        message = f"cuts: with the prompt of the shot, one has {longest} characters"
        raise Refused(f"{message}; {route.endpoint} takes {most}.", reason="input")
    told: list[JSON] = [
        {"prompt": prompt, "duration": str(seconds)}
        for prompt, seconds in zip(prompts, lengths, strict=True)
    ]
    return {"multi_prompt": told, "duration": str(sum(lengths))}


def _shared(shot: Shot, route: Route) -> list[int]:
    """Returns whole seconds for each cut; those that say none share what is left."""
    longest = route.can.seconds.high
    silent = sum(cut.seconds is None for cut in shot.cuts)
    given = sum(cut.seconds or 0 for cut in shot.cuts)
    total = shot.seconds or min(longest, given + USUAL * silent)
    left = round(total - given)
    if left < silent or given != int(given):
        message = f"cuts: {total:g} s cannot be shared among {len(shot.cuts)} cuts"
        raise Refused(f"{message} in whole seconds.", reason="input")
    shares = iter([left // silent + (n < left % silent) for n in range(silent)])
    return [next(shares) if c.seconds is None else int(c.seconds) for c in shot.cuts]


def in_prompt(shot: Shot, route: Route) -> Mapping[str, JSON]:
    """Tells the cuts within the prompt, numbered, with their times where known.

    If the length is left to us and the endpoint would take its usual one, however many
    cuts there are, the shortest that has room for them is sent.
    """
    told = [shot.prompt, *(_line(n, shot.cuts) for n in range(len(shot.cuts)))]
    prompt = {"prompt": "\n".join(told)}
    if not shot.cuts or shot.length or route.can.default_seconds is None:
        return prompt
    wanted = sum(USUAL if cut.seconds is None else cut.seconds for cut in shot.cuts)
    longest = max(route.seconds)
    room = min((s for s in route.seconds if s >= wanted), default=longest)
    return {**prompt, "duration": route.seconds[room]}


def _line(number: int, cuts: tuple[Cut, ...]) -> str:
    cut = cuts[number]
    lengths = [one.seconds for one in cuts[: number + 1]]
    if None in lengths:
        return f"Shot {number + 1}: {cut.prompt}"
    ends = [0.0, *accumulate(seconds or 0 for seconds in lengths)]
    return f"Shot {number + 1} ({ends[-2]:g}-{ends[-1]:g} s): {cut.prompt}"
