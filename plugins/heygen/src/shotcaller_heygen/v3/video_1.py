"""Is HeyGen Video 1: a clip from words, from its first frame, or from references."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import evolve

from shotcaller.plugin import (
    JSON,
    Capabilities,
    Exchange,
    Form,
    Kind,
    Lengths,
    Media,
    Model,
    Operation,
    Option,
    Price,
    Rate,
    Refused,
    Shot,
    Sound,
    Ticket,
    operation,
)
from shotcaller_heygen import inputs
from shotcaller_heygen.evidence import GUESS, judged
from shotcaller_heygen.gateway import ID, MB
from shotcaller_heygen.v3 import videos

PATH = "/v3/models/videos"
NAME = "heygen-video-1"

LARGEST_SEED = 2**32 - 1
WIDEST = 4.0
"""By how much one side of a first frame may be longer than the other."""

LARGE = frozenset({"1080p", "2k"})
LARGE_RATIOS = frozenset({"16:9", "9:16"})
RATIOS = ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16")

MODES: Mapping[Operation, str] = {
    Operation.TEXT: "text_to_video",
    Operation.IMAGE: "image_to_video",
    Operation.REFERENCES: "reference_to_video",
}
LISTS: Mapping[Kind, str] = {
    Kind.IMAGE: "reference_images",
    Kind.VIDEO: "reference_videos",
    Kind.SOUND: "reference_audio",
}
OPTIONS = (
    Option(
        "prompt_enhancement",
        "how far the prompt is written anew before it is used",
        ("turbo", "quality", "disabled"),
    ),
    Option("callback_url", "where HeyGen is to report the end", form=Form.TEXT),
    Option("callback_id", "your own word for the job in that report", form=Form.TEXT),
)

_TEXT = Capabilities(
    operations={Operation.TEXT},
    seconds=Lengths(5, 15, 1),
    default_seconds=5,
    ratios=RATIOS,
    default_ratio="16:9",
    resolutions=("480p", "768p", "1080p", "2k"),
    default_resolution="768p",
    sound=Sound.ALWAYS,
    media_bytes={Kind.IMAGE: 50 * MB, Kind.VIDEO: 100 * MB, Kind.SOUND: 50 * MB},
    prompt=16_000,
    seed=True,
    options=OPTIONS,
)
_IMAGE = evolve(
    _TEXT,
    operations={Operation.IMAGE},
    ratios=(),
    default_ratio=None,
    ratio_from_image=True,
)
_REFERENCES = evolve(
    _TEXT,
    operations={Operation.REFERENCES},
    default_ratio=None,  # that of the first reference
    references={Kind.IMAGE: 9, Kind.VIDEO: 3, Kind.SOUND: 3},
    most_references=12,
    sound_alone=False,
)
_ALL = evolve(_REFERENCES, operations=frozenset(MODES), default_ratio="16:9")

_GIVEN = (0.0, 180.0)
"""How long videos are together whose seconds are charged for and that tell nothing.

HeyGen names no limit but their bytes: three of a minute each are held to be the most.
"""

PRICE = Price(
    tuple(
        Rate(usd, when={"resolution": size}, input_seconds=_GIVEN)
        for size, usd in {
            "480p": "0.02",
            "768p": "0.02",
            "1080p": "0.06",
            "2k": "0.06",
        }.items()
    ),
    "an estimate: what fal.ai lists for the same model; HeyGen's own list price for"
    " 768p is reported to be the same",
    date(2026, 10, 8),
)

MODEL = Model(
    id=f"{ID}/video-1",
    title="HeyGen Video 1",
    maker="heygen",
    capabilities=_ALL,
    by_operation={
        Operation.TEXT: _TEXT,
        Operation.IMAGE: _IMAGE,
        Operation.REFERENCES: _REFERENCES,
    },
    price=PRICE,
    evidence=judged(0.83, 90, GUESS, image=0.84),
    traits={"cheap"},
)


def submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
    """Asks for a clip, under the take's key."""
    return (yield from videos.submit(model, PATH, payload(shot), key))


def payload(shot: Shot) -> Mapping[str, JSON]:
    """Returns the body for a shot; what decides the price is always in it.

    Raises ``Refused`` for what the model cannot combine.
    """
    start = operation(shot)
    able = MODEL.able(start)
    written: dict[str, JSON] = {
        "model": NAME,
        "mode": MODES[start],
        "prompt": shot.prompt,
        "duration": int(shot.seconds or able.default_seconds or 0),
        "resolution": shot.resolution or able.default_resolution,
        **_shape(shot, able),
        **_media(shot),
    }
    if shot.seed is not None:
        written["seed"] = _seed(shot.seed)
    return {**written, **shot.options.get(ID, {})}


def _shape(shot: Shot, able: Capabilities) -> Mapping[str, JSON]:
    if able.ratio_from_image:
        return {}
    ratio = shot.ratio or able.default_ratio
    if shot.resolution in LARGE and ratio not in LARGE_RATIOS:
        message = f"HeyGen Video 1 makes {shot.resolution} only in 16:9 or 9:16,"
        raise Refused(
            f"{message} and the ratio is {ratio or 'not said'}.", reason="input"
        )
    return {} if ratio is None else {"aspect_ratio": ratio}


def _media(shot: Shot) -> Mapping[str, JSON]:
    if shot.image is not None:
        return {"image": inputs.asset(_framed(shot.image))}
    written: dict[str, JSON] = {}
    for kind, name in LISTS.items():
        found = [inputs.asset(one) for one in shot.references if one.kind is kind]
        if found:
            written[name] = found
    return written


def _framed(image: Media) -> Media:
    if image.width and image.height:
        longer, shorter = sorted((image.width, image.height), reverse=True)
        if longer > WIDEST * shorter:
            size = f"{image.width}x{image.height}"
            message = f"HeyGen Video 1 takes no first frame of {size}: one side may be"
            raise Refused(f"{message} {WIDEST:g} times the other.", reason="media")
    return image


def _seed(seed: int) -> int:
    if seed > LARGEST_SEED:
        message = f"HeyGen Video 1 takes seeds up to {LARGEST_SEED}, not {seed}."
        raise Refused(message, reason="input")
    return seed
