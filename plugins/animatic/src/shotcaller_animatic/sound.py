"""Makes the scratch track: wind, surf, hum and rain from shaped noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shotcaller_animatic.words import Reading

RATE = 48_000
"""Samples a second."""

LOOP = 1 << 18
"""Samples after which a bed of noise repeats, unheard: about five seconds."""

Samples: TypeAlias = NDArray[np.floating[Any]]
"""Two channels of samples from -1 to 1."""


class Bed(NamedTuple):
    """Is noise of one colour that swells.

    ``colour`` holds loudness by frequency in Hz; ``level`` is the loudness of it all,
    ``rate`` swells a second, ``depth`` how far they go down (1: to silence).
    """

    colour: Mapping[int, float]
    level: float
    rate: float
    depth: float


BEDS: Mapping[str, Bed] = {
    "wind": Bed({20: 0.2, 120: 1, 420: 0.7, 1200: 0.12, 4000: 0}, 0.050, 0.11, 0.65),
    "surf": Bed({30: 0.5, 200: 1, 900: 0.6, 3500: 0.3, 9000: 0}, 0.075, 0.12, 0.82),
    "hum": Bed(
        {30: 0.8, 70: 1, 140: 0.5, 500: 0.12, 2000: 0.02, 6000: 0}, 0.060, 0.06, 0.35
    ),
    "leaves": Bed({800: 0, 2500: 0.8, 5200: 1, 9000: 0.1, 12000: 0}, 0.012, 0.17, 0.75),
    "rain": Bed({300: 0.1, 1500: 0.7, 5000: 1, 11000: 0.4, 16000: 0}, 0.040, 0.09, 0.2),
    "hush": Bed({40: 0.4, 200: 0.5, 900: 0.3, 3000: 0}, 0.016, 0.05, 0.3),
    "room": Bed({50: 0.7, 110: 1, 300: 0.3, 1500: 0.03, 4000: 0}, 0.018, 0.04, 0.2),
    "murmur": Bed({150: 0, 320: 1, 750: 0.7, 1800: 0.15, 4000: 0}, 0.014, 0.9, 0.7),
    "drone": Bed({24: 0.6, 46: 1, 92: 0.7, 180: 0.1, 500: 0}, 0.090, 0.07, 0.5),
}
"""The sounds there are."""

_GROUNDS = {"sea": ("surf",), "street": ("hum",), "sand": ("wind",), "snow": ("hush",)}


def heard(reading: Reading) -> tuple[str, ...]:
    """Returns the names of the beds that belong to a scene."""
    if reading.place == "space":
        return ("drone",)
    inside = ("room", "murmur") if reading.place == "room" else ()
    names = list(inside or _GROUNDS.get(reading.ground, ("wind",)))
    if not inside and "city" in reading.reliefs and "hum" not in names:
        names.append("hum")
    if not inside and {"forest", "hills"} & set(reading.reliefs):
        names.append("leaves")
    if reading.weather == "rain":
        names.append("rain")
    return tuple(names)


def _noise(bed: Bed, chance: np.random.Generator) -> Samples:
    frequencies = np.fft.rfftfreq(LOOP, 1 / RATE)
    loudness = np.interp(
        frequencies, list(bed.colour), list(bed.colour.values()), left=0, right=0
    )
    turns = chance.uniform(0, 2 * np.pi, len(frequencies))
    wave = np.fft.irfft(loudness * np.exp(1j * turns))
    wave *= bed.level / np.sqrt(np.mean(wave**2))
    # Half a loop apart, the two channels have nothing in common.
    return np.stack([wave, np.roll(wave, LOOP // 2)]).astype(np.float32)


def _swell(bed: Bed, chance: np.random.Generator, length: int) -> Samples:
    at = np.arange(0, length + RATE // 50, RATE // 50) / RATE
    turns = chance.uniform(0, 2 * np.pi, 3)
    slow = sum(
        weight * np.sin(2 * np.pi * bed.rate * speed * at + turn)
        for weight, speed, turn in zip(
            (0.6, 0.3, 0.1), (1, 1.7, 3.1), turns, strict=True
        )
    )
    gain = 1 - bed.depth * (0.5 - 0.5 * slow)
    every = np.arange(length) / (RATE // 50)
    smooth: Samples = np.interp(every, np.arange(len(at)), gain).astype(np.float32)
    return smooth


def ambience(reading: Reading, length: int, seed: int) -> Samples:
    """Returns the sound of a scene, ``length`` samples long, with soft ends."""
    whole = np.zeros((2, length), np.float32)
    for name in heard(reading):
        chance = np.random.default_rng([seed, *name.encode()])
        loop = _noise(BEDS[name], chance)
        repeats = length // LOOP + 1
        bed = np.tile(loop, repeats)[:, :length]
        whole += bed * _swell(BEDS[name], chance, length)
    edge = min(length // 2, RATE // 100)
    fade = np.linspace(0, 1, edge, dtype=np.float32)
    whole[:, :edge] *= fade
    whole[:, length - edge :] *= fade[::-1]
    return whole


def beep(length: int) -> Samples:
    """Returns the slate's soft beep, at most ``length`` samples long."""
    count = min(length, RATE // 10)
    at = np.arange(count) / RATE
    shape = np.sin(np.pi * np.arange(count) / count) ** 2
    return (0.06 * shape * np.sin(2 * np.pi * 1000 * at)).astype(np.float32)


def track(scenes: Iterable[tuple[Reading, int]], seed: int) -> Samples:
    """Returns the sound of all scenes; each comes with its length in samples."""
    parts = [ambience(reading, length, seed) for reading, length in scenes]
    whole = np.concatenate(parts, axis=1)
    tone = beep(whole.shape[1])
    whole[:, : len(tone)] += tone
    return whole


__all__ = ["RATE", "ambience", "beep", "heard", "track"]
