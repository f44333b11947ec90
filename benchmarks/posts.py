"""Counts what is sent and bought while the reply to every submit is lost."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata

from benchmarks import buying
from benchmarks.buying import CLIENTS, LOSSES, Bought
from benchmarks.running import run
from benchmarks.tables import Table

OURS = "shotcaller, "
KEYED = "shotcaller, heygen v3"
"""Ours at the one gateway that honours an idempotency key: a repeat buys nothing."""

AT_ONCE = 4

NOTE = f"""\
POSTs are the paid submits that reached the server, jobs what it took and will bill.
Every reply is lost: dropped right after the job was taken, or not there when the
client's read time-out is over ({buying.READ:g} s here). Clients repeat as they do by
default; their pauses are divided by {buying.SPEED:g}.
HeyGen v3 honours an idempotency key, so there Shotcaller asks again under the same key
(for {buying.PATIENCE:g} s of its own time here), which brings the job back and buys
none; elsewhere it never sends a second time."""


def bought(client: str, loss: str) -> Bought:
    """Returns what a client did, in a process of its own."""
    program = (sys.executable, "-W", "ignore", "-m", "benchmarks.buying")
    found = Bought(**json.loads(run(*program, client, loss, env=dict(os.environ))))
    if not found.posts:
        msg = f"{client} sent nothing, so nothing was measured"
        raise RuntimeError(msg)
    return found


def table() -> Table:
    """Returns the table of all clients and all ways to lose a reply."""
    cells = [(client, loss) for client in CLIENTS for loss in LOSSES]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(
            zip(cells, pool.map(lambda cell: bought(*cell), cells), strict=True)
        )
    heads = ["every reply to the submit is", *_heads(), "promise"]
    rows = {client: [found[client, loss] for loss in LOSSES] for client in CLIENTS}
    lines = [
        [_named(client), *_figures(row), _promise(client, row)]
        for client, row in rows.items()
    ]
    broken = sum(not kept(client, row) for client, row in rows.items())
    return Table("Paid submits and what they bought", heads, lines, broken, NOTE)


def _heads() -> list[str]:
    return [head for loss in LOSSES for head in (f"{loss}: POSTs", "jobs")]


def _named(client: str) -> str:
    name = client.partition(",")[0]
    return client.replace(name, f"{name} {metadata.version(name)}")


def _figures(row: Sequence[Bought]) -> list[str]:
    return [str(figure) for cell in row for figure in (cell.posts, cell.jobs)]


def kept(client: str, row: Sequence[Bought]) -> bool:
    """Whether ours sent, and bought, no more than it promises; others promise none."""
    if not client.startswith(OURS):
        return True
    once = all(cell.jobs == 1 for cell in row)
    return once and (client == KEYED or all(cell.posts == 1 for cell in row))


def _promise(client: str, row: Sequence[Bought]) -> str:
    if not client.startswith(OURS):
        return ""
    promise = "1 job, under one key" if client == KEYED else "1 POST, 1 job"
    return f"{promise}: {'kept' if kept(client, row) else 'NOT KEPT'}"
