"""Sets a stage: a vendor with a ledger, a journal, and the command to be killed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from attrs import field, frozen

from shotcaller import Settings, Shotcaller, State, Take
from shotcaller.plugin import Request
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.serving import serve
from shotcaller_emulator.vendors import Vendor
from tests.chaos.judging import Entry, Verdict, judged, prompt
from tests.chaos.kinds import Kind, Weather

SHOTCALLER = str(Path(sys.executable).with_name("shotcaller"))
PATIENCE = 300.0
"""How many seconds a command has to come to its end."""

TRIES = 6
"""How often a shot is asked for again, by somebody who wants it."""

GOOD, IN_DOUBT = 0, 5
"""The command's exit codes: there is a clip; it is not known if there is a job."""

DAMAGED = "the journal is damaged"

EVER = datetime.max.replace(tzinfo=UTC)


@frozen
class Watched:
    """Is a vendor, and all that it was asked to make, with the time it came."""

    vendor: Vendor
    posts: list[datetime] = field(factory=list)

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Returns what the vendor does."""
        if request.method == "POST":
            self.posts.append(now)
        return self.vendor.answer(request, now)

    @property
    def jobs(self) -> Sequence[Entry]:
        """Every job that was accepted, as it will be once all are over."""
        return cast("Sequence[Entry]", self.vendor.ledger_at(EVER))


@frozen
class Stage:
    """Is a home with its journal, and a vendor that others may be asking as well.

    ``shots`` are the prompts that are asked for here, and nowhere else.
    """

    kind: Kind
    folder: Path
    variables: Mapping[str, str]
    vendor: Watched | None

    @property
    def home(self) -> Path:
        """Where the journal is."""
        return self.folder / "home"

    @property
    def log(self) -> Path:
        """What the commands said."""
        return self.folder / "said.txt"

    @property
    def submits(self) -> int:
        """How often the vendor was asked to make something."""
        return 0 if self.vendor is None else len(self.vendor.posts)

    def generate(self, shot: str) -> list[str]:
        """Returns the command that asks for a shot."""
        return [SHOTCALLER, "generate", shot, *self.kind.wish, "--json"]

    def resume(self, take: str) -> list[str]:
        """Returns the command that goes on with a take."""
        return [SHOTCALLER, "resume", take, "--json"]

    def start(
        self, command: Sequence[str], channel: Sequence[int] = ()
    ) -> subprocess.Popen[bytes]:
        """Starts a command, which inherits the open files of ``channel``."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=dict(self.variables),
                pass_fds=channel,
            )

    def run(self, command: Sequence[str]) -> int:
        """Runs a command to its end; returns its exit code."""
        with self.start(command) as running:
            try:
                return running.wait(PATIENCE)
            finally:
                running.kill()

    def takes(self) -> tuple[Take, ...]:
        """Returns all takes that are on record."""
        if not (self.home / "journal.db").exists():
            return ()
        settings = Settings.load(self.home, self.variables)
        with Shotcaller(settings=settings) as caller:
            return caller.takes(limit=10_000)

    def records(self, state: State) -> list[float]:
        """Returns when each take was noted to be in a state."""
        settings = Settings.load(self.home, self.variables)
        with Shotcaller(settings=settings) as caller:
            told = [e for take in caller.takes() for e in caller.events(take.id)]
        return [event.at for event in told if event.state is state]

    def rows(self) -> list[tuple[str, object]]:
        """Returns the state and the reply of each take, as the file itself has them.

        To open the journal as a program does would mend it.
        """
        sql = "SELECT state, json_extract(body, '$.reply') FROM take ORDER BY created"
        with closing(sqlite3.connect(self.home / "journal.db")) as db:
            return list(db.execute(sql))

    def take_of(self, shot: str) -> str | None:
        """Returns the id of the newest take of a shot."""
        found = [take.id for take in self.takes() if take.asked.prompt == shot]
        return found[0] if found else None

    def calmed(self, shot: str) -> int:
        """Asks for a shot until there is nothing left to do; returns the last code."""
        code = self.run(self.generate(shot))
        for _ in range(TRIES):
            if code == GOOD or (code == IN_DOUBT and self.kind.safety == "blind"):
                break
            take = self.take_of(shot)
            code = self.run(self.generate(shot) if take is None else self.resume(take))
        return code

    def judged(self) -> Verdict:
        """Judges all that was asked for here; the record itself must be sound."""
        takes = self.takes()
        asked = {take.asked.prompt for take in takes}
        jobs = () if self.vendor is None else self.vendor.jobs
        ours = [job for job in jobs if self._asked(prompt(job.input), asked)]
        verdict = judged(takes, ours)
        return verdict + Verdict(wrong=tuple(self._damage()))

    def _asked(self, shot: str, asked: set[str]) -> bool:
        return shot in asked or shot.startswith(f"{self.folder.name}:")

    def _damage(self) -> Iterator[str]:
        path = self.home / "journal.db"
        if not path.exists():
            return
        with closing(sqlite3.connect(path)) as db:
            for (row,) in db.execute("PRAGMA integrity_check"):
                if row != "ok":
                    yield f"{DAMAGED}: {row}"


@contextmanager
def served(kind: Kind, faults: Weather | None = None) -> Iterator[tuple[Watched, str]]:
    """Serves the vendor of a kind while the block lasts; with it comes where it is."""
    assert kind.vendor is not None
    watched = Watched(kind.vendor(faults))
    with serve(watched) as server:
        yield watched, server.url


def staged(kind: Kind, folder: Path, at: tuple[Watched, str] | None) -> Stage:
    """Returns a stage with a journal of its own, in a folder that is made."""
    folder.mkdir(parents=True)
    mine = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SHOTCALLER_", "COVERAGE_"))
        and not name.endswith("_KEY")
    }
    own = {
        "SHOTCALLER_HOME": str(folder / "home"),
        "SHOTCALLER_PLUGINS": kind.plugins,
        "PYTHONUNBUFFERED": "1",
    }
    lead = {} if at is None else kind.lead(at[1])
    return Stage(kind, folder, {**mine, **own, **lead}, None if at is None else at[0])


@contextmanager
def alone(kind: Kind, folder: Path, faults: Weather | None = None) -> Iterator[Stage]:
    """Sets a stage with a vendor of its own, if the kind of gateway has one."""
    if kind.vendor is None:
        yield staged(kind, folder, None)
        return
    with served(kind, faults) as at:
        yield staged(kind, folder, at)
