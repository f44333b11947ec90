from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, TypeVar

import pluggy
import pytest

from shotcaller.plugin import (
    CancelHook,
    Cancellation,
    Cut,
    Done,
    GatewayHooks,
    Hooks,
    ModelHooks,
    Refused,
    Running,
    Shot,
    Status,
    Ticket,
    Work,
)
from shotcaller_animatic import hooks
from shotcaller_animatic.offer import DRAFT, GATEWAY
from shotcaller_animatic.spec import size

T = TypeVar("T")


def performed(exchange: Generator[Any, Any, T], folder: Path) -> T:
    """Does the work that an exchange asks for, in a folder."""
    answer = None
    while True:
        try:
            work = exchange.send(answer)
        except StopIteration as end:
            found: T = end.value
            return found
        assert isinstance(work, Work)
        answer = work.call(folder, *work.args)


def submitted(shot: Shot, folder: Path) -> Ticket:
    exchange = hooks.shotcaller_submit(DRAFT, shot, "0123456789abcdef")
    return performed(exchange, folder)


def test_the_plugin_keeps_to_the_specification() -> None:
    gateway: GatewayHooks = hooks
    models: ModelHooks = hooks
    cancel: CancelHook = hooks
    manager = pluggy.PluginManager("shotcaller")
    manager.add_hookspecs(Hooks)
    manager.register(hooks)
    manager.check_pending()

    assert gateway.shotcaller_gateways() == (GATEWAY,)
    assert models.shotcaller_models() == (DRAFT,)
    assert callable(cancel.shotcaller_cancel)


def test_the_plugin_is_found_by_its_entry_point() -> None:
    (found,) = entry_points(group="shotcaller", name="animatic")

    assert found.load() is hooks


def test_the_offer_is_honest() -> None:
    assert "no AI model" in GATEWAY.title
    assert "no AI model" in DRAFT.title
    assert DRAFT.artificial is False
    assert (DRAFT.gateway, GATEWAY.local, GATEWAY.credentials) == ("animatic", True, ())
    assert DRAFT.price is not None
    assert [rate.usd for rate in DRAFT.price.rates] == [0]


def test_everything_that_is_offered_has_a_size() -> None:
    can = DRAFT.capabilities

    assert can.default_ratio in can.ratios
    assert can.default_resolution in can.resolutions
    for ratio in can.ratios:
        for resolution in can.resolutions:
            assert min(size(ratio, resolution)) == int(resolution.rstrip("p"))


def test_a_shot_becomes_a_ticket_that_survives_json(tmp_path: Path) -> None:
    shot = Shot("a hill", seconds=2, sound=True, cuts=(Cut("one"), Cut("two")))
    ticket = submitted(shot, tmp_path)

    assert (ticket.gateway, ticket.model) == ("animatic", "animatic/draft")
    assert ticket.remote_id == "animatic-0123456789abcdef"
    assert json.loads(json.dumps(ticket.data)) == ticket.data
    assert list(tmp_path.iterdir()) == []


def test_a_submit_refuses_before_it_asks_for_anything() -> None:
    shot = Shot("a hill", image="http://example.org/a.png")
    exchange = hooks.shotcaller_submit(DRAFT, shot, "k")

    with pytest.raises(Refused):
        next(exchange)


def test_a_ticket_is_polled_until_there_is_a_clip(tmp_path: Path) -> None:
    ticket = submitted(Shot("a hill", seconds=1, resolution="480p"), tmp_path)
    seen: Status = Running()
    deadline = time.monotonic() + 20
    while isinstance(seen, Running) and time.monotonic() < deadline:
        seen = performed(hooks.shotcaller_poll(ticket), tmp_path)
        time.sleep(0.02)

    assert seen == Done(path=str(tmp_path / "clip.mp4"))
    stopped = performed(hooks.shotcaller_cancel(ticket), tmp_path)
    assert stopped == Cancellation.TOO_LATE


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("hooks", {"av", "numpy", "PIL", "subprocess", "sqlite3", "httpx", "asyncio"}),
        ("render", {"shotcaller", "attrs", "pluggy", "asyncio", "ssl"}),
    ],
)
def test_each_process_loads_only_what_it_needs(module: str, unwanted: set[str]) -> None:
    program = (
        f"import sys, shotcaller_animatic.{module}\n"
        f"print(sorted({unwanted} & {{*sys.modules}}))"
    )
    command = [sys.executable, "-c", program]
    # measuring coverage loads things of its own
    plain = {name: value for name, value in os.environ.items() if "COV" not in name}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=plain
    )

    assert done.stdout == "[]\n"
