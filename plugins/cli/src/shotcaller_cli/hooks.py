"""Specifies the hook by which other distributions add commands."""

from __future__ import annotations

from typing import Protocol

import click

from shotcaller.hookspecs import hookspec
from shotcaller_cli.session import Session

__all__ = ["CommandsHook", "Session"]


class CommandsHook(Protocol):
    """Is for plugins that add commands to ``shotcaller``.

    ::

        import click
        from shotcaller.plugin import hookimpl
        from shotcaller_cli.hooks import Session

        @hookimpl
        def shotcaller_commands(cli: click.Group) -> None:
            @cli.command()
            @click.pass_obj
            def bill(session: Session) -> None:
                \"\"\"Adds up what was billed.\"\"\"
                with session.caller() as caller:
                    ...
    """

    @hookspec
    def shotcaller_commands(self, cli: click.Group) -> None:
        """Adds commands to ``cli``, whose context object is a ``Session``.

        Asked at every start, ``--help`` included: import what is heavy inside the
        commands. A name that is taken already is refused. What a command raises as a
        ``ShotcallerError`` is worded, and ends the process, as for all commands.
        """
