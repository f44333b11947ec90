"""What is not whole yet is kept from others, and swept up after the dead alone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shotcaller import parts

fcntl = pytest.importorskip("fcntl")

HOLD = """
import sys, pathlib
from shotcaller import parts
file = parts.begun(pathlib.Path(sys.argv[1]))
file.write(b"half")
file.flush()
print("held", flush=True)
sys.stdin.read()
"""


def test_the_parts_of_the_dead_are_swept_and_those_of_the_living_never(
    tmp_path: Path,
) -> None:
    part = tmp_path / ".a.1.part"
    other = tmp_path / ".b.1.part"
    other.write_bytes(b"")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(part)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        parts.sweep(tmp_path, ".a.*.part")
        assert part.read_bytes() == b"half"
        writer.kill()
        writer.wait()
        parts.sweep(tmp_path, ".a.*.part")

    assert list(tmp_path.iterdir()) == [other]


def test_a_part_is_never_an_older_file_and_never_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / ".a.1.part").symlink_to(victim)
    (tmp_path / ".a.2.part").symlink_to(tmp_path / "new")

    for name in (".a.1.part", ".a.2.part", "victim"):
        with pytest.raises(FileExistsError):
            parts.begun(tmp_path / name)
    parts.sweep(tmp_path, ".a.*.part")

    assert victim.read_bytes() == b"mine"
    assert not (tmp_path / "new").exists()


def test_a_disk_without_locks_holds_parts_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", unable)
    part = tmp_path / ".a.1.part"

    with parts.begun(part) as file:
        file.write(b"half")
    parts.sweep(tmp_path, ".a.*.part")

    assert part.read_bytes() == b"half"


def test_where_there_is_no_such_lock_a_stray_is_just_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows keeps files that are open from being removed."""
    monkeypatch.setattr(parts, "fcntl", None)
    parts.begun(tmp_path / ".a.1.part").close()

    parts.sweep(tmp_path, ".a.*.part")

    assert list(tmp_path.iterdir()) == []
