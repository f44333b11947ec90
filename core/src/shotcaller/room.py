"""Tells whether a clip can still be written where it is to go, before it is paid."""

from __future__ import annotations

from pathlib import Path

from shotcaller import files
from shotcaller.errors import BadInput


def lacking(scratch: Path, output: str | None, folder: str) -> str:
    """Returns why no clip can be written any more; nothing where one can.

    ``output`` is the clip's path, if one is wanted, else it goes into ``folder``.
    """
    try:
        files.checked_folder(scratch, str(Path(output).parent) if output else folder)
    except BadInput as error:
        return error.message
    return ""
