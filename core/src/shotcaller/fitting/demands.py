"""Looks once at what a shot demands, for all the models that are asked about it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from shotcaller.catalog import Operation, starts
from shotcaller.shot import Media, Shot


@frozen
class Demand:
    """Is a shot, with all that follows from it alone.

    ``start`` is what decides most of what it starts from, and ``others`` the rest;
    ``prompts`` are its prompts, each with its name, and ``longest`` is how many
    characters the longest of them has; ``framed`` tells whether it asks for a shape
    or a size.
    """

    shot: Shot
    start: Operation
    others: tuple[Operation, ...]
    length: float | None
    media: tuple[Media, ...]
    prompts: tuple[tuple[str, str], ...]
    longest: int
    framed: bool

    @classmethod
    def of(cls, shot: Shot) -> Demand:
        """Returns what a shot demands."""
        start, *others = starts(shot)
        prompts = tuple(_prompts(shot))
        return cls(
            shot,
            start,
            tuple(others),
            shot.length,
            shot.media,
            prompts,
            max(len(prompt) for _, prompt in prompts),
            shot.ratio is not None or shot.resolution is not None,
        )


def _prompts(shot: Shot) -> Iterator[tuple[str, str]]:
    yield "the prompt", shot.prompt
    for number, cut in enumerate(shot.cuts, 1):
        yield f"the prompt of cut {number}", cut.prompt
    if shot.negative is not None:
        yield "the negative prompt", shot.negative
