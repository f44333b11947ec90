"""A reply is lost after a job was taken: who pays twice, and who does not.

The vendor's clients send what they paid for again. Shotcaller does not: it finds the
job in fal's list, and delivers its clip.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from fal_client import SyncClient

from shotcaller_cli import run
from shotcaller_emulator.fal import KEY
from shotcaller_emulator.fal.troubles import NGINX, Play
from shotcaller_emulator.faults import After, Drop, Stall
from tests.clients.javascript import Node
from tests.clients.stage import INPUT, VEO, Stage

Command: TypeAlias = Callable[..., tuple[int, Any]]

LOST: Mapping[str, Play] = {
    "reset": After(Drop()),
    "timed out": After(Stall(0.6)),
    "eaten by a proxy": After(NGINX),
}
"""What may become of the reply to a submit, after the job was taken."""

SHOT = (
    *("a lighthouse at dusk", "--model", "fal/veo-3.1-fast", "--yes", "--no-sound"),
    *("--seconds", "4", "--ratio", "16:9", "--resolution", "720p"),
)

each_loss = pytest.mark.parametrize("loss", LOST)


@pytest.fixture
def command(
    stage_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Command:
    """Runs ``shotcaller`` against the stage; returns its exit code and its document."""
    monkeypatch.setenv("SHOTCALLER_FAL_URL", stage_url)
    monkeypatch.setenv("FAL_KEY", KEY)
    monkeypatch.chdir(tmp_path)

    def ran(*args: str) -> tuple[int, Any]:
        code = run([*args, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return ran


@each_loss
@pytest.mark.usefixtures("reached")
def test_fals_python_client_pays_twice(stage: Stage, loss: str) -> None:
    stage.fal.script("submit", LOST[loss])
    client = SyncClient(key=KEY, default_timeout=0.4)

    handle = client.submit(VEO, INPUT)

    client._client.close()
    *lost, known = stage.ledger
    assert lost
    assert all(line.input == INPUT for line in stage.ledger)
    assert known.request_id == handle.request_id
    assert Decimal("0.40") * len(stage.ledger) == stage.fal.billed


@pytest.mark.parametrize("loss", ["reset", "eaten by a proxy"])
def test_fals_javascript_client_pays_twice(
    node: Node, hosts: Mapping[str, str], stage: Stage, loss: str
) -> None:
    stage.fal.script("submit", LOST[loss])

    queued = node.run(hosts, "submit", endpoint=VEO, input=INPUT)

    *lost, known = stage.ledger
    assert lost
    assert all(line.input == INPUT for line in stage.ledger)
    assert known.request_id == queued["request_id"]
    assert Decimal("0.40") * len(stage.ledger) == stage.fal.billed


@each_loss
def test_shotcaller_pays_once_and_delivers(
    command: Command, stage: Stage, loss: str
) -> None:
    stage.fal.script("submit", LOST[loss])

    code, said = command("generate", *SHOT)

    assert (
        code,
        said["error"]["code"],
        said["error"]["charged"],
    ) == (5, "uncertain", "unknown")
    stage.clock.now += timedelta(minutes=1)  # fal lists what is over
    code, said = command("resume", said["error"]["take"])
    assert (code, said["state"]) == (0, "done")
    again, same = command("generate", *SHOT)
    assert (0, said["take"]) == (again, same["take"])
    assert [line.input for line in stage.ledger] == [INPUT]
    assert Decimal("0.40") == stage.fal.billed
