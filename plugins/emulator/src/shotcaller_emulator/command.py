"""Is the command ``shotcaller emulate``; what it runs is imported when it runs."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from shotcaller_emulator.addresses import is_here, origin

if TYPE_CHECKING:  # it loads the whole emulator
    from shotcaller_emulator.serving import Vendor
    from shotcaller_emulator.vendors import Wish

HOST = "127.0.0.1"
PORT = 8642
SPEED = 30.0

TRIES = 20
"""How often a row of free ports is looked for."""


class Trouble(click.ParamType):  # type: ignore[type-arg]  # old click has none
    """Is the name of something that can go wrong."""

    name = "name"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Returns the name; fails with all names if it is none."""
        from shotcaller_emulator.vendors import TROUBLES

        if value not in TROUBLES:
            known = ", ".join(TROUBLES)
            self.fail(f"{value!r} is not known; known are {known}.", param, ctx)
        return str(value)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Returns the names that begin so."""
        from shotcaller_emulator.vendors import TROUBLES

        return [
            CompletionItem(name, help=trouble.says)
            for name, trouble in TROUBLES.items()
            if name.startswith(incomplete)
        ]


def _loopback(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not is_here(value):
        raise click.BadParameter(
            f"{value!r} is not this machine: the emulator takes any prompt and any "
            "file without a question, so it serves only 127.0.0.1, ::1 or localhost."
        )
    return value


@click.command()
@click.option(
    "--host",
    metavar="HOST",
    default=HOST,
    show_default=True,
    callback=_loopback,
    help="Listen here: an address of this machine.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_534),
    metavar="PORT",
    help=f"Listen on this port for fal and on the next for HeyGen: {PORT} and"
    f" {PORT + 1} by default, any free ones before a COMMAND.",
)
@click.option(
    "--env",
    "variables",
    is_flag=True,
    help="Print the lines that lead a shell to the emulator, and exit.",
)
@click.option(
    "--fault",
    "faults",
    type=Trouble(),
    multiple=True,
    help="Let this go wrong once; with --seed, now and then; may be repeated.",
)
@click.option(
    "--seed",
    type=int,
    metavar="NUMBER",
    help="Let one request in ten go wrong, as chance by this seed will have it.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0, min_open=True),
    metavar="FACTOR",
    default=SPEED,
    show_default=True,
    help="Run jobs so many times as fast as the vendors do.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def emulate(
    *,
    host: str,
    port: int | None,
    variables: bool,
    faults: tuple[str, ...],
    seed: int | None,
    speed: float,
    command: tuple[str, ...],
) -> int:
    """Emulate fal and HeyGen on this machine: real MP4s, no bill.

    With a COMMAND, after "--", that alone is led to the emulator, which ends with it.
    """
    if variables:
        for place, lead in enumerate(LEADS.values()):
            led = lead(origin(host, (port or PORT) + place))
            for name, value in led.items():
                click.echo(f"export {name}={shlex.quote(value)}")
        return 0
    from shotcaller_emulator.vendors import Wish

    chosen = (0 if command else PORT) if port is None else port
    return _serving(host, chosen, Wish(faults, seed, speed), command)


def environment(url: str) -> Mapping[str, str]:
    """Returns the variables that lead Shotcaller to an emulated fal."""
    from shotcaller_emulator.fal import KEY

    return {"SHOTCALLER_FAL_URL": url, "FAL_KEY": KEY}


def heygen_environment(url: str) -> Mapping[str, str]:
    """Returns the variables that lead Shotcaller to an emulated HeyGen."""
    from shotcaller_emulator.heygen import KEY

    return {"SHOTCALLER_HEYGEN_URL": url, "HEYGEN_API_KEY": KEY}


LEADS = {"fal": environment, "heygen": heygen_environment}
"""How Shotcaller is led to each vendor, in the order of their ports."""


def _serving(host: str, port: int, wish: Wish, command: Sequence[str]) -> int:
    """Serves until it is told to end, or while a program runs; returns its code."""
    from shotcaller_emulator import running
    from shotcaller_emulator.studio import Studio
    from shotcaller_emulator.vendors import emulated

    with ExitStack() as stack:
        # First of all: whoever reads that we are there may tell us to end.
        ended = stack.enter_context(running.told_to_end())
        vendors = emulated(stack.enter_context(Studio()), wish)
        with _worded(f"The emulator cannot listen on {host}, port {port}"):
            urls = _in_a_row(stack, vendors.values(), host, port)
        variables: dict[str, str] = {}
        for (name, lead), url in zip(LEADS.items(), urls, strict=True):
            click.echo(f"{name} is emulated at {url}", err=True)
            variables |= lead(url)
        code = 0
        if command:
            with _worded(f"{command[0]!r} cannot be run"):
                code = running.run(command, variables)
        else:
            click.echo(f"A shell is led to it by {_led(urls[0])}", err=True)
            ended.wait()
        for name, vendor in vendors.items():
            click.echo(running.summary(name, vendor), err=True)
    return code


def _in_a_row(
    stack: ExitStack, vendors: Collection[Vendor], host: str, port: int
) -> Sequence[str]:
    """Serves each vendor at the port after the one before: a shell counts on.

    Where any port will do, others are tried as long as a neighbour is taken.
    """
    left = 1 if port else TRIES
    while True:
        left -= 1
        with ExitStack() as row:
            try:
                urls = _row(row, vendors, host, port)
            except (OSError, OverflowError):  # taken, or beyond the last port
                if not left:
                    raise
                continue
            stack.push(row.pop_all())
            return urls


def _row(
    stack: ExitStack, vendors: Collection[Vendor], host: str, port: int
) -> Sequence[str]:
    from shotcaller_emulator.serving import serve

    urls: list[str] = []
    for vendor in vendors:
        at = _port(urls[-1]) + 1 if urls else port
        urls.append(stack.enter_context(serve(vendor, host, at)).url)
    return urls


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def _led(url: str) -> str:
    """Returns what to type in a shell to lead it to an address, and to those after."""
    host = url.removeprefix("http://").rpartition(":")[0]
    options = "" if host == HOST else f" --host {host.strip('[]')}"
    options += "" if _port(url) == PORT else f" --port {_port(url)}"
    return f'eval "$(shotcaller emulate --env{options})"'


@contextmanager
def _worded(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise click.UsageError(f"{what}: {error.strerror}.") from error
