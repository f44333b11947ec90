"""Turns a shot into the order that the renderer works by."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence

from shotcaller.plugin import JSON, Cut, Media, Refused, Shot
from shotcaller_animatic.order import FPS, SceneSpec, Spec

LONGEST = 60.0
SHORTEST = 1.0
USUAL = 5.0
"""Seconds of a shot, or of a cut, that does not say its length."""

RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")
RESOLUTIONS: Mapping[str, int] = {"480p": 480, "720p": 720, "1080p": 1080}
"""The shorter side in pixels."""


def _even(value: float) -> int:
    return round(value / 2) * 2


def size(ratio: str, resolution: str) -> tuple[int, int]:
    """Returns width and height in pixels, both even."""
    short = RESOLUTIONS[resolution]
    across, down = (int(part) for part in ratio.split(":"))
    if across >= down:
        return _even(short * across / down), short
    return short, _even(short * down / across)


def _shape(image: Media | None) -> str:
    """Returns the declared ratio that a picture comes closest to."""
    if image is None or not image.width or not image.height:
        return RATIOS[0]
    shape = math.log(image.width / image.height)

    def difference(ratio: str) -> float:
        across, down = ratio.split(":")
        return abs(math.log(int(across) / int(down)) - shape)

    return min(RATIOS, key=difference)


def _lengths(shot: Shot, cuts: Sequence[Cut]) -> list[float]:
    known = math.fsum(cut.seconds or 0 for cut in cuts)
    open_ones = sum(cut.seconds is None for cut in cuts)
    if shot.seconds is None:
        each = USUAL
    else:
        each = max(shot.seconds - known, 0) / max(open_ones, 1)
    return [each if cut.seconds is None else cut.seconds for cut in cuts]


def _frames(lengths: Sequence[float]) -> list[int]:
    """Returns each length in whole frames, so that their sum is right as well."""
    ends = [round(math.fsum(lengths[: i + 1]) * FPS) for i in range(len(lengths))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _scenes(shot: Shot) -> list[SceneSpec]:
    cuts = shot.cuts or (Cut(shot.prompt, shot.seconds),)
    counts = _frames(_lengths(shot, cuts))
    final = len(cuts) - 1
    return [
        SceneSpec(
            prompt=cut.prompt,
            frames=frames,
            first=shot.image.source if shot.image and index == 0 else None,
            last=shot.last_image.source if shot.last_image and index == final else None,
        )
        for index, (cut, frames) in enumerate(zip(cuts, counts, strict=True))
    ]


def _wanted(option: JSON) -> bool:
    return str(option).lower() not in {"false", "no", "off", "0"}


def _seed(shot: Shot, key: str) -> int:
    if shot.seed is not None:
        return shot.seed
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4])


def _check(shot: Shot, scenes: Sequence[SceneSpec]) -> None:
    remote = [media.source for media in shot.media if not media.local]
    if remote:
        raise Refused(
            f"The animatic gateway reads files on this machine, not {remote[0]!r}.",
            "Download it, and name the file.",
            reason="url",
        )
    total = sum(scene["frames"] for scene in scenes) / FPS
    if not SHORTEST <= total <= LONGEST or not all(s["frames"] for s in scenes):
        raise Refused(
            f"The animatic draws {SHORTEST:g} to {LONGEST:g} seconds, at least a frame "
            f"of each cut; this shot comes to {total:g} seconds.",
            reason="seconds",
        )


def spec(shot: Shot, key: str) -> Spec:
    """Returns the order for a shot; ``key`` names the take and seeds what is open.

    Raises ``Refused`` for media by URL and for lengths that cannot be drawn.
    """
    scenes = _scenes(shot)
    _check(shot, scenes)
    ratio = shot.ratio or _shape(shot.image)
    width, height = size(ratio, shot.resolution or "720p")
    options = shot.options.get("animatic", {})
    return Spec(
        take=key[:8],
        width=width,
        height=height,
        scenes=scenes,
        negative=shot.negative or "",
        seed=_seed(shot, key),
        sound=shot.sound is not False,
        slate=_wanted(options.get("slate", True)),
    )


__all__ = ["RATIOS", "RESOLUTIONS", "size", "spec"]
