from __future__ import annotations

import numpy as np
import pytest

from shotcaller_animatic import sound, words


@pytest.mark.parametrize(
    ("prompt", "beds"),
    [
        ("waves on a beach", ("surf",)),
        ("a coastal city", ("surf", "hum")),
        ("a city street in the rain", ("hum", "rain")),
        ("a desert", ("wind",)),
        ("a forest", ("wind", "leaves")),
        ("a snowy forest", ("hush", "leaves")),
        ("coffee shop interior", ("room", "murmur")),
        ("deep space", ("drone",)),
    ],
)
def test_a_scene_sounds_like_what_is_seen(prompt: str, beds: tuple[str, ...]) -> None:
    assert sound.heard(words.read(prompt)) == beds


def test_a_track_is_as_long_as_its_scenes_and_not_too_loud() -> None:
    scenes = [(words.read("a beach"), 48_000), (words.read("a room"), 300_001)]
    track = sound.track(scenes, 1)

    assert track.shape == (2, 348_001)
    assert 0.02 < np.abs(track).max() < 0.9
    assert np.abs(track[:, -1]).max() == 0


def test_a_track_is_the_same_each_time_and_another_for_another_seed() -> None:
    scenes = [(words.read("a beach"), 9_600)]

    assert np.array_equal(sound.track(scenes, 1), sound.track(scenes, 1))
    assert not np.array_equal(sound.track(scenes, 1), sound.track(scenes, 2))


def test_the_beep_is_short_and_soft() -> None:
    assert len(sound.beep(48_000)) == 4_800
    assert len(sound.beep(100)) == 100
    assert float(np.abs(sound.beep(48_000)).max()) <= 0.06
