"""Describes what is wanted: a shot, with its cuts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from attrs import evolve, field, frozen

from shotcaller.errors import BadInput
from shotcaller.shot import checks
from shotcaller.shot.sources import Kind, Media, Source, media
from shotcaller.wire import JSON


@frozen
class Cut:
    """Is one of several pieces of a shot, with its own prompt and length in seconds."""

    prompt: str
    seconds: float | None = field(default=None, converter=checks.seconds)

    def __attrs_post_init__(self) -> None:
        checks.prompt("cuts.prompt", self.prompt)
        checks.length("cuts.seconds", self.seconds)


def _first_frame(source: Source | None) -> Media | None:
    return None if source is None else media(source, Kind.IMAGE, name="image")


def _last_frame(source: Source | None) -> Media | None:
    return None if source is None else media(source, Kind.IMAGE, name="last_image")


def _extended(source: Source | None) -> Media | None:
    return None if source is None else media(source, Kind.VIDEO, name="extend")


def _references(sources: Iterable[Source]) -> tuple[Media, ...]:
    checks.several("references", sources)
    return tuple(media(source, name="references") for source in sources)


def _cuts(cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    checks.several("cuts", cuts)
    found = tuple(cuts)
    for cut in found:
        if not isinstance(cut, Cut):
            raise checks.bad("cuts", cut, "is not a Cut")
    return found


def _options(
    options: Mapping[str, Mapping[str, JSON]],
) -> dict[str, dict[str, JSON]]:
    return checks.options(options)


@frozen
class Shot:
    """Is what is wanted: a value, checked when it is made.

    ``seconds`` is the length, ``ratio`` is written ``16:9`` and ``resolution``
    ``720p``; what is None is left to the model. ``image`` is the first frame,
    ``last_image`` the last, ``references`` what to be guided by, ``extend`` a video
    to go on from: each a path, a URL or a :class:`Media`. ``options`` holds a model's
    own parameters by gateway.
    Raises :class:`~shotcaller.errors.BadInput` naming the field and the value.
    """

    prompt: str
    seconds: float | None = field(default=None, kw_only=True, converter=checks.seconds)
    ratio: str | None = field(default=None, kw_only=True)
    resolution: str | None = field(default=None, kw_only=True)
    sound: bool | None = field(default=None, kw_only=True)
    image: Media | None = field(default=None, kw_only=True, converter=_first_frame)
    last_image: Media | None = field(default=None, kw_only=True, converter=_last_frame)
    references: tuple[Media, ...] = field(
        default=(), kw_only=True, converter=_references
    )
    extend: Media | None = field(default=None, kw_only=True, converter=_extended)
    cuts: tuple[Cut, ...] = field(default=(), kw_only=True, converter=_cuts)
    negative: str | None = field(default=None, kw_only=True)
    seed: int | None = field(default=None, kw_only=True)
    options: Mapping[str, Mapping[str, JSON]] = field(
        factory=dict, kw_only=True, converter=_options
    )

    def __attrs_post_init__(self) -> None:
        checks.prompt("prompt", self.prompt)
        checks.length("seconds", self.seconds)
        checks.ratio("ratio", self.ratio)
        checks.resolution("resolution", self.resolution)
        if self.sound is not None:
            checks.flag("sound", self.sound)
        if self.negative is not None:
            checks.prompt("negative", self.negative)
        checks.seed("seed", self.seed)
        _framed(self)
        _added_up(self)

    @property
    def named_media(self) -> tuple[tuple[str, Media], ...]:
        """All pictures, videos and sounds, each with its field, in a fixed order."""
        single = {
            "image": self.image,
            "last_image": self.last_image,
            "extend": self.extend,
        }
        frames = tuple(
            (name, item) for name, item in single.items() if item is not None
        )
        return frames + tuple(("references", item) for item in self.references)

    @property
    def media(self) -> tuple[Media, ...]:
        """All pictures, videos and sounds of the shot, in a fixed order."""
        return tuple(item for _, item in self.named_media)

    def with_media(self, change: Callable[[str, Media], Media]) -> Shot:
        """Returns the shot with each of its media changed; told the field's name."""

        def changed(name: str, item: Media | None) -> Media | None:
            return None if item is None else change(name, item)

        return evolve(
            self,
            image=changed("image", self.image),
            last_image=changed("last_image", self.last_image),
            extend=changed("extend", self.extend),
            references=tuple(change("references", m) for m in self.references),
        )

    @property
    def length(self) -> float | None:
        """The seconds asked for, or the sum of the cuts' where only they say it."""
        if self.seconds is not None or not self.cuts:
            return self.seconds
        lengths = [cut.seconds for cut in self.cuts if cut.seconds is not None]
        return math.fsum(lengths) if len(lengths) == len(self.cuts) else None


def _framed(shot: Shot) -> None:
    if shot.last_image is not None and shot.image is None:
        rule = "needs a first frame too"
        hint = "Give image as well."
        raise checks.bad("last_image", shot.last_image.source, rule, hint)


def _added_up(shot: Shot) -> None:
    lengths = [cut.seconds for cut in shot.cuts if cut.seconds is not None]
    if shot.seconds is None or not lengths:
        return
    total = math.fsum(lengths)
    if len(lengths) < len(shot.cuts):
        rule = "is no more than the cuts that say their length, "
        fits = total < shot.seconds
    else:
        rule = "is not the sum of the cuts, "
        fits = math.isclose(total, shot.seconds, abs_tol=0.05)
    if not fits:
        message = f"seconds: {shot.seconds:g} {rule}{total:g}."
        raise BadInput(message, "Leave seconds out, or change a cut.", field="seconds")
