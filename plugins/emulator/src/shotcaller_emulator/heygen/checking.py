"""Checks what is asked for, as HeyGen's schemas say, and names the first mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.heygen import errors

RATIOS = ["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"]
LARGE = {"1080p", "2k"}
MOST_REFERENCES = 12
LISTS = ("reference_images", "reference_videos", "reference_audio")

TEXT: Mapping[str, Any] = {"type": "string", "minLength": 1}
ASSET: Mapping[str, Any] = {
    "oneOf": [
        {
            "properties": {
                "type": {"const": "url"},
                "url": {"type": "string", "pattern": "^https?://"},
            },
            "required": ["type", "url"],
            "additionalProperties": False,
        },
        {
            "properties": {"type": {"const": "asset_id"}, "asset_id": TEXT},
            "required": ["type", "asset_id"],
            "additionalProperties": False,
        },
        {
            "properties": {
                "type": {"const": "base64"},
                "media_type": TEXT,
                "data": {"type": "string", "contentEncoding": "base64"},
            },
            "required": ["type", "media_type", "data"],
            "additionalProperties": False,
        },
    ]
}
CALLBACKS: Mapping[str, Any] = {
    "callback_url": {"type": "string", "pattern": "^https://"},
    "callback_id": {"type": "string", "maxLength": 256},
}


def _assets(most: int) -> Mapping[str, Any]:
    return {"type": "array", "items": ASSET, "minItems": 1, "maxItems": most}


def _mode(name: str, required: tuple[str, ...], **more: Any) -> Mapping[str, Any]:
    return {
        "properties": {
            "model": {"const": "heygen-video-1"},
            "mode": {"const": name},
            "prompt": {**TEXT, "maxLength": 16_000},
            "duration": {"type": "integer", "minimum": 5, "maximum": 15},
            "resolution": {"enum": ["480p", "768p", "1080p", "2k"]},
            "seed": {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
            "prompt_enhancement": {"enum": ["turbo", "quality", "disabled"]},
            **CALLBACKS,
            **more,
        },
        "required": ["model", "mode", "prompt", *required],
        "additionalProperties": False,
    }


MODES: Mapping[JSON, Draft202012Validator] = {
    "text_to_video": Draft202012Validator(
        _mode("text_to_video", (), aspect_ratio={"enum": RATIOS})
    ),
    "image_to_video": Draft202012Validator(
        _mode("image_to_video", ("image",), image=ASSET)
    ),
    "reference_to_video": Draft202012Validator(
        _mode(
            "reference_to_video",
            (),
            aspect_ratio={"enum": [*RATIOS, "adaptive"]},
            reference_images=_assets(9),
            reference_videos=_assets(3),
            reference_audio=_assets(3),
        )
    ),
}

CINEMATIC = Draft202012Validator(
    {
        "properties": {
            "type": {"const": "cinematic_avatar"},
            "prompt": {**TEXT, "maxLength": 10_000},
            "avatar_id": {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 3},
            "references": _assets(12),
            "duration": {"type": "integer", "minimum": 4, "maximum": 15},
            "auto_duration": {"type": "boolean"},
            "resolution": {"enum": ["720p", "1080p"]},
            "aspect_ratio": {"enum": ["16:9", "9:16", "1:1"]},
            "enhance_prompt": {"type": "boolean"},
            "title": {"type": "string"},
            **CALLBACKS,
        },
        "required": ["type", "prompt", "avatar_id"],
        "additionalProperties": False,
    }
)

AGENT = Draft202012Validator(
    {
        "properties": {
            "prompt": {**TEXT, "maxLength": 10_000},
            "mode": {"enum": ["generate", "chat"]},
            **dict.fromkeys(
                ("avatar_id", "voice_id", "style_id", "brand_kit_id"), TEXT
            ),
            "orientation": {"enum": ["landscape", "portrait"]},
            "files": _assets(20),
            "incognito_mode": {"type": "boolean"},
            **CALLBACKS,
        },
        "required": ["prompt"],
        "additionalProperties": False,
    }
)

PROVIDERS = (
    "veo_3_1",
    "veo_3_1_fast",
    "veo3",
    "veo3_fast",
    "veo2",
    "kling_pro",
    "kling_v2",
    "sora_v2",
    "sora_v2_pro",
    "runway_gen4",
    "seedance_lite",
    "seedance_pro",
    "ltx_distilled",
)
ADDRESS: Mapping[str, Any] = {"type": "string", "pattern": "^https?://"}
WORKFLOW = Draft202012Validator(
    {
        "properties": {
            "workflow_type": {"const": "GenerateVideoNode"},
            "input": {
                "type": "object",
                "properties": {
                    "prompt": TEXT,
                    "provider": {"enum": list(PROVIDERS)},
                    "aspect_ratio": {"type": "string", "pattern": r"^\d+:\d+$"},
                    "reference_image_url": ADDRESS,
                    "tail_image_url": ADDRESS,
                    "config": {"type": "object"},
                },
                "required": ["prompt"],
                "additionalProperties": False,
            },
        },
        "required": ["workflow_type", "input"],
        "additionalProperties": False,
    }
)


def video(body: Mapping[str, JSON]) -> Response | None:
    """Returns HeyGen's no to a body for Video 1, if it is one."""
    mode = body.get("mode")
    schema = MODES.get(mode) if isinstance(mode, str) else None
    if schema is None:
        return errors.invalid("mode", f"Unknown mode {mode!r}.")
    wrong = complaint(schema, body)
    if wrong is not None or mode == "image_to_video":
        return wrong
    ratio = body.get("aspect_ratio", "16:9" if mode == "text_to_video" else "adaptive")
    if body.get("resolution") in LARGE and ratio not in {"16:9", "9:16"}:
        return errors.invalid("aspect_ratio", "Only 16:9 and 9:16 at this resolution.")
    return _guided(body) if mode == "reference_to_video" else None


def _guided(body: Mapping[str, JSON]) -> Response | None:
    counts = [len(given) for name in LISTS if isinstance(given := body.get(name), list)]
    if sum(counts) > MOST_REFERENCES:
        return errors.invalid("references", "At most twelve references.")
    if not body.keys() & set(LISTS[:2]):
        return errors.invalid("references", "A picture or a video is needed.")
    return None


def complaint(schema: Draft202012Validator, body: JSON) -> Response | None:
    """Returns HeyGen's no to a body, which names the worst of what is wrong."""
    worst = best_match(schema.iter_errors(body))
    if worst is None:
        return None
    where = ".".join(str(part) for part in worst.absolute_path)
    return errors.invalid(where or "body", worst.message[:200])


def assets(value: JSON) -> Iterator[Mapping[str, JSON]]:
    """Yields all asset objects of a body."""
    if isinstance(value, dict):
        if value.get("type") in {"url", "asset_id", "base64"}:
            yield value
        for each in value.values():
            yield from assets(each)
    elif isinstance(value, list):
        for each in value:
            yield from assets(each)
