"""Prints: answers to stdout, all else to stderr, nothing that a terminal would obey."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import click

from shotcaller.redaction import plain, unsigned

if TYPE_CHECKING:  # drawing is not needed for most answers
    from rich.console import Console, RenderableType

UNBOUND = 10_000
"""The width of what is not shown on a terminal: nothing is cut or wrapped."""

_GAP = 2
"""How many columns of the terminal lie between two of a table."""

_LEAST = 8
"""How many columns of the last one must be there to be worth the while."""

_JOINERS = "\u200c\u200d"
"""Invisible characters that belong to words and emoji, and move nothing."""


def safe(text: str) -> str:
    """Returns text as one line, all that a terminal could obey spelled out."""
    text = unsigned(text)
    indent = len(text) - len(text.lstrip(" "))
    line = " ".join(text.split())
    return " " * indent + "".join(_spelled(character) for character in line)


def _spelled(character: str) -> str:
    if character in _JOINERS:
        return character
    if unicodedata.category(character) in {"Cc", "Cf", "Cs"}:
        return character.encode("unicode_escape").decode()
    return character


def say(text: str) -> None:
    """Prints a line for a person to stderr."""
    click.echo(safe(text), err=True)


def say_as_is(text: str) -> None:
    """Prints lines for a person to stderr, their spaces kept."""
    for line in unsigned(text).splitlines():
        click.echo("".join(_spelled(character) for character in line), err=True)


def answer(text: str) -> None:
    """Prints a line of the answer to stdout."""
    click.echo(safe(text))


def answer_path(path: str) -> None:
    """Prints a path to stdout, byte for byte where a program reads it."""
    if on_terminal(sys.stdout):
        answer(path)
    else:
        click.echo(os.fsencode(path))


def answer_document(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Prints one JSON document to stdout, in ASCII."""
    click.echo(json.dumps(plain(document), indent=2, allow_nan=False))


def on_terminal(stream: TextIO | None) -> bool:
    """Whether a person watches a stream."""
    return stream is not None and not stream.closed and stream.isatty()


def console(stream: TextIO) -> Console:
    """Returns a console that interprets nothing; as wide as the terminal, if any."""
    from rich.console import Console

    width = None if on_terminal(stream) else UNBOUND
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def answer_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, whole: int = 1
) -> None:
    """Prints a table to stdout; the first ``whole`` columns are never broken."""
    _answer({name: place < whole for place, name in enumerate(headings)}, rows)


def answer_columns(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, folds: str
) -> None:
    """Prints a table to stdout of which only the column that ``folds`` is broken."""
    _answer({name: name != folds for name in headings}, rows)


def _answer(headings: Mapping[str, bool], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table by its headings, each with whether its column stays whole."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, whole in headings.items():
        table.add_column(heading, overflow="fold", no_wrap=whole)
    for row in rows:
        table.add_row(*(Text(safe(cell)) for cell in row))
    _draw(table)


def answer_lines(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, yields: str
) -> None:
    """Prints a table to stdout, a line for each row.

    The last column may be cut, and is left out where next to nothing of it would be
    left; then the one that ``yields`` may be cut, and no other.
    """
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    worded = [[safe(cell) for cell in row] for row in rows]
    columns = list(zip(headings, *worded, strict=True))
    taken = sum(max(map(cell_len, column)) + _GAP for column in columns[:-1])
    if console(sys.stdout).width - taken < _LEAST:
        columns.pop()
    cut = headings[-1] if len(columns) == len(headings) else yields
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, *_ in columns:
        # The only column that could be broken is the one that shrinks.
        table.add_column(heading, no_wrap=heading != cut)
    for row in zip(*(cells for _, *cells in columns), strict=True):
        cells = [Text(cell, no_wrap=True, overflow="ellipsis") for cell in row]
        table.add_row(*cells)
    _draw(table)


def answer_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Prints facts to stdout, each with its name, long ones wrapped beside it."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, fact in facts:
        table.add_row(Text(name, style="bold"), Text(safe(fact)))
    _draw(table)


def _draw(what: RenderableType) -> None:
    drawing = console(sys.stdout)
    with drawing.capture() as drawn:
        drawing.print(what)
    for line in drawn.get().splitlines():
        click.echo(line.rstrip())
