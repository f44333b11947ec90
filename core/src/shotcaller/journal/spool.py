"""Keeps a reply that was paid for where the journal cannot be written any more.

Its file has all its blocks before anything is sent, so that a full disk does not
matter: the reply is written over zeros.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import evolve, frozen

from shotcaller import codec, files
from shotcaller.errors import BadInput, JournalError
from shotcaller.journal import private
from shotcaller.wire import Response

SIZE = 2**16
"""How many bytes a reply may take; of a longer one the end is left out."""

_log = logging.getLogger("shotcaller.journal")


@frozen
class _Written:
    take: str
    reply: Response


@frozen
class Kept:
    """Is a reply that the journal does not have yet, and the file it is in."""

    take: str
    reply: Response
    path: Path


class Spool:
    """Holds the files of one owner, one for each spend that is under way."""

    def __init__(self, folder: Path, owner: str) -> None:
        self._folder = folder
        self._owner = owner
        self._made = 0
        self._free: list[Path] = []
        self._reserved: dict[str, Path] = {}

    def reserve(self, take: str) -> None:
        """Makes sure of room for a take's reply; raises ``OSError`` without any."""
        if take not in self._reserved:
            self._reserved[take] = self._free.pop() if self._free else self._blank()

    def free(self, take: str) -> None:
        """Says that a take's reply has been recorded, or that there is none."""
        path = self._reserved.pop(take, None)
        if path is not None:
            self._free.append(path)

    def keep(self, take: str, reply: Response) -> Path:
        """Writes a reply where there is room for it, and returns where that is."""
        path = self._reserved.pop(take, None)
        if path is None or not path.exists():  # swept away by who thought us dead
            path = self._blank()
        _write(path, _fitting(take, reply))
        return path

    def told(self, take: str, reply: Response, error: Exception) -> Exception:
        """Keeps a reply that could not be recorded, and returns what is to be told."""
        try:
            path = self.keep(take, reply)
        except OSError as failure:
            _log.critical("take %s: lost (%s) was %s", take, failure, reply)
            return error
        _log.warning("take %s: its reply is kept in %s", take, path)
        if not isinstance(error, JournalError):
            return error
        message = f"{error.message} It is kept in {path}."
        return JournalError(message, error.next, error.take, error.charged)

    def kept(self, take: str) -> Kept | None:
        """Returns the reply of a take that some process kept, if one did."""
        return next((kept for kept in self._all() if kept.take == take), None)

    def clear(self, kept: Kept) -> None:
        """Forgets a reply that is recorded by now."""
        kept.path.unlink(missing_ok=True)

    def sweep(self, alive: Callable[[str], bool]) -> None:
        """Removes the files without a reply of owners that are not ``alive``."""
        for path in self._folder.glob("*.spool"):
            if not alive(path.name.partition("-")[0]) and _read(path) is None:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Removes this owner's files, but for those with a reply in them."""
        for path in (*self._free, *self._reserved.values()):
            path.unlink(missing_ok=True)

    def _blank(self) -> Path:
        private.folder(self._folder)
        self._made += 1
        path = self._folder / f"{self._owner}-{self._made}.spool"
        try:
            with open(path, "xb", opener=private.opener) as file:
                file.write(bytes(SIZE))
                file.flush()
                os.fsync(file.fileno())
            files.sync_folder(self._folder)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path

    def _all(self) -> Iterator[Kept]:
        for path in sorted(self._folder.glob("*.spool")):
            kept = _read(path)
            if kept is not None:
                yield kept


def _fitting(take: str, reply: Response) -> bytes:
    short = evolve(reply, body=reply.body[: SIZE // 8])  # JSON may write six for one
    ways = (_text(take, one) for one in (reply, short, evolve(short, headers={})))
    return next(text for text in ways if len(text) <= SIZE)


def _text(take: str, reply: Response) -> bytes:
    text = codec.text(_Written(take, reply)).encode()
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text + b"\n"


def _write(path: Path, text: bytes) -> None:
    with path.open("r+b") as file:  # over what is there: no block is asked for
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> Kept | None:
    """Returns what a file holds; None where it is blank, or was not written whole."""
    try:
        digest, _, rest = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    text = rest.partition(b"\n")[0]
    if hashlib.sha256(text).hexdigest().encode() != digest:
        return None
    try:
        found = codec.load(json.loads(text), _Written, name=str(path))
    except BadInput as error:  # of another version
        _log.warning("%s", error)
        return None
    return Kept(found.take, found.reply, path)
