"""Lists the thirteen models behind the old call; HeyGen announced the end of it.

HeyGen publishes neither what they cost here nor how long their clips are. The lengths
are those that the models have elsewhere; none can be asked for.
"""

from __future__ import annotations

from datetime import date

from attrs import frozen

from shotcaller.plugin import (
    Capabilities,
    Evidence,
    Form,
    Kind,
    Lengths,
    Lifecycle,
    Model,
    Operation,
    Option,
    Sound,
)
from shotcaller_heygen.evidence import BOARDS, GUESS, judged
from shotcaller_heygen.gateway import ID, MB

END = date(2026, 11, 1)
"""From when on HeyGen serves the old API no more."""

ANNOUNCED = "HeyGen's comparison of its API's versions"
GEMINI = "Google's list of models that the Gemini API has retired"
OPENAI = "OpenAI's notice of the end of Sora 2"
SUCCESSOR = f"{ID}/video-1"

LONGEST_PROMPT = 20_000
"""HeyGen publishes no limit."""

SECONDS = 150.0
"""How long a clip usually takes: under five minutes, says HeyGen."""

CONFIG = Option(
    "config", "overrides in the words of the model's maker", form=Form.TABLE
)
WIDE = ("16:9", "9:16")
SQUARE = (*WIDE, "1:1")
ANY_START = frozenset({Operation.TEXT, Operation.IMAGE, Operation.FRAMES})

OVER = Lifecycle(END, SUCCESSOR, "HeyGen ends the whole old API", ANNOUNCED)


def _gone(since: date, source: str) -> Lifecycle:
    """Returns the end of a model that its maker switched off before that."""
    return Lifecycle(since, SUCCESSOR, "its maker has switched it off", source)


VEO_OFF = _gone(date(2026, 6, 30), GEMINI)
SORA_OFF = _gone(date(2026, 9, 24), OPENAI)


@frozen
class Provider:
    """Is one of the values that the call's ``provider`` may have, and what it makes."""

    value: str
    name: str
    title: str
    maker: str
    seconds: tuple[float, float]
    quality: float
    source: str
    image: float | None = None
    ratios: tuple[str, ...] = SQUARE
    sound: Sound = Sound.NEVER
    starts: frozenset[Operation] = ANY_START
    lifecycle: Lifecycle = OVER
    traits: frozenset[str] = frozenset()

    @property
    def model(self) -> Model:
        """The model as it is on offer; its price is unknown."""
        low, high = self.seconds
        can = Capabilities(
            operations=self.starts,
            seconds=Lengths(low, high, asked=False),
            ratios=self.ratios,
            default_ratio="16:9",
            sound=self.sound,
            prompt=LONGEST_PROMPT,
            media_bytes={Kind.IMAGE: 50 * MB},
            options=(CONFIG,),
        )
        return Model(
            id=f"{ID}/{self.name}",
            title=f"{self.title} (HeyGen workflows)",
            maker=self.maker,
            capabilities=can,
            evidence=self.evidence,
            lifecycle=self.lifecycle,
            traits=self.traits,
        )

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """How good and how fast it is held to be."""
        return judged(self.quality, SECONDS, self.source, self.image)


FOUR_TO_EIGHT = (4.0, 8.0)
FIVE_TO_EIGHT = (5.0, 8.0)
FOUR_TO_TWELVE = (4.0, 12.0)
FIVE_TO_TEN = (5.0, 10.0)
ABOUT_FIVE = (4.0, 6.0)

PROVIDERS = (
    Provider(
        "veo_3_1",
        "veo-3.1",
        "Google Veo 3.1",
        "google",
        FOUR_TO_EIGHT,
        0.73,
        BOARDS,
        image=0.77,
        ratios=WIDE,
        sound=Sound.ALWAYS,
        traits=frozenset({"cinematic", "dialogue", "lip-sync", "photoreal"}),
    ),
    Provider(
        "veo_3_1_fast",
        "veo-3.1-fast",
        "Google Veo 3.1 Fast",
        "google",
        FOUR_TO_EIGHT,
        0.74,
        BOARDS,
        image=0.76,
        ratios=WIDE,
        sound=Sound.ALWAYS,
        traits=frozenset({"dialogue", "fast", "lip-sync", "photoreal"}),
    ),
    Provider(
        "veo3",
        "veo-3",
        "Google Veo 3",
        "google",
        FOUR_TO_EIGHT,
        0.72,
        BOARDS,
        image=0.71,
        ratios=WIDE,
        sound=Sound.ALWAYS,
        lifecycle=VEO_OFF,
        traits=frozenset({"cinematic", "dialogue", "lip-sync", "photoreal"}),
    ),
    Provider(
        "veo3_fast",
        "veo-3-fast",
        "Google Veo 3 Fast",
        "google",
        FOUR_TO_EIGHT,
        0.73,
        BOARDS,
        image=0.70,
        ratios=WIDE,
        sound=Sound.ALWAYS,
        lifecycle=VEO_OFF,
        traits=frozenset({"dialogue", "fast", "lip-sync", "photoreal"}),
    ),
    Provider(
        "veo2",
        "veo-2",
        "Google Veo 2",
        "google",
        FIVE_TO_EIGHT,
        0.48,
        BOARDS,
        image=0.49,
        ratios=WIDE,
        lifecycle=VEO_OFF,
        traits=frozenset({"photoreal"}),
    ),
    Provider(
        # which version it is was never said
        "kling_pro",
        "kling-pro",
        "Kling Pro",
        "kuaishou",
        FIVE_TO_TEN,
        0.51,
        GUESS,
        image=0.60,
    ),
    Provider(
        "kling_v2",
        "kling-v2",
        "Kling v2",
        "kuaishou",
        FIVE_TO_TEN,
        0.41,
        GUESS,
        image=0.53,
    ),
    Provider(
        "sora_v2",
        "sora-2",
        "OpenAI Sora 2",
        "openai",
        FOUR_TO_TWELVE,
        0.72,
        BOARDS,
        image=0.70,
        ratios=WIDE,
        sound=Sound.ALWAYS,
        lifecycle=SORA_OFF,
    ),
    Provider(
        "sora_v2_pro",
        "sora-2-pro",
        "OpenAI Sora 2 Pro",
        "openai",
        FOUR_TO_TWELVE,
        0.75,
        BOARDS,
        image=0.73,
        ratios=WIDE,
        sound=Sound.ALWAYS,
        lifecycle=SORA_OFF,
    ),
    Provider(
        "runway_gen4",
        "runway-gen4",
        "Runway Gen-4",
        "runway",
        FIVE_TO_TEN,
        0.37,
        GUESS,
        image=0.40,
        starts=ANY_START
        - {Operation.TEXT},  # the model makes nothing without a picture
    ),
    Provider(
        "seedance_lite",
        "seedance-lite",
        "Seedance 1 Lite",
        "bytedance",
        FIVE_TO_TEN,
        0.41,
        BOARDS,
        image=0.51,
    ),
    Provider(
        "seedance_pro",
        "seedance-pro",
        "Seedance 1 Pro",
        "bytedance",
        FIVE_TO_TEN,
        0.52,
        BOARDS,
        image=0.64,
    ),
    Provider(
        "ltx_distilled",
        "ltx-distilled",
        "LTX distilled",
        "lightricks",
        ABOUT_FIVE,
        0.33,
        GUESS,
        traits=frozenset({"draft", "fast"}),
    ),
)
"""Every value, in the order of HeyGen's own list."""
