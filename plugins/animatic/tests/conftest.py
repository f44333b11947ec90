"""Gives the tests orders to render and folders to render them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from shotcaller_animatic import files, render
from shotcaller_animatic.order import SceneSpec, Spec

Order = Callable[..., Spec]
Render = Callable[[Spec], Path]


def scene_spec(
    prompt: str, frames: int, first: str | None = None, last: str | None = None
) -> SceneSpec:
    return SceneSpec(prompt=prompt, frames=frames, first=first, last=last)


@pytest.fixture
def order() -> Order:
    """Makes orders for small, short, silent films, but for what a test changes."""

    def make(
        prompt: str = "hills",
        frames: int = 3,
        *,
        size: tuple[int, int] = (160, 90),
        scenes: list[SceneSpec] | None = None,
        sound: bool = False,
        slate: bool = False,
        seed: int = 1,
    ) -> Spec:
        return Spec(
            take="1a2b3c4d",
            width=size[0],
            height=size[1],
            scenes=scenes or [scene_spec(prompt, frames)],
            negative="",
            seed=seed,
            sound=sound,
            slate=slate,
        )

    return make


@pytest.fixture
def rendered(tmp_path: Path) -> Render:
    """Renders an order in this process, in a folder of its own."""
    folders: Iterator[Path] = (tmp_path / f"job{number}" for number in range(100))

    def run(spec: Spec) -> Path:
        folder = next(folders)
        folder.mkdir()
        files.write(folder / files.SPEC, spec)
        render.main([str(folder)])
        return folder

    return run


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[str, tuple[int, int, int]], str]:
    """Saves pictures of one colour."""

    def save(name: str, colour: tuple[int, int, int]) -> str:
        path = tmp_path / name
        Image.new("RGB", (320, 200), colour).save(path)
        return str(path)

    return save
