"""Lands a clip: a hidden part file, checked and measured, then renamed into place."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from shotcaller import containers, files
from shotcaller.containers import Facts
from shotcaller.effects import Missed
from shotcaller.take import Footage, Take

CHUNK = 2**20
MOST_BYTES = 2 * 2**30
_SUFFIXES: Mapping[str, str] = {"mp4": ".mp4", "mov": ".mov", "webm": ".webm"}


class Unlanded(Exception):
    """Says why a clip is not on disk, in the words of ``Missed``."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.missed = Missed(why, message)


class Part:
    """Is a clip on its way to disk: written in chunks, hashed on the way.

    Left without :meth:`land`, it takes its file with it.
    """

    def __init__(self, take: Take) -> None:
        self._take = take
        self._folder = Path(take.output).parent if take.output else Path(take.folder)
        self._digest = hashlib.sha256()
        self._size = 0
        self._path = self._folder / f".{take.id}.{take.epoch}.part"

    def __enter__(self) -> Self:
        with on_disk(self._folder):
            for stray in self._folder.glob(f".{self._take.id}.*.part"):
                stray.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
            self._file: BinaryIO = os.fdopen(os.open(self._path, flags, 0o644), "wb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Adds bytes; raises ``Unlanded`` if there is no room, or far too many."""
        self._size += len(chunk)
        if self._size > MOST_BYTES:
            message = f"the clip has more than {MOST_BYTES // 2**30} GiB"
            raise Unlanded("disk", message)
        self._digest.update(chunk)
        with on_disk(self._folder):
            self._file.write(chunk)

    def copy(self, path: str) -> None:
        """Adds all bytes of a file on this machine."""
        try:
            with Path(path).open("rb") as source:
                while chunk := source.read(CHUNK):
                    self.write(chunk)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", error)
            raise Unlanded("expired", f"{path} is gone ({why})") from error

    def land(self) -> Footage:
        """Checks what was written, puts it in place, and returns it measured."""
        with on_disk(self._folder):
            self._file.flush()
            os.fsync(self._file.fileno())
        form, facts = _measured(self._path)
        with on_disk(self._folder):
            target = self._placed(_SUFFIXES[form])
            files.sync_folder(self._folder)
        return Footage(
            str(target),
            self._size,
            self._digest.hexdigest(),
            facts.seconds,
            facts.width,
            facts.height,
            facts.fps,
            facts.sound,
        )

    def _placed(self, suffix: str) -> Path:
        names = _numbered(self._wanted(suffix))
        return next(target for target in names if self._is_at(target))

    def _is_at(self, target: Path) -> bool:
        """Puts the clip there, or finds it there; False if the name is taken."""
        if target.exists():
            return self._same(target)
        try:
            files.put(self._path, target)
        except FileExistsError:
            return False
        return True

    def _wanted(self, suffix: str) -> Path:
        if self._take.output:
            return Path(self._take.output)
        name = files.clip_name(self._take.asked.prompt, self._take.id)
        return (self._folder / name).with_suffix(suffix)

    def _same(self, target: Path) -> bool:
        with target.open("rb") as file:
            there = hashlib.file_digest(file, "sha256").hexdigest()
        return there == self._digest.hexdigest()


def _numbered(wanted: Path) -> Iterator[Path]:
    yield wanted
    number = 2
    while True:
        yield wanted.with_stem(f"{wanted.stem}-{number}")
        number += 1


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Words what the disk refuses."""
    try:
        yield
    except OSError as error:
        words = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota is used up"}
        why = words.get(error.errno or 0, error.strerror or str(error))
        message = f"the clip cannot be written into {folder}: {why}"
        raise Unlanded("disk", message) from error


def _measured(path: Path) -> tuple[str, Facts]:
    with path.open("rb") as file:
        form = containers.sniff(file.read(containers.HEAD))
    if form is None or form not in _SUFFIXES:
        found = form or "no media that we know"
        raise Unlanded("expired", f"what was delivered is {found}, not a clip")
    if form == "webm":
        return form, Facts()
    try:
        return form, containers.movie_facts(files.moov(path))
    except ValueError as error:
        message = f"the clip that was delivered is damaged: {error}"
        raise Unlanded("expired", message) from error


def landed(take: Take, fill: Callable[[Part], None]) -> Footage | Missed:
    """Returns the clip that ``fill`` writes, on disk and measured, or why not."""
    try:
        with Part(take) as part:
            fill(part)
            return part.land()
    except Unlanded as error:
        return error.missed
