"""Says whether a clip is what its receipt and the journal say it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from shotcaller import clips, receipts
from shotcaller.client.doctor import Finding, Grade
from shotcaller.client.setup import Output, named
from shotcaller.errors import BadInput
from shotcaller.journal import Journal
from shotcaller.shot import checks
from shotcaller.take import Footage, State, Take

MEASURED = ("type", "seconds", "width", "height", "fps", "sound")
"""What is measured in a clip, besides its size and digest."""


@frozen
class Verification:
    """Is what came of looking at a clip: each check, and the take that made it.

    ``path`` is absolute; ``receipt`` is the file beside the clip, None if there is
    none; ``take`` is None where neither receipt nor journal names one.
    """

    path: str
    receipt: str | None
    take: str | None
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether the clip is the one that it is said to be, and whole."""
        return all(found.grade is not Grade.BAD for found in self.findings)


def verified(journal: Journal, clip: Output) -> Verification:
    """Looks at a clip, its receipt and the journal; sends and changes nothing.

    Raises :class:`~shotcaller.errors.BadInput` where there is no file to look at.
    """
    name = named(clip)
    checks.kind("clip", name, str)
    path = _there(str(name))
    receipt = receipts.read(str(path))
    try:
        footage = clips.measured(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    except clips.NoClip as error:
        whole = Finding("file", Grade.BAD, f"it {error}")
        return Verification(str(path), _beside(path, receipt), _take(receipt), (whole,))
    made = _made(journal, _take(receipt), footage)
    found = (
        Finding("file", Grade.GOOD, f"it is a clip ({footage.type})"),
        *_receipt(path, receipt, footage),
        *_journal(made, _take(receipt), footage),
    )
    id_ = _take(receipt) or (made.id if made else None)
    return Verification(str(path), _beside(path, receipt), id_, found)


def _there(clip: str) -> Path:
    try:
        path = Path(clip).expanduser().resolve()
        found = path.is_file()
    except (OSError, ValueError, RuntimeError):
        found, path = False, Path(clip)
    if not found:
        raise checks.bad("clip", clip, "is no file", "Name a clip on this machine.")
    return path


def _unreadable(path: Path, error: OSError) -> BadInput:
    return checks.bad("clip", str(path), f"cannot be read ({error.strerror or error})")


def _beside(path: Path, receipt: object) -> str | None:
    return None if receipt is None else str(receipts.beside(str(path)))


def _take(receipt: Mapping[str, Any] | None) -> str | None:
    id_ = None if receipt is None else receipt.get("take")
    return id_ if isinstance(id_, str) else None


def _receipt(
    path: Path, receipt: Mapping[str, Any] | None, footage: Footage
) -> Iterator[Finding]:
    if receipt is None:
        beside = receipts.beside(str(path))
        lacks = "is not one of ours" if beside.exists() else "is missing"
        message = f"{beside.name} {lacks}; `shotcaller resume TAKE` writes it again"
        yield Finding("receipt", Grade.NOTE, message)
        return
    said = receipt["clip"]
    off = list(_digest(said, footage))
    if not off:
        off = [_differs(name, said, footage) for name in MEASURED]
    wrong = [sentence for sentence in off if sentence]
    for sentence in wrong:
        yield Finding("receipt", Grade.BAD, sentence)
    if not wrong:
        message = "bytes, digest and all that is measured are those of the receipt"
        yield Finding("receipt", Grade.GOOD, message)


def _digest(said: Mapping[str, Any], footage: Footage) -> Iterator[str]:
    if said.get("bytes") != footage.bytes:
        yield f"it has {footage.bytes} bytes, the receipt says {said.get('bytes')}"
    elif said.get("sha256") != footage.sha256:
        yield f"its SHA-256 is {footage.sha256}, the receipt says {said.get('sha256')}"


def _differs(name: str, said: Mapping[str, Any], footage: Footage) -> str:
    there, expected = getattr(footage, name), said.get(name)
    if expected is None or there == expected:  # an older version measured less
        return ""
    numbers = isinstance(there, float) and isinstance(expected, int | float)
    if numbers and math.isclose(float(there), float(expected), abs_tol=1e-3):
        return ""
    return f"its {name} is measured as {there}, the receipt says {expected}"


def _made(journal: Journal, id_: str | None, footage: Footage) -> Take | None:
    """Returns the take that a clip is of, by its receipt or else by its digest."""
    chain = journal.chain(id_) if id_ else ()
    if chain:
        return next(take for take in chain if take.id == id_)
    done = journal.takes([State.DONE], 2**31)
    same = (take for take in done if take.footage and _same(take.footage, footage))
    return next(same, None)


def _same(known: Footage, footage: Footage) -> bool:
    return (known.bytes, known.sha256) == (footage.bytes, footage.sha256)


def _journal(made: Take | None, id_: str | None, footage: Footage) -> Iterator[Finding]:
    if made is None:
        # a receipt vouches for a clip wherever it was taken to
        grade = Grade.NOTE if id_ else Grade.BAD
        of = f"no take {id_}" if id_ else "no take with this clip"
        yield Finding("journal", grade, f"the journal of this machine has {of}")
    elif made.footage is None:
        message = f"take {made.id} is {made.state} and has no clip on record"
        yield Finding("journal", Grade.BAD, message)
    elif not _same(made.footage, footage):
        message = f"take {made.id} delivered another file: SHA-256"
        yield Finding("journal", Grade.BAD, f"{message} {made.footage.sha256}")
    elif made.state is not State.DONE:
        message = f"take {made.id} delivered it and is being fetched again"
        yield Finding("journal", Grade.NOTE, message)
    else:
        yield Finding("journal", Grade.GOOD, f"take {made.id} delivered it")
