"""Does the work on this machine's files that programs ask for by ``Work``.

Each function takes the take's folder first, as all work does.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import evolve

from shotcaller import containers, parts
from shotcaller.containers import Facts
from shotcaller.errors import BadInput
from shotcaller.shot import Kind, Media, checks
from shotcaller.take import Footage

SPARE_BYTES = 64 * 2**20
"""How much must be free where a clip is to go, before anything is paid."""

LONGEST_NAME = 200
"""How many bytes a clip's name may have, so that there is room for a number."""

_CHUNK = 2**20
_MOST_MOOV_BYTES = 32 * 2**20
_MOST_BOXES = 100_000


def measured(_folder: Path, name: str, media: Media) -> Media:
    """Returns a local file with all that it tells; ``name`` is its field.

    Raises ``BadInput`` if it is missing, empty, a folder, cut short or no media of
    its kind.
    """
    try:
        path = _resolved(media.source)
        _ordinary(path)
        digest, head, tail, size = _read(path)
    except (OSError, ValueError, RuntimeError) as error:
        raise _bad(name, media, _why(error)) from error
    if size == 0:
        raise _bad(name, media, "is empty")
    form = containers.sniff(head)
    if form is None or containers.KINDS[form] != media.kind:
        raise _bad(name, media, f"is not {_article(media.kind)} that we know")
    if not containers.whole(form, head, tail, size):
        raise _bad(name, media, f"is cut short: its {form} data has no end")
    facts = _facts(path, form, head)
    return evolve(
        media,
        source=str(path),
        sha256=digest,
        bytes=size,
        width=facts.width,
        height=facts.height,
        type=containers.TYPES[form],
        seconds=facts.seconds or None,  # what is sent in fragments says 0
    )


def _facts(path: Path, form: str, head: bytes) -> Facts:
    """Returns what a picture or video tells of itself; nothing where it hides it."""
    if form not in {"mp4", "mov"}:
        width, height = containers.image_size(form, head) or (None, None)
        return Facts(width=width, height=height)
    try:
        return containers.movie_facts(moov(path))
    except (ValueError, OSError):  # others may read it all the same
        return Facts()


def moov(path: Path) -> bytes:
    """Returns what a movie says of itself.

    Raises ``ValueError`` if it says nothing, or if its pictures are cut short.
    """
    size = path.stat().st_size
    found, at = None, 0
    with path.open("rb") as file:
        for _ in range(_MOST_BOXES):  # nobody needs more; to skim them takes time
            if at + 8 > size:
                break
            file.seek(at)
            header = file.read(16)
            length, start = _box_length(header, size - at)
            if at + length > size and header[4:8] == b"mdat":
                msg = f"it ends {at + length - size} bytes too early"
                raise ValueError(msg)
            if length < start or at + length > size:
                break  # what stands behind a whole movie does no harm
            if header[4:8] == b"moov" and length <= _MOST_MOOV_BYTES:
                file.seek(at + start)
                found = file.read(length - start)
            at += length
    if found is None:
        msg = "it has no whole moov box"
        raise ValueError(msg)
    return found


def _box_length(header: bytes, left: int) -> tuple[int, int]:
    length = int.from_bytes(header[:4], "big")
    if length == 1:
        return int.from_bytes(header[8:16], "big"), 16
    return (left if length == 0 else length), 8


def _bad(name: str, media: Media, why: str) -> BadInput:
    return checks.bad(name, media.source, why)


def _article(kind: Kind) -> str:
    return f"an {kind}" if kind is Kind.IMAGE else f"a {kind}"


def _ordinary(path: Path) -> None:
    """Refuses what cannot be read to its end, such as a pipe or a device."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    if not stat.S_ISREG(mode):
        msg = "it is a device or a pipe"
        raise ValueError(msg)


def _why(error: Exception) -> str:
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    return f"cannot be read ({_worded(error)})"


def _worded(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _read(path: Path) -> tuple[str, bytes, bytes, int]:
    digest = hashlib.sha256()
    head = tail = b""
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            head = head or chunk[: containers.HEAD]
            tail = (tail + chunk)[-containers.HEAD :]
            size += len(chunk)
    return digest.hexdigest(), head, tail, size


def checked_output(_folder: Path, output: str) -> str:
    """Returns the absolute path for a clip; raises ``BadInput`` if it cannot go there.

    An existing file is never replaced; a name that ends in a separator, or a folder,
    is refused.
    """
    with _usable(output):
        path = _resolved(output)
        if output.endswith(("/", os.sep)) or path.is_dir():
            raise _no_output(output, "is a folder", "Name a file in it.")
        if path.exists():
            raise _taken(output)
        if len(path.name.encode()) > LONGEST_NAME:
            why = f"has a name of more than {LONGEST_NAME} bytes"
            raise _no_output(output, why, "Shorten it.")
        _writable(output, path.parent)
    return str(path)


def awaited(folder: Path, output: str, own: str | None) -> None:
    """Raises ``BadInput`` if a clip cannot go there, its ``own`` place apart."""
    with _usable(output):
        resolved = str(_resolved(output))
    if resolved != own:
        checked_output(folder, output)


def checked_folder(_folder: Path, output: str) -> str:
    """Returns the absolute folder for clips; raises ``BadInput`` if it is unusable."""
    with _usable(output):
        path = _resolved(output)
        _writable(output, path)
    return str(path)


def _resolved(source: str) -> Path:
    if "\0" in source:
        msg = "no path holds a NUL"
        raise ValueError(msg)
    path = Path(source).expanduser().resolve()
    str(path).encode()  # the journal writes UTF-8
    return path


@contextmanager
def _usable(output: str) -> Iterator[None]:
    """Words what the system refuses: a NUL, an unknown ~user, a closed folder."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        why = f"cannot be used ({_worded(error)})"
        raise _no_output(output, why, "Choose another path.") from error


def _writable(output: str, folder: Path) -> None:
    if not folder.is_dir():
        hint = "Make it first."
        raise _no_output(output, f"cannot be made: {folder} is not a folder", hint)
    if not os.access(folder, os.W_OK | os.X_OK):
        hint = "Choose another folder with --output."
        raise _no_output(output, f"cannot be written: {folder} is read-only", hint)
    free = shutil.disk_usage(folder).free
    if free < SPARE_BYTES:
        have, need = free // 2**20, SPARE_BYTES // 2**20
        why = f"has too little room: {have} MiB free in {folder}, {need} are needed"
        raise _no_output(output, why, "Free some space.")


def _taken(output: str) -> BadInput:
    hint = "Choose another name, or move that file away."
    return _no_output(output, "exists already", hint)


def _no_output(output: str, why: str, hint: str) -> BadInput:
    return checks.bad("output", output, why, hint)


def present(_folder: Path, footage: Footage) -> bool:
    """Whether a clip is still on disk as it was delivered."""
    path = Path(footage.path)
    try:
        return path.stat().st_size == footage.bytes and _read(path)[0] == footage.sha256
    except OSError:
        return False


def copied(folder: Path, footage: Footage, output: str) -> Footage:
    """Copies a clip to another place and returns it from there.

    Raises ``BadInput``, and loses nothing, where it cannot go there.
    """
    with _usable(output):
        there = evolve(footage, path=str(_resolved(output)))
    if present(folder, there):
        return there
    output = checked_output(folder, output)
    mine = f"{os.getpid()}-{threading.get_ident()}"
    part = Path(output).with_name(f".{footage.sha256[:16]}.{mine}.part")
    try:
        _duplicate(Path(footage.path), part)
        put(part, Path(output))
        sync_folder(part.parent)
    except FileExistsError as error:
        raise _taken(output) from error
    except OSError as error:
        why = f"cannot be written ({_worded(error)})"
        raise _no_output(output, why, "") from error
    finally:
        part.unlink(missing_ok=True)
    return evolve(footage, path=output)


def _duplicate(source: Path, part: Path) -> None:
    parts.sweep(part.parent, f".{part.name.split('.')[1]}.*.part")
    with source.open("rb") as clip, parts.begun(part) as copy:
        shutil.copyfileobj(clip, copy, _CHUNK)
        copy.flush()
        os.fsync(copy.fileno())


def put(part: Path, target: Path) -> None:
    """Gives a part file its place; raises ``FileExistsError`` if that is taken.

    The part's own name may remain.
    """
    try:
        os.link(part, target)  # unlike a rename, this never replaces a file
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(target) from None
        part.rename(target)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder outlive a power cut, where folders can be opened."""
    with suppress(PermissionError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def cleared(folder: Path) -> None:
    """Removes a take's folder, which nothing needs any more."""
    shutil.rmtree(folder, ignore_errors=True)


def clip_name(prompt: str, take: str) -> str:
    """Returns a file name made from a prompt: its words, and the take's id."""
    words = re.findall(r"[^\W_]+", prompt.lower())
    stem = "-".join(words)[:48].strip("-")
    while len(stem.encode()) > 120:  # noqa: PLR2004  names may hold 255 bytes
        stem = stem[:-1]
    return f"{stem or 'clip'}-{take[:8]}.mp4"
