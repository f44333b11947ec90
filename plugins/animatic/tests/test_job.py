from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shotcaller.plugin import Cancellation, Done, Failed, Running, Status
from shotcaller_animatic import files, job
from shotcaller_animatic.order import Spec

Order = Callable[..., Spec]

LOOK = """
import json, os, signal, sys
from pathlib import Path
from shotcaller_animatic import job
folder = Path(sys.argv[1])
print(type(job.look(folder, json.loads(sys.argv[2]))).__name__, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def looked(folder: Path, spec: Spec, seconds: float = 20) -> list[Status]:
    """Looks until the draft has ended; returns all that was seen."""
    seen: list[Status] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen.append(job.look(folder, spec))
        if not isinstance(seen[-1], Running):
            return seen
        time.sleep(0.02)
    pytest.fail(f"after {seconds} seconds: {seen[-1]}")


def starts(folder: Path) -> int:
    found: int = json.loads((folder / files.STARTS).read_text())
    return found


def pid(folder: Path) -> int:
    """Waits for a renderer to tell of itself, and returns its number."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        progress = files.read(folder / files.PROGRESS)
        if progress:
            return int(progress["pid"])
        time.sleep(0.01)
    pytest.fail("the renderer told nothing")


@pytest.fixture
def long(order: Order) -> Spec:
    return order("sea", 1440, size=(640, 360))


def test_a_draft_is_rendered_while_one_looks(order: Order, tmp_path: Path) -> None:
    seen = looked(tmp_path, order("hills", 60, size=(640, 360), sound=True))
    shares = [each.fraction or 0 for each in seen if isinstance(each, Running)]

    assert seen[0] == Running("drawing on this machine", None, 0.0, 0.2)
    assert shares == sorted(shares)
    assert all(0 <= share < 1 for share in shares)
    assert seen[-1] == Done(path=str(tmp_path / "clip.mp4"))
    assert starts(tmp_path) == 1
    assert (tmp_path / files.LOG).read_text() == ""


def test_a_jobs_folder_may_be_named_from_here(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("job").mkdir()

    assert looked(Path("job"), order())[-1] == Done(path="job/clip.mp4")
    assert starts(tmp_path / "job") == 1


def test_a_draft_outlives_whoever_started_it(order: Order, tmp_path: Path) -> None:
    spec = order("hills", 24)
    command = [sys.executable, "-c", LOOK, str(tmp_path), json.dumps(spec)]
    parent = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (parent.returncode, parent.stdout) == (-signal.SIGKILL, "Running\n")
    assert isinstance(looked(tmp_path, spec)[-1], Done)
    assert starts(tmp_path) == 1


def test_two_who_look_at_once_start_one_renderer(order: Order, tmp_path: Path) -> None:
    spec = order("hills", 24)
    command = [sys.executable, "-c", LOOK, str(tmp_path), json.dumps(spec)]
    several = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert {each.wait() for each in several} == {-signal.SIGKILL}

    assert isinstance(looked(tmp_path, spec)[-1], Done)
    assert starts(tmp_path) == 1


def test_a_killed_renderer_is_started_again(
    order: Order, tmp_path: Path, long: Spec
) -> None:
    job.look(tmp_path, long)
    os.kill(pid(tmp_path), signal.SIGKILL)
    while (tmp_path / files.STARTS).read_text() == "1":
        job.look(tmp_path, order("hills", 3))

    assert isinstance(looked(tmp_path, order("hills", 3))[-1], Done)
    assert starts(tmp_path) == 2


def test_a_renderer_that_dies_each_time_is_given_up(
    order: Order, tmp_path: Path
) -> None:
    files.write(tmp_path / files.STARTS, 3)
    (tmp_path / files.LOG).write_text("first\n\nsecond\nthird\nfourth\n")
    failed = Failed(
        "The renderer died 3 times without a clip; its log: second | third | fourth",
        "no",
        "renderer",
    )

    assert job.look(tmp_path, order()) == failed
    assert job.look(tmp_path, order()) == failed


def test_a_renderer_that_dies_in_silence_is_given_up_too(
    order: Order, tmp_path: Path
) -> None:
    files.write(tmp_path / files.STARTS, 3)
    seen = job.look(tmp_path, order())

    assert isinstance(seen, Failed)
    assert seen.reason.endswith("its log: it wrote nothing")


def test_a_failed_draft_says_why(order: Order, tmp_path: Path) -> None:
    spec = order(size=(161, 91))
    seen = looked(tmp_path, spec)[-1]

    assert isinstance(seen, Failed)
    assert (seen.charged, seen.code) == ("no", "renderer")
    assert job.stop(tmp_path) == Cancellation.TOO_LATE
    assert job.look(tmp_path, spec) == seen


def test_a_running_draft_can_be_cancelled(tmp_path: Path, long: Spec) -> None:
    job.look(tmp_path, long)
    pid(tmp_path)

    assert job.stop(tmp_path) == Cancellation.CANCELLED
    assert not (tmp_path / files.PART).exists()
    assert job.look(tmp_path, long) == Failed(
        "The draft was cancelled.", "no", "cancelled"
    )
    assert job.stop(tmp_path) == Cancellation.CANCELLED


def test_a_draft_can_be_cancelled_before_it_starts(tmp_path: Path, long: Spec) -> None:
    assert job.stop(tmp_path) == Cancellation.CANCELLED
    assert isinstance(job.look(tmp_path, long), Failed)
    assert not (tmp_path / files.STARTS).exists()


def test_a_finished_draft_cannot_be_cancelled(order: Order, tmp_path: Path) -> None:
    looked(tmp_path, order())

    assert job.stop(tmp_path) == Cancellation.TOO_LATE
    assert isinstance(job.look(tmp_path, order()), Done)


def test_a_draft_that_finishes_meanwhile_is_too_late_to_cancel(tmp_path: Path) -> None:
    with files.locked(tmp_path):
        answers: list[Cancellation] = []
        stopping = threading.Thread(target=lambda: answers.append(job.stop(tmp_path)))
        stopping.start()
        while not (tmp_path / files.CANCELLED).exists():
            time.sleep(0.01)
        (tmp_path / files.CLIP).touch()
    stopping.join()

    assert answers == [Cancellation.TOO_LATE]


def test_a_renderer_that_does_not_answer_was_at_least_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "PATIENCE", 0.1)
    with files.locked(tmp_path):
        assert job.stop(tmp_path) == Cancellation.REQUESTED


def test_a_clip_that_came_between_two_questions_is_found(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.locked

    def finishing(folder: Path) -> object:
        (folder / files.CLIP).touch()
        return real(folder)

    monkeypatch.setattr(files, "locked", finishing)

    assert isinstance(job.look(tmp_path, order()), Done)


def test_a_renderer_sees_no_key() -> None:
    variables = {"PATH": "/bin", "LC_ALL": "C", "PYTHONPATH": "x", "FAL_KEY": "secret"}

    assert job.environment(variables) == {
        "PATH": "/bin",
        "LC_ALL": "C",
        "PYTHONPATH": "x",
        "OPENBLAS_NUM_THREADS": "1",
    }


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    files.write(tmp_path / "value", {"a": [1, None]})
    with pytest.raises(TypeError):
        files.write(tmp_path / "value", object())

    assert files.read(tmp_path / "value") == {"a": [1, None]}
    assert files.read(tmp_path / "other") is None
    assert [path.name for path in tmp_path.iterdir()] == ["value"]
