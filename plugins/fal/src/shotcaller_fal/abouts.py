"""Says in a few words what the fields are for that fal's endpoints share."""

from __future__ import annotations

from collections.abc import Mapping

ABOUTS: Mapping[str, str] = {
    "auto_fix": "rewrite a prompt that would be turned down",
    "bitrate_mode": "how many bits a second the clip has",
    "camera_fixed": "whether the camera stands still",
    "cfg_scale": "how closely the prompt is followed, from 0 to 1",
    "codec": "how the clip is compressed",
    "elements": "characters and things to keep, cited as @Element1",
    "enable_prompt_expansion": "let the model rewrite the prompt",
    "enable_safety_checker": "whether fal looks at the clip before it is given out",
    "end_user_id": "whose shot it is, for fal's own records",
    "prompt_expansion_mode": "how far the model rewrites the prompt",
    "prompt_optimizer": "let the model rewrite the prompt",
    "safety_tolerance": "how much is let through, from 1 (little) to 6",
    "shot_type": "whether the cuts are given or the model makes its own",
    "target_audio_url": "speech that the lips follow",
    "task": "what to do with the references",
    "voice_ids": "voices, cited as <<<voice_1>>>",
}
