"""A home of one's own, small gateways that play their parts, and the command itself."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest

from shotcaller import Registry
from shotcaller.plugin import (
    Brief,
    Cancellation,
    Capabilities,
    Done,
    Evidence,
    Exchange,
    Failed,
    Gateway,
    Kind,
    Lengths,
    Lifecycle,
    Model,
    Operation,
    Option,
    Price,
    Rate,
    Refused,
    Request,
    Running,
    Secret,
    Shot,
    Sound,
    Status,
    Ticket,
    Unit,
    Work,
    hookimpl,
)
from shotcaller_cli import run

PRICED = date(2026, 1, 1)


def box(name: bytes, *contents: bytes) -> bytes:
    body = b"".join(contents)
    return struct.pack(">I4s", 8 + len(body), name) + body


def movie(seconds: float = 2.0) -> bytes:
    """Returns the smallest MP4 that says what is in it: 64x36 pixels, 24 fps."""
    length = round(seconds * 1000)
    duration = bytes(12) + struct.pack(">II", 1000, length)
    frames = struct.pack(">IIII", 0, 1, round(seconds * 24), 1)
    size = bytes(76) + struct.pack(">II", 64 << 16, 36 << 16)
    table = box(b"minf", box(b"stbl", box(b"stts", frames)))
    handler = box(b"hdlr", bytes(8) + b"vide" + bytes(12))
    media = box(b"mdia", box(b"mdhd", duration), handler, table)
    track = box(b"trak", box(b"tkhd", size), media)
    top = box(b"moov", box(b"mvhd", duration), track)
    return box(b"ftyp", b"isom", bytes(4)) + top + box(b"mdat", bytes(64))


class Studio:
    """Is a gateway on this machine: it says what its script says, then delivers."""

    def __init__(
        self,
        name: str = "studio",
        *,
        price: str | None = "0",
        script: Sequence[Status | Callable[[], Status]] = (),
        lifecycle: Lifecycle | None = None,
        cancels: Cancellation = Cancellation.CANCELLED,
        refuses: str = "",
    ) -> None:
        self.name = name
        self.price = price
        self.script = list(script)
        self.lifecycle = lifecycle or Lifecycle()
        self.cancels = cancels
        self.refuses = refuses
        self.submits = 0
        self.movie = movie()

    @hookimpl
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        home = f"https://{self.name}.example"
        return [Gateway(id=self.name, title=f"The {self.name}", homepage=home)]

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        rates = [Rate(self.price or "0", Unit.CLIP)]
        return [
            Model(
                id=f"{self.name}/one",
                title=f"{self.name.title()} One",
                maker="Studio",
                capabilities=Capabilities(
                    operations=list(Operation),
                    seconds=Lengths(1, 60),
                    default_seconds=2,
                    ratios=("16:9", "9:16"),
                    resolutions=("720p",),
                    sound=Sound.OPTIONAL,
                    references=dict.fromkeys(Kind, 3),
                    negative=True,
                    seed=True,
                    options=(Option("slate", "A line", choices=(True, False)),),
                ),
                price=None if self.price is None else Price(rates, "a list", PRICED),
                evidence=[Evidence("speed", 75.0, "a stopwatch", PRICED)],
                lifecycle=self.lifecycle,
                traits={"draft"},
            )
        ]

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        if self.refuses:
            raise Refused(self.refuses, reason="credit")
        self.submits += 1
        yield from cast("tuple[Request, ...]", ())
        return Ticket(self.name, model.id, f"job-{key}")

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        return (yield from Work(self._look))

    def _look(self, folder: Path) -> Status:
        if self.script:
            said = self.script.pop(0)
            return said() if callable(said) else said
        path = folder / "clip.mp4"
        path.write_bytes(self.movie)
        return Done(path=str(path))

    @hookimpl
    def shotcaller_cancel(self, ticket: Ticket) -> Exchange[Cancellation]:
        yield from cast("tuple[Request, ...]", ())
        return self.cancels


class Impatient:
    """Presses Ctrl-C when it is asked for its vote for the so-manieth time."""

    def __init__(self, votes: int) -> None:
        self.left = votes

    @hookimpl
    def shotcaller_score(self, model: Model, shot: Shot, brief: Brief) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


class Vendor:
    """Is a gateway that wants a key and is reached over HTTP."""

    @hookimpl
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        return [
            Gateway(
                id="vendor",
                title="The vendor",
                homepage="https://vendor.example",
                credentials=(("VENDOR_KEY",),),
                api_hosts=("api.vendor.example",),
            )
        ]

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        rates = [Rate("0.25", Unit.SECOND), Rate("0.10", Unit.SECOND)]
        can = Capabilities(
            operations=[Operation.TEXT], seconds=Lengths.of(4, 8), default_seconds=4
        )
        life = Lifecycle(retires_on=date(2999, 1, 1), successor="vendor/next")
        return [
            Model(
                id="vendor/film",
                title="Film",
                maker="Vendor",
                capabilities=can,
                price=Price(rates, "https://vendor.example/prices", PRICED),
                lifecycle=life,
            )
        ]

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        url = "https://api.vendor.example/jobs"
        yield from Request("POST", url, json={"prompt": shot.prompt})
        return Ticket("vendor", model.id, key)

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        yield from cast("tuple[Request, ...]", ())
        return Running()

    @hookimpl
    def shotcaller_authorize(
        self,
        gateway: Gateway,
        request: Request,
        secrets: Mapping[str, Secret],
        now: datetime,
    ) -> Request:
        return request.with_headers(authorization=secrets["VENDOR_KEY"])


class Ended(NamedTuple):
    """Is how a run of the command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


class Command:
    """Runs the command in this process, with the plugins it is given."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.studio = Studio()
        self.registry = Registry({"studio": self.studio})

    def install(self, **plugins: object) -> None:
        self.registry = Registry(plugins)

    def __call__(self, *args: str) -> Ended:
        code = run(args, registry=self.registry)
        said = self._capsys.readouterr()
        return Ended(code, said.out, said.err)


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Gives each test an empty folder to work in, and a home beside it."""
    unwanted = {"FORCE_COLOR", "NO_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE"}
    for name in list(os.environ):
        if name in unwanted or name.startswith("SHOTCALLER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SHOTCALLER_HOME", str(tmp_path / "home"))
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


@pytest.fixture
def studio() -> type[Studio]:
    return Studio


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    """Is a vendor with a key, at whose address somebody listens and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_hang_up, args=(server,), daemon=True).start()
        monkeypatch.setenv("VENDOR_KEY", "a-key")
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setenv("SHOTCALLER_VENDOR_URL", address)
        yield Vendor()
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def impatient() -> type[Impatient]:
    return Impatient


@pytest.fixture
def keyless() -> Vendor:
    return Vendor()


def _hang_up(server: socket.socket) -> None:
    while True:
        try:
            caller, _ = server.accept()
        except OSError:
            return
        caller.recv(65_536)
        caller.close()


@pytest.fixture
def today() -> date:
    return datetime.now(UTC).date()


@pytest.fixture
def failed() -> Failed:
    return Failed("the render farm burned down", "yes")


@pytest.fixture
def drop_rights() -> Callable[[Path], AbstractContextManager[None]]:
    """Is nobody in particular for a while, where the tests are run by root."""

    @contextmanager
    def dropped(folder: Path) -> Iterator[None]:
        if os.geteuid() != 0:
            yield
            return
        for parent in (folder, *folder.parents):
            if parent.owner() == "root" and not parent.stat().st_mode & 0o005:
                parent.chmod(parent.stat().st_mode | 0o055)
        os.setresuid(65_534, 65_534, 0)
        try:
            yield
        finally:
            os.setresuid(0, 0, 0)

    return dropped
