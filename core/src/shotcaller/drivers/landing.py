"""Lands a clip: a hidden part file, checked and measured, then renamed into place."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, takewhile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from shotcaller import clips, files, parts, receipts
from shotcaller.effects import Missed
from shotcaller.take import Footage, Take

if TYPE_CHECKING:  # a gateway on this machine needs no HTTP library
    from shotcaller.transport.downloading import Piece

CHUNK = 2**20
MOST_BYTES = 2 * 2**30
KEPT_FREE = 16 * 2**20
"""How many bytes a clip leaves free, so that what happens can still be recorded."""

LOOK = 16 * 2**20
"""After how many bytes it is looked again how many are free."""


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
        self._folder = _folder(take)
        self._digest = hashlib.sha256()
        self._size = self._checked = 0
        self._path = self._folder / f".{take.id}.{take.epoch}.part"

    def __enter__(self) -> Self:
        with on_disk(self._folder):
            parts.sweep(self._folder, f".{self._take.id}.*.part")
            self._file: BinaryIO = parts.begun(self._path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # what it could not write has been told already
            self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def add(self, piece: Piece) -> None:
        """Takes the next piece of a download: a beginning, or bytes."""
        if isinstance(piece, bytes):
            self.write(piece)
        else:
            self.begin(piece.length)

    def begin(self, length: int | None) -> None:
        """Forgets what was written, as the first byte comes next.

        Raises ``Unlanded`` if ``length`` bytes, where known, are too many.
        """
        self._digest = hashlib.sha256()
        self._size = self._checked = 0
        with on_disk(self._folder):
            self._file.seek(0)
            self._file.truncate()
        if length is not None:
            self._allow(length)
            self._require_room(length)

    def write(self, chunk: bytes) -> None:
        """Adds bytes; raises ``Unlanded`` if there is no room, or far too many."""
        self._size += len(chunk)
        self._allow(self._size)
        if self._size - self._checked >= LOOK:
            self._checked = self._size
            self._require_room(len(chunk))
        self._digest.update(chunk)
        with on_disk(self._folder):
            self._file.write(chunk)

    def _allow(self, size: int) -> None:
        if size > MOST_BYTES:
            message = f"the clip has more than {MOST_BYTES // 2**30} GiB"
            raise Unlanded("disk", message)

    def _require_room(self, size: int) -> None:
        with on_disk(self._folder):
            free = shutil.disk_usage(self._folder).free
        if free < size + KEPT_FREE:
            need, have = -(-(size + KEPT_FREE) // 2**20), free // 2**20
            message = f"{self._folder} has {have} MiB free, the clip needs {need}"
            raise Unlanded("disk", message)

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
        try:
            kind = clips.kind(self._path)
        except clips.NoClip as error:
            raise Unlanded("expired", f"what was delivered {error}") from error
        with on_disk(self._folder):
            target = self._placed(clips.SUFFIXES[kind.form])
            files.sync_folder(self._folder)
        return kind.footage(target, self._size, self._digest.hexdigest())

    def _placed(self, suffix: str) -> Path:
        names = _numbered(_wanted(self._take, suffix))
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

    def _same(self, target: Path) -> bool:
        with target.open("rb") as file:
            there = hashlib.file_digest(file, "sha256").hexdigest()
        return there == self._digest.hexdigest()


def _folder(take: Take) -> Path:
    return Path(take.output).parent if take.output else Path(take.folder)


def _wanted(take: Take, suffix: str) -> Path:
    if take.output:
        return Path(take.output)
    name = files.clip_name(take.asked.prompt, take.id)
    return (_folder(take) / name).with_suffix(suffix)


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


def found(take: Take) -> Footage | None:
    """Returns the take's clip if it is in place already, which its receipt proves.

    So it is if this machine stopped between the receipt and the record of it.
    """
    wanted = dict.fromkeys(_wanted(take, end) for end in clips.SUFFIXES.values())
    there = (takewhile(Path.exists, _numbered(path)) for path in wanted)
    looked = (_receipted(path, take) for path in chain.from_iterable(there))
    return next((footage for footage in looked if footage is not None), None)


def _receipted(path: Path, take: Take) -> Footage | None:
    receipt = receipts.read(str(path))
    if receipt is None or receipt.get("take") != take.id:
        return None
    try:
        footage = clips.measured(path)
    except (OSError, clips.NoClip):
        return None
    return footage if receipt["clip"].get("sha256") == footage.sha256 else None


def landed(take: Take, fill: Callable[[Part], None]) -> Footage | Missed:
    """Returns the clip that ``fill`` writes, on disk and measured, or why not."""
    there = found(take)
    if there is not None:
        return there
    try:
        with Part(take) as part:
            fill(part)
            return part.land()
    except Unlanded as error:
        return error.missed
