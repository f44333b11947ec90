"""Makes many clips at once in one process, and tells what that cost it.

It is a program, `python -m benchmarks.crowd URL COUNT`, so that nothing but ours is in
the process that is measured.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import anyio
import httpx
from attrs import asdict, define, frozen

from benchmarks.vendors import settings
from shotcaller import AsyncShotcaller, Brief, Shot, State, Take
from shotcaller.take import Running
from shotcaller.transport import lanes
from shotcaller_emulator.fal import KEY

MODEL = "fal/veo-3.1-fast"
KIB_PER_MB = 1024
ROUNDS = 20


@frozen
class Cost:
    """Is what a crowd of takes cost its process.

    ``polls`` were answered in ``seconds`` from the last submit to the first clip, for
    ``cpu`` seconds of processor time; ``bare`` is that of one such request by httpx
    alone. ``peak`` is the most memory ever, ``alone`` that before the first take, both
    in MB.
    """

    polls: int
    cpu: float
    seconds: float
    peak: float
    alone: float
    bare: float


@define
class Watch:
    """Counts polls while all takes are with the gateway."""

    count: int
    submitted: int = 0
    polls: int = 0
    begun: tuple[float, float] | None = None
    ended: tuple[float, float] | None = None

    def __call__(self, take: Take) -> None:
        """Is told of each change of each take."""
        if take.state is State.SUBMITTED and take.status is None:
            self.submitted += 1
            if self.submitted == self.count:
                self.begun = _now()
        if self.begun is None or self.ended is not None:
            return
        if take.state is State.READY:
            self.ended = _now()
        elif isinstance(take.status, Running):
            self.polls += 1


def _now() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB


async def crowd(url: str, count: int, home: Path) -> Cost:
    """Makes ``count`` clips at once and returns what it cost."""
    watch = Watch(count)
    brief = Brief(model=MODEL, budget="5", fallback=False)
    async with AsyncShotcaller(settings=settings(home, "fal", url)) as caller:
        alone = _peak()
        async with anyio.create_task_group() as group:
            for number in range(count):
                shot = Shot(f"a lighthouse at dusk, take {number}")
                group.start_soon(_made, caller, shot, brief, watch)
        done = await caller.takes((State.DONE,), limit=count + 1)
    if len(done) != count or watch.begun is None or watch.ended is None:
        msg = f"{len(done)} of {count} clips were made; {watch.polls} polls"
        raise RuntimeError(msg)
    cpu, seconds = (
        end - begin for begin, end in zip(watch.begun, watch.ended, strict=True)
    )
    ticket = done[0].ticket
    remote = ticket.remote_id if ticket else ""
    return Cost(watch.polls, cpu, seconds, _peak(), alone, await _bare(url, remote))


async def _bare(url: str, job: str) -> float:
    """Returns what one question about a job costs httpx alone, in processor time."""
    path = f"{url}/fal-ai/veo3.1/requests/{job}/status"
    limits = httpx.Limits(max_connections=lanes.AT_ONCE)
    async with httpx.AsyncClient(limits=limits) as client:
        await _asked(client, path)
        before = time.process_time()
        async with anyio.create_task_group() as group:
            for _ in range(lanes.AT_ONCE):
                group.start_soon(_asked, client, path)
        return (time.process_time() - before) / (ROUNDS * lanes.AT_ONCE)


async def _asked(client: httpx.AsyncClient, url: str) -> None:
    for _ in range(ROUNDS):
        reply = await client.get(url, headers={"Authorization": f"Key {KEY}"})
        reply.raise_for_status()


async def _made(
    caller: AsyncShotcaller, shot: Shot, brief: Brief, watch: Watch
) -> None:
    await caller.generate(shot, brief, watch=watch)


def main(url: str, count: str) -> None:
    """Prints what it cost, as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asdict(anyio.run(crowd, url, int(count), Path(folder)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
