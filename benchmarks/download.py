"""Measures the memory that fetching a large clip takes; exits with 1 if it is too much.

`python -m benchmarks.download [MIB [MOST]]` fetches a clip of so many MiB, 1024 where
not said, with both clients, from a server in a process of its own, through all that a
paid clip goes through: socket, digest, disk, measuring, receipt. The baseline is what
the same process takes once it has fetched a little clip. Linux alone tells.
"""

from __future__ import annotations

import asyncio
import struct
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from attrs import evolve, frozen

from benchmarks.tables import Row, Table, compared
from shotcaller import AsyncShotcaller, Clip, Registry, Settings, Shot, Shotcaller
from shotcaller.plugin import (
    Capabilities,
    Done,
    Exchange,
    Gateway,
    Lengths,
    Model,
    Operation,
    Price,
    Rate,
    Sound,
    Status,
    Ticket,
    hookimpl,
)

MIB = 2**20
SIZE = 1024.0
MOST = 64.0
"""In MiB: how large the clip is, and how much memory above the baseline is too much."""

TITLE = "What fetching a large clip takes"
NOTE = """\
The most memory of a process of its own while each client fetches the clip, over what
it takes once both have fetched one of 1 MiB. The server is in another process."""


@frozen
class Fetched:
    """Is how fetching went: so many MiB of memory before, above that, and a second."""

    before: float
    above: float
    speed: float


def head(size: int) -> bytes:
    """Returns the beginning of an MP4 of that many bytes; what follows is zeros."""

    def box(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), name) + content

    length = bytes(12) + struct.pack(">II", 1, 8)
    index = box(b"moov", box(b"mvhd", length + bytes(80)))
    start = box(b"ftyp", b"isom" + bytes(4)) + index
    return start + struct.pack(">I4sQ", 1, b"mdat", size - len(start))


def serve(told: Connection) -> None:
    """Serves a clip of any size: `/NUMBER` has that many bytes."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.path[1:])
            first = head(size)
            self.send_response(200)
            self.send_header("Content-Length", str(size))
            self.end_headers()
            self.wfile.write(first)
            left, zeros = size - len(first), bytes(MIB)
            while left > 0:
                self.wfile.write(zeros[:left])
                left -= len(zeros)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.send(f"http://127.0.0.1:{server.server_address[1]}")
    server.serve_forever()


class Depot:
    """Is a gateway that has every clip already; the prompt ends with its size."""

    def __init__(self, url: str) -> None:
        self._url = url

    @hookimpl
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        """Returns the gateway."""
        return [Gateway(id="depot", title="Depot", api_hosts=("depot.test",))]

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        """Returns the one model."""
        can = Capabilities(
            operations=frozenset({Operation.TEXT}),
            seconds=Lengths(1, 10),
            sound=Sound.NEVER,
        )
        price = Price((Rate("0"),), "https://depot.test", date(2026, 1, 1))
        return [
            Model(
                id="depot/any",
                title="Any",
                maker="depot",
                capabilities=can,
                price=price,
            )
        ]

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        """Returns a ticket at once."""
        yield from ()
        return Ticket("depot", model.id, key, {"size": shot.prompt.split()[-1]})

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        """Returns where the clip is."""
        yield from ()
        return Done(url=f"{self._url}/{ticket.data['size']}")


def forget_peak() -> None:
    """Makes the most memory that there ever was what there is now."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def peak() -> float:
    """Returns the most memory that there was since then, in MiB."""
    # getrusage would tell that of the process we were started by, if it was larger
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


async def fetched(settings: Settings, registry: Registry, size: int) -> Clip:
    """Fetches a clip with the asynchronous client."""
    async with AsyncShotcaller(settings=settings, registry=registry) as caller:
        return await caller.generate(Shot(f"async {size}"))


def measured(mib: float) -> Fetched:
    """Fetches a clip of so many MiB with both clients in this process."""
    context = get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there,), daemon=True)
    server.start()
    url = here.recv()
    size = int(mib * MIB)
    with tempfile.TemporaryDirectory() as name:
        environ = {"SHOTCALLER_DEPOT_URL": url}
        settings = Settings.load(Path(name) / "home", environ)
        settings = evolve(settings, output=Path(name))
        registry = Registry({"depot": Depot(url)})
        with Shotcaller(settings=settings, registry=registry) as caller:
            caller.generate(Shot(f"sync {MIB}"))
            asyncio.run(fetched(settings, registry, MIB))
            forget_peak()
            before, start = peak(), perf_counter()
            clip = caller.generate(Shot(f"sync {size}"))
            again = asyncio.run(fetched(settings, registry, size))
        took, above = perf_counter() - start, max(0.0, peak() - before)
    server.kill()
    if not clip.bytes == again.bytes == size or clip.sha256 != again.sha256:
        msg = f"of {size} bytes, {clip.bytes} and {again.bytes} were fetched"
        raise RuntimeError(msg)
    return Fetched(before, above, 2 * mib / took)


def main(mib: float = SIZE, most: float = MOST) -> int:
    """Prints one line; returns 1 if more memory was taken than may be."""
    found = measured(mib)
    kept = found.above <= most
    print(
        f"clips of {mib:g} MiB: {found.speed:.0f} MiB/s, {found.above:.1f} MiB of"
        f" memory over the baseline of {found.before:.0f} MiB (at most {most:g})"
        f"{'' if kept else '   not kept'}"
    )
    return 0 if kept else 1


def table(mib: float = SIZE) -> Table:
    """Returns what was measured, in a process that has done nothing else."""
    if sys.platform != "linux":
        return compared(TITLE, (), "Linux alone tells how much.")
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        found = fresh.submit(measured, mib).result()
    name = "memory over the baseline"
    row = Row(name, "the whole clip", found.above, mib, "MiB", MOST)
    note = f"{NOTE}\nThat was {found.before:.0f} MiB; {found.speed:.0f} MiB/s."
    return compared(TITLE, [row], note)


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
