"""Is the cinematic avatar: a shot composed by the prompt around up to three looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shotcaller.plugin import (
    JSON,
    Capabilities,
    Exchange,
    Form,
    Kind,
    Lengths,
    Model,
    Operation,
    Option,
    Price,
    Rate,
    Refused,
    Shot,
    Sound,
    Ticket,
    Unit,
    operation,
)
from shotcaller_heygen import inputs
from shotcaller_heygen.evidence import GUESS, judged
from shotcaller_heygen.gateway import ID, MB
from shotcaller_heygen.v3 import videos

PATH = "/v3/videos"
LOOKS = "avatar_id"
MOST_LOOKS = 3
SECONDS = 150.0

MODEL = Model(
    id=f"{ID}/cinematic-avatar",
    title="HeyGen cinematic avatar",
    maker="heygen",
    capabilities=Capabilities(
        operations={Operation.TEXT, Operation.REFERENCES},
        seconds=Lengths(4, 15, 1),
        default_seconds=10,
        ratios=("16:9", "9:16", "1:1"),
        default_ratio="16:9",
        resolutions=("720p", "1080p"),
        default_resolution="720p",
        sound=Sound.ALWAYS,
        references={Kind.IMAGE: 9, Kind.VIDEO: 3},
        media_bytes={Kind.IMAGE: 50 * MB, Kind.VIDEO: 100 * MB},
        prompt=10_000,
        options=(
            Option(
                LOOKS, "the ids of one to three looks", form=Form.LIST, required=True
            ),
            Option(
                "enhance_prompt", "let HeyGen write the prompt anew", form=Form.FLAG
            ),
            Option("title", "what HeyGen is to call it", form=Form.TEXT),
            Option("callback_url", "where HeyGen is to report the end", form=Form.TEXT),
            Option("callback_id", "your own word in that report", form=Form.TEXT),
        ),
    ),
    price=Price((Rate("7.00", Unit.CLIP),), "HeyGen's price list", date(2026, 11, 22)),
    evidence=judged(0.80, SECONDS, GUESS),
    traits={"avatar"},
)


def submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
    """Asks for a clip, under the take's key."""
    return (yield from videos.submit(model, PATH, payload(shot), key))


def payload(shot: Shot) -> Mapping[str, JSON]:
    """Returns the body for a shot; raises ``Refused`` without one to three looks."""
    able = MODEL.able(operation(shot))
    given = shot.options.get(ID, {})
    written: dict[str, JSON] = {
        "type": "cinematic_avatar",
        "prompt": shot.prompt,
        LOOKS: _looks(given.get(LOOKS)),
        "duration": int(shot.seconds or able.default_seconds or 0),
        "resolution": shot.resolution or able.default_resolution,
        "aspect_ratio": shot.ratio or able.default_ratio,
    }
    if shot.references:
        written["references"] = [inputs.asset(item) for item in shot.references]
    rest = {name: value for name, value in given.items() if name != LOOKS}
    return {**written, **rest}


def _looks(value: JSON) -> JSON:
    looks = value if isinstance(value, list) else []
    named = all(isinstance(look, str) and look for look in looks)
    if not named or not 1 <= len(looks) <= MOST_LOOKS:
        message = f"{LOOKS}: {value!r} is not a list of one to three ids of looks."
        raise Refused(
            message, "HeyGen lists the looks of your avatars.", reason="input"
        )
    return looks
