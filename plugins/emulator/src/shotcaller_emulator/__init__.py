"""Emulates the gateways' HTTP APIs: real MP4s, a ledger, faults on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotcaller.plugin import hookimpl

if TYPE_CHECKING:  # whoever only serves a vendor needs no command line
    import click


@hookimpl
def shotcaller_commands(cli: click.Group) -> None:
    """Adds ``shotcaller emulate``."""
    from shotcaller_emulator.command import emulate

    cli.add_command(emulate)
