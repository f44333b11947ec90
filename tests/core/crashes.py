"""Leaves takes as killed processes do."""

from __future__ import annotations

from shotcaller import Brief, Shot, Shotcaller, State, Take
from shotcaller.effects import heard, sending
from shotcaller.plugin import Request, Response
from shotcaller.programs.generating import opened
from tests.core.paper import API

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


def crashed(caller: Shotcaller, *, reply: bool) -> Take:
    """Returns a take whose process died while it spent, before or after the reply."""
    context = caller.setup.context()
    folder = str(caller.setup.settings.output)
    run = caller._driver.run(opened(context, SHOT, ONE, folder, None))
    try:
        while True:
            next(run)
    except StopIteration as stop:
        take, *_ = stop.value
    journal = caller._world.journal
    take = journal.claim(take.id, at_once=True).take
    body = {"prompt": SHOT.prompt, "model": "paper/one", "key": take.key}
    take = journal.move(sending(take, Request("POST", f"{API}/jobs", json=body), None))
    if reply:
        take = journal.move(heard(take, Response(200, {}, b'{"id": "job-1"}')))
    journal.release(take)
    assert take.state is State.SENDING
    return take
