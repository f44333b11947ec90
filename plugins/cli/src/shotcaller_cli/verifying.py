"""Holds ``verify``: whether a clip is the one that its receipt speaks of."""

from __future__ import annotations

import click

from shotcaller import documents
from shotcaller_cli import screen
from shotcaller_cli.asking import as_json
from shotcaller_cli.session import Session

DIFFERENT = 2
"""The exit code where a clip is not what it is said to be."""


@click.command()
@click.argument("clip")
@as_json
@click.pass_obj
def verify(session: Session, clip: str) -> int:
    """Say whether CLIP is whole, known, and the one of its receipt.

    It measures the file, and sends and changes nothing. Ends with 2 if something is
    bad.
    """
    with session.caller() as caller:
        found = caller.verify(clip)
    if session.json:
        screen.answer_document(documents.verification(found))
    else:
        rows = [(str(one.grade), one.about, one.message) for one in found.findings]
        screen.answer_table(("grade", "about", "finding"), rows, whole=2)
    return 0 if found.good else DIFFERENT
