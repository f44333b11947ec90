"""Holds the colours of the times of day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

RGB: TypeAlias = tuple[float, float, float]
"""Red, green and blue from 0 to 255."""


class Palette(NamedTuple):
    """Is the light of a scene.

    ``sky`` runs from the zenith to the horizon; ``disc`` is the sun or the moon and
    stands at ``rise`` (share of the sky, 0 is the horizon); ``haze`` is what distance
    fades to; ``tint`` is the light on things, per colour; ``lamps`` is the share of
    windows with a light on; ``stars`` is their number.
    """

    sky: tuple[RGB, RGB, RGB, RGB]
    disc: RGB
    rise: float
    glow: float
    haze: RGB
    tint: RGB
    lamps: float
    stars: int


PALETTES: Mapping[str, Palette] = {
    "day": Palette(
        sky=((36, 98, 178), (84, 148, 214), (150, 196, 232), (214, 230, 240)),
        disc=(255, 250, 232),
        rise=0.82,
        glow=0.45,
        haze=(188, 212, 230),
        tint=(1.0, 0.99, 0.96),
        lamps=0.05,
        stars=0,
    ),
    "sunset": Palette(
        sky=((42, 46, 98), (124, 74, 122), (226, 112, 88), (255, 190, 104)),
        disc=(255, 232, 168),
        rise=0.13,
        glow=1.0,
        haze=(240, 148, 98),
        tint=(0.72, 0.46, 0.44),
        lamps=0.22,
        stars=0,
    ),
    "dawn": Palette(
        sky=((74, 104, 158), (138, 152, 192), (226, 182, 180), (255, 220, 178)),
        disc=(255, 240, 206),
        rise=0.16,
        glow=0.8,
        haze=(238, 204, 190),
        tint=(0.84, 0.74, 0.74),
        lamps=0.12,
        stars=0,
    ),
    "dusk": Palette(
        sky=((12, 18, 48), (34, 40, 92), (98, 72, 124), (214, 118, 112)),
        disc=(250, 244, 226),
        rise=0.62,
        glow=0.25,
        haze=(116, 84, 128),
        tint=(0.36, 0.34, 0.50),
        lamps=0.42,
        stars=120,
    ),
    "night": Palette(
        sky=((4, 7, 22), (9, 15, 42), (18, 30, 70), (42, 58, 104)),
        disc=(240, 242, 248),
        rise=0.70,
        glow=0.38,
        haze=(36, 50, 92),
        tint=(0.27, 0.32, 0.48),
        lamps=0.36,
        stars=520,
    ),
    "overcast": Palette(
        sky=((104, 116, 130), (138, 150, 162), (170, 180, 188), (198, 204, 208)),
        disc=(232, 236, 240),
        rise=0.85,
        glow=0.25,
        haze=(188, 196, 202),
        tint=(0.76, 0.80, 0.84),
        lamps=0.16,
        stars=0,
    ),
}
"""Palettes by the light that a prompt asks for."""


def mixed(one: RGB, other: RGB, share: float) -> RGB:
    """Returns the colour at ``share`` of the way from one to the other."""
    r, g, b = (a + (z - a) * share for a, z in zip(one, other, strict=True))
    return r, g, b


def lit(colour: RGB, palette: Palette) -> RGB:
    """Returns a thing's own colour as it looks in the scene's light."""
    r, g, b = (value * part for value, part in zip(colour, palette.tint, strict=True))
    return r, g, b


def distant(colour: RGB, palette: Palette, near: float) -> RGB:
    """Returns a lit colour as it looks through the air at a depth (1: nearest)."""
    return mixed(lit(colour, palette), palette.haze, 0.82 * (1 - near) ** 1.8)


__all__ = ["PALETTES", "RGB", "Palette", "distant", "lit", "mixed"]
