"""Reads a clip on this machine: what it is, how long and large, and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from shotcaller import containers, files
from shotcaller.containers import Facts
from shotcaller.take import Footage

SUFFIXES: Mapping[str, str] = {"mp4": ".mp4", "mov": ".mov", "webm": ".webm"}
"""The kinds of file that are clips, and how their names end."""


class NoClip(Exception):
    """Says why a file is no whole clip, in words that follow the file's name."""


@frozen
class Kind:
    """Is what a file shows of itself: its kind, such as ``mp4``, and its facts."""

    form: str
    facts: Facts

    def footage(self, path: Path, size: int, sha256: str) -> Footage:
        """Returns it as what was delivered."""
        facts = self.facts
        return Footage(
            str(path),
            size,
            sha256,
            facts.seconds,
            facts.width,
            facts.height,
            facts.fps,
            facts.sound,
            containers.TYPES[self.form],
        )


def kind(path: Path) -> Kind:
    """Returns what a file shows of itself; raises ``NoClip`` or ``OSError``."""
    with path.open("rb") as file:
        form = containers.sniff(file.read(containers.HEAD))
    if form is None or form not in SUFFIXES:
        raise NoClip(f"is {form or 'no media that we know'}, not a clip")
    if form == "webm":  # it has no place for facts that we read
        return Kind(form, Facts())
    try:
        return Kind(form, containers.movie_facts(files.moov(path)))
    except ValueError as error:
        raise NoClip(f"is damaged: {error}") from error


def measured(path: Path) -> Footage:
    """Returns all that a clip's file tells; raises ``NoClip`` or ``OSError``."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return kind(path).footage(path, path.stat().st_size, digest)
