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
                "avatar_id",
                "the ids of one to three looks",
                form=Form.LIST,
                low=1,
                high=3,
                each=Option("look", "the id of a look", form=Form.TEXT),
                required=True,
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
    traits={"cinematic", "lip-sync", "talking-head"},
)


def submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
    """Asks for a clip, under the take's key."""
    return (yield from videos.submit(model, PATH, payload(shot), key))


def payload(shot: Shot) -> Mapping[str, JSON]:
    """Returns the body for a shot; whose looks it is about comes by an option."""
    able = MODEL.able(operation(shot))
    written: dict[str, JSON] = {
        "type": "cinematic_avatar",
        "prompt": shot.prompt,
        "duration": int(shot.seconds or able.default_seconds or 0),
        "resolution": shot.resolution or able.default_resolution,
        "aspect_ratio": shot.ratio or able.default_ratio,
    }
    if shot.references:
        written["references"] = [inputs.asset(item) for item in shot.references]
    return {**written, **shot.options.get(ID, {})}
