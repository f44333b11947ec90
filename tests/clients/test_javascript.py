"""Without Node or a registry, what needs them is skipped, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients import javascript


def test_without_node_it_is_said_that_nothing_was_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(pytest.skip.Exception, match="Node or npm is not installed"):
        javascript.found(tmp_path)


def test_without_a_registry_it_is_said_that_nothing_was_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if javascript.programs() is None:
        pytest.skip("Node or npm is not installed")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))

    with pytest.raises(pytest.skip.Exception, match="npm reaches no registry"):
        javascript.found(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["npm"]


def test_what_is_installed_is_not_installed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if javascript.programs() is None:
        pytest.skip("Node or npm is not installed")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    folder = tmp_path / javascript.version()
    folder.mkdir()

    assert folder == javascript.found(tmp_path).folder
