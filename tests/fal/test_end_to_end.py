"""A shot becomes a clip through fal's queue: for each family, from text and picture."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import av
import pytest

from shotcaller import Cancelled, Shot, Shotcaller, StillRunning
from shotcaller.plugin import Brief, Cancellation, Running
from shotcaller_emulator.fal import Entry, Fal
from shotcaller_emulator.fal.jobs import Fate
from shotcaller_emulator.faults import Say
from shotcaller_emulator.fixtures import Emulator
from tests.core.pictures import png
from tests.core.worlds import StepClock
from tests.fal.conftest import PACE, sketched

FAMILIES = {
    "fal/seedance-2.0": 5,
    "fal/kling-v3-pro": 5,
    "fal/hailuo-2.3-standard": 6,
    "fal/veo-3.1": 4,
}
SHOTCALLER = Path(sys.executable).with_name("shotcaller")


def noted(picture: bytes, length: int) -> bytes:
    """Returns a PNG with a note of so many bytes before its end."""
    note = b"tEXt" + b"note\0" + b"-" * length
    sizes = struct.pack(">I", len(note) - 4), struct.pack(">I", zlib.crc32(note))
    return picture[:-12] + sizes[0] + note + sizes[1] + picture[-12:]


def job(fal: Fal, clock: StepClock) -> Entry:
    (entry,) = fal.ledger_at(datetime.fromtimestamp(clock.now(), UTC))
    return entry


@pytest.mark.parametrize("model", FAMILIES)
def test_a_prompt_becomes_a_clip(
    caller: Shotcaller, fal: Fal, clock: StepClock, model: str
) -> None:
    shot = Shot("A paper boat", seconds=FAMILIES[model])

    clip = caller.generate(shot, Brief(model=model, budget="9"))

    entry = job(fal, clock)
    cost = clip.receipt.cost
    assert Path(clip.path).read_bytes()
    assert clip.seconds == FAMILIES[model]
    assert clip.receipt.facts["request_id"] == entry.request_id
    assert clip.receipt.facts["inference_seconds"] == PACE.running
    assert clip.receipt.facts["billable_units"]
    assert cost.billed == entry.billed > 0
    assert cost.quoted is not None
    assert cost.billed is not None
    assert cost.quoted >= cost.billed


@pytest.mark.parametrize("length", [100, 100_000])
@pytest.mark.parametrize("model", FAMILIES)
def test_a_picture_of_this_machine_becomes_the_first_frame(
    caller: Shotcaller, fal: Fal, clock: StepClock, model: str, length: int
) -> None:
    picture = Path(caller.setup.folder()) / "boat.png"
    picture.write_bytes(noted(png(640, 360), length))
    shot = Shot("It sails off", seconds=FAMILIES[model], image=picture)

    clip = caller.generate(shot, Brief(model=model, budget="9"))

    sent = [str(value) for value in job(fal, clock).input.values()]
    small = picture.stat().st_size <= 32 * 2**10
    begins = "data:image/png;base64," if small else "http://127.0.0.1:"
    assert sum(value.startswith(begins) for value in sent) == 1
    assert clip.receipt.cost.billed == job(fal, clock).billed
    assert fal.leaks == ()


def test_the_place_in_the_queue_is_told(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    fal.script("job", Fate(queued=60, ahead=12))
    told: list[Running] = []

    caller.generate(
        Shot("A paper boat"),
        Brief(model="fal/veo-3.1-lite", budget="9"),
        watch=lambda take: (
            told.append(take.status) if isinstance(take.status, Running) else None
        ),
    )

    places = [status.ahead for status in told if status.ahead is not None]
    assert places[0] > places[-1]
    assert places == sorted(places, reverse=True)
    assert told[-1].ahead is None


def test_a_wait_that_ends_costs_nothing_and_the_clip_is_collected_later(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    brief = Brief(model="fal/veo-3.1-lite", budget="9", deadline=10)

    with pytest.raises(StillRunning):
        caller.generate(Shot("A paper boat"), brief)
    clip = caller.generate(Shot("A paper boat"), Brief(model="fal/veo-3.1-lite"))

    assert clip.receipt.facts["request_id"] == job(fal, clock).request_id


def test_a_job_is_cancelled_in_the_queue_and_costs_nothing(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    fal.script("job", Fate(queued=600, ahead=12))
    shot, brief = Shot("A paper boat"), Brief(model="fal/veo-3.1-lite", budget="9")
    take = caller.submit(shot, brief)

    _, outcome = caller.cancel(take.id)
    with pytest.raises(Cancelled):
        caller.resume(take.id, patience=600)

    assert outcome is Cancellation.REQUESTED
    assert job(fal, clock).billed == 0


def test_another_family_steps_in_for_one_that_is_broken(
    make_fal: Callable[[Fal], Shotcaller], clock: StepClock
) -> None:
    fal = Fal(sketched, pace=PACE)
    caller = make_fal(fal)
    brief = Brief(only=("google", "kuaishou"), budget="20", intent="cheap")

    first = caller.rank(Shot("A paper boat"), brief).candidates[0].model
    fal.script("submit", Say(404, {"detail": "Application not found"}))
    clip = caller.generate(Shot("A paper boat"), brief)

    assert clip.receipt.attempts[0].model == first
    assert [str(one.state) for one in clip.receipt.attempts] == ["refused", "done"]
    assert len(fal.ledger_at(datetime.fromtimestamp(clock.now(), UTC))) == 1


def test_the_command_brings_a_clip_that_plays(
    fal_emulator: Emulator[Fal], tmp_path: Path
) -> None:
    asked = ["A drone shot over a coastal city at sunset", "--seconds", "4"]
    asked += ["--model", "fal/seedance-2.0", "--resolution", "480p", "--ratio", "1:1"]

    done = subprocess.run(
        [SHOTCALLER, "generate", *asked, "--budget", "2", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["model"] == "fal/seedance-2.0"
    (entry,) = fal_emulator.ledger
    assert Decimal(str(document["cost"]["billed"])) == entry.billed
    assert document["cost"]["quoted"] >= document["cost"]["billed"] > 0
    with av.open(Path(document["clip"]["path"])) as film:
        video = film.streams.video[0]
        assert (video.width, video.height) == (640, 640)
        assert video.codec_context.name == "h264"
        assert abs(Fraction(film.duration or 0, 1_000_000) - 4) < Fraction(1, 5)
        assert film.streams.audio
    assert "queue" in done.stderr or "running" in done.stderr
