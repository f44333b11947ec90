"""Is the form of what is measured: our figure, the other's, their ratio, the promise.

Only what a promise is about is judged; the rest is there to be read.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen


@frozen
class Row:
    """Is one figure of ours beside one of somebody else's, in the same ``unit``.

    ``most`` is the promise about ours, ``ratio`` about ours divided by theirs; None
    where nothing is promised. ``theirs`` None means that ours stands alone.
    """

    measured: str
    against: str
    ours: float
    theirs: float | None
    unit: str = ""
    most: float | None = None
    ratio: float | None = None

    @property
    def share(self) -> float | None:
        """What ours is of theirs; None where there is nothing to divide by."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def kept(self) -> bool:
        """Whether nothing that was promised is broken."""
        within = self.most is None or self.ours <= self.most
        if self.ratio is None:
            return within
        return within and self.share is not None and self.share <= self.ratio


@frozen
class Table:
    """Is what one benchmark found: lines of words under heads, how many are broken.

    ``note`` says how it was measured, as far as the heads do not.
    """

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]
    broken: int
    note: str = ""

    def __str__(self) -> str:
        widths = [
            max(len(cell) for cell in column)
            for column in zip(self.heads, *self.lines, strict=True)
        ]
        told = [self.title, "", _line(self.heads, widths)]
        told += [_line(line, widths) for line in self.lines]
        if self.note:
            told += ["", self.note]
        return "\n".join(told)


def compared(title: str, rows: Sequence[Row], note: str = "") -> Table:
    """Returns the table of figures beside each other."""
    heads = ("measured", "against", "ours", "theirs", "ratio", "promise")
    lines = [
        (
            row.measured,
            row.against,
            _figure(row.ours, row.unit),
            "-" if row.theirs is None else _figure(row.theirs, row.unit),
            "-" if row.share is None else f"{row.share:.3g}",
            _promise(row),
        )
        for row in rows
    ]
    return Table(title, heads, lines, sum(not row.kept for row in rows), note)


def _figure(value: float, unit: str) -> str:
    return f"{value:.4g} {unit}".strip()


def _promise(row: Row) -> str:
    parts = []
    if row.most is not None:
        parts.append(f"at most {_figure(row.most, row.unit)}")
    if row.ratio is not None:
        parts.append(f"ratio at most {row.ratio:g}")
    if not parts:
        return ""
    return f"{' and '.join(parts)}: {'kept' if row.kept else 'NOT KEPT'}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()
