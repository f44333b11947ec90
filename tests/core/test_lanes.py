"""Many exchanges share a few small HTTP clients, and no more than are needed."""

from __future__ import annotations

import anyio
import httpx
import pytest

from shotcaller.transport.lanes import AT_ONCE, WIDTH, Lanes


class Counted:
    """Makes clients, and remembers them in order."""

    def __init__(self) -> None:
        self.made: list[httpx.AsyncClient] = []

    def __call__(self) -> httpx.AsyncClient:
        self.made.append(httpx.AsyncClient(verify=False))
        return self.made[-1]


async def crowded(lanes: Lanes, count: int) -> list[httpx.AsyncClient]:
    """Lends to so many at once; returns the clients of those whose turn it was."""
    lent: list[httpx.AsyncClient] = []

    async def one(free: anyio.Event) -> None:
        async with lanes.client() as client:
            lent.append(client)
            await free.wait()

    free = anyio.Event()
    found: list[httpx.AsyncClient] = []
    async with anyio.create_task_group() as group:
        for _ in range(count):
            group.start_soon(one, free)
        await anyio.wait_all_tasks_blocked()
        found += lent
        free.set()
    return found


@pytest.mark.parametrize(
    ("count", "lent", "made"),
    [
        (1, 1, 1),
        (WIDTH, WIDTH, 1),
        (WIDTH + 1, WIDTH + 1, 2),
        (AT_ONCE + 9, AT_ONCE, AT_ONCE // WIDTH),
    ],
)
def test_no_client_is_made_before_the_others_are_full(
    count: int, lent: int, made: int
) -> None:
    async def main() -> None:
        counted = Counted()
        lanes = Lanes(counted)

        found = await crowded(lanes, count)

        assert len(found) == lent
        assert len(counted.made) == made
        assert max(found.count(client) for client in counted.made) <= WIDTH
        async with lanes.client() as client:
            assert client is counted.made[0]
        await lanes.close()
        assert all(client.is_closed for client in counted.made)

    anyio.run(main)
