"""Puts the commands together, those of plugins too, and runs one."""

from __future__ import annotations

import io
import os
import platform
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import metadata
from typing import Any, NoReturn

import click

from shotcaller.errors import ShotcallerError
from shotcaller.registry import Registry
from shotcaller.settings import Settings
from shotcaller_cli import (
    choosing,
    failures,
    listing,
    looking,
    making,
    reconciling,
    screen,
    spending,
    verifying,
)
from shotcaller_cli.hooks import CommandsHook
from shotcaller_cli.notices import noticed
from shotcaller_cli.session import Session

NAME = "shotcaller"

COMMANDS = (
    making.generate,
    choosing.rank,
    choosing.quote,
    listing.models,
    listing.gateways,
    listing.plugins,
    looking.takes,
    looking.show,
    making.resume,
    making.cancel,
    reconciling.adopt,
    reconciling.retake,
    reconciling.discard,
    spending.spend,
    verifying.verify,
    listing.doctor,
)
"""Our own commands, in the order in which help lists them."""


class Tree(click.Group):
    """Is the command with its sub-commands, by the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's
        """Returns the names in the order of a first visit, not of the alphabet."""
        return list(self.commands)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Adds a command; refuses a name that is taken."""
        known = name or cmd.name
        if known in self.commands:
            raise ValueError(f"there is a command {known!r} already")
        super().add_command(cmd, name)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a sub-command; wrong usage of it names it, which click may forget."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            command = self.commands.get(ctx.invoked_subcommand or "")
            if error.ctx is None and command is not None:
                name = ctx.invoked_subcommand
                error.ctx = click.Context(command, info_name=name, parent=ctx)
            raise

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Runs the command and ends the process with its exit code."""
        sys.exit(run(*args, **kwargs))


def _version(context: click.Context, _: click.Parameter, value: object) -> None:
    if value:
        ours, core = metadata.version("shotcaller-cli"), metadata.version("shotcaller")
        python = platform.python_version()
        click.echo(f"{NAME} {ours} (library {core}, Python {python})")
        context.exit()


@click.pass_context
def _alone(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def tree() -> Tree:
    """Returns the command with our own sub-commands."""
    group = Tree(
        NAME,
        callback=_alone,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Makes video clips through every gateway: you describe the shot.",
        params=[
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_version,
                help="Show the versions and exit.",
            )
        ],
    )
    for command in COMMANDS:
        group.add_command(command)
    return group


main = tree()
"""The command without what plugins add; calling it runs it with that."""


def run(
    args: Sequence[str] | None = None,
    *,
    registry: Registry | None = None,
    settings: Settings | None = None,
) -> int:
    """Runs the command and returns its exit code; never raises what is foreseen.

    ``args`` are those of the process where not given; so are ``registry`` and
    ``settings`` of this machine.
    """
    given = list(sys.argv[1:] if args is None else args)
    session = Session(
        settings=settings,
        registry=registry,
        json="--json" in given,  # until the options are read: they may be wrong
        debug=os.environ.get("SHOTCALLER_DEBUG", "0") not in {"", "0"},
    )
    _relax(sys.stdout)
    try:
        with noticed(traces=session.debug):
            return _worded(given, session)
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return failures.UNFORESEEN


def _worded(given: list[str], session: Session) -> int:
    try:
        return _run(given, session)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  every failure is worded
        return failures.told(error, session)


def _run(given: list[str], session: Session) -> int:
    group = tree()
    _grow(group, session)
    code = group.main(given, prog_name=NAME, standalone_mode=False, obj=session)
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _grow(group: Tree, session: Session) -> None:
    """Lets plugins add their commands; none of them can keep ours from running."""
    try:
        registry = session.registry
    except ShotcallerError as error:  # the command says so, unless it is only asked
        group.epilog = f"The commands of plugins are missing: {screen.safe(str(error))}"
        return
    with suppress(ValueError):  # it knows the hook from an earlier run
        registry.add_specs(CommandsHook)
    registry.tell("shotcaller_commands", cli=group)


def _relax(stream: object) -> None:
    """Spells out what a stream's encoding lacks, instead of failing."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
