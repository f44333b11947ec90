"""What is kept about takes is for its owner's eyes, where the system knows owners."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller.effects import Move
from shotcaller.journal import SQLiteJournal, private
from shotcaller.take import State
from tests.core.drafts import draft

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX has modes")


def modes(folder: Path) -> dict[str, str]:
    """Returns the modes of all that is in a folder, by what ends its name."""
    return {
        path.suffix or path.name: oct(stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*")
    }


def test_only_its_owner_can_read_a_journal_and_what_is_beside_it(
    tmp_path: Path,
) -> None:
    home = tmp_path / "above" / "home"
    journal = SQLiteJournal(home)
    take = journal.claim(journal.open(draft()).id, at_once=True).take
    sending = evolve(take, state=State.SENDING)
    journal.move(Move(take, sending, "sent", keep=True))

    assert oct(stat.S_IMODE(home.stat().st_mode)) == "0o700"
    found = modes(home)
    del found[".lock"]  # in which there is nothing
    assert {m for name, m in found.items() if name.startswith(".db")} == {"0o600"}
    assert {n: m for n, m in found.items() if not n.startswith(".db")} == {
        "owners": "0o700",
        "spool": "0o700",
        ".spool": "0o600",
    }
    journal.close()


def test_a_folder_and_a_journal_that_are_shared_stay_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    (home / "journal.db").touch()
    (home / "journal.db").chmod(0o664)
    SQLiteJournal(home).close()

    assert oct(stat.S_IMODE(home.stat().st_mode)) == "0o755"
    assert modes(home)[".db"] == "0o664"


def test_a_journal_is_made_where_no_file_can_be_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refused)
    SQLiteJournal(tmp_path).close()

    assert ".db" in modes(tmp_path)
    assert ".new" not in modes(tmp_path)


def test_a_file_that_somebody_makes_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"theirs")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    private.file(path)

    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]
