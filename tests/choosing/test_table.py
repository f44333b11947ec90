"""Shots and briefs, each with who should make it and why, on the real catalogues.

Every line was read for sense. Where one has to change, the reason is a fact that did:
a price, a date, a score on a board, an ability.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from shotcaller import BadInput, Brief, NothingFits, OverBudget, Shot
from shotcaller.programs.choosing import chosen, rank
from shotcaller.programs.context import Context
from shotcaller.ranking import INTENTS
from shotcaller.shot import Cut, Kind, Media
from tests.choosing.counter import counter

FAL = counter("fal")
HEYGEN = counter("heygen")
BOTH = counter("fal", "heygen")
NOBODY = counter()


def picture(
    name: str = "first.png", size: tuple[int, int] = (1280, 720), **known: Any
) -> Media:
    """Returns a picture as it is known once its file was read."""
    facts = {"sha256": "0" * 64, "bytes": 100_000, "type": "image/png", **known}
    return Media(name, Kind.IMAGE, width=size[0], height=size[1], **facts)


WIDE, TALL = picture(), picture("tall.png", (720, 1280))
HUGE = picture("huge.png", bytes=400_000_000)
LOOPED = {"image": WIDE, "last_image": picture("last.png")}
FILM = Media("before.mp4", Kind.VIDEO, "0" * 64, 9_000_000, type="video/mp4", seconds=6)

SEEDANCE = "fal/seedance-2.0"

Line = tuple[str, Context, Mapping[str, Any], Mapping[str, Any], str]

WINNERS: list[Line] = [
    # What the original brief promises of Seedance 2.0.
    ("a film", FAL, {"intent": "cinematic"}, {}, SEEDANCE),
    ("a film by another word", FAL, {"intent": "movie"}, {}, SEEDANCE),
    ("a film of 5 s", FAL, {"intent": "cinematic"}, {"seconds": 5}, SEEDANCE),
    ("a silent film", FAL, {"intent": "cinematic"}, {"sound": False}, SEEDANCE),
    ("a film in 4k", FAL, {"intent": "cinematic"}, {"resolution": "4k"}, SEEDANCE),
    ("a trailer", FAL, {"intent": "trailer"}, {}, SEEDANCE),
    ("a teaser of 15 s", FAL, {"intent": "teaser"}, {"seconds": 15}, SEEDANCE),
    ("dialogue", FAL, {"intent": "dialogue"}, {}, SEEDANCE),
    ("dialogue of 8 s", FAL, {"intent": "dialogue"}, {"seconds": 8}, SEEDANCE),
    ("high fidelity", FAL, {"intent": "high-fidelity"}, {"seconds": 5}, SEEDANCE),
    ("the best", FAL, {"intent": "best"}, {}, SEEDANCE),
    ("a fight", FAL, {"intent": "fight"}, {"seconds": 10}, SEEDANCE),
    (
        "a film of three cuts",
        FAL,
        {"intent": "cinematic"},
        {"cuts": [Cut(name, 5) for name in "abc"]},
        SEEDANCE,
    ),
    ("a film with both keys", BOTH, {"intent": "cinematic"}, {}, SEEDANCE),
    (
        "an upright trailer with both keys",
        BOTH,
        {"intent": "trailer"},
        {"ratio": "9:16", "seconds": 12},
        SEEDANCE,
    ),
    (
        "the best that 20 dollars buy",
        BOTH,
        {"intent": "best", "budget": "20"},
        {"seconds": 10, "resolution": "1080p"},
        SEEDANCE,
    ),
    ("a commercial", FAL, {"intent": "ad"}, {"seconds": 5}, SEEDANCE),
    (
        "a chase guided by a video",
        FAL,
        {"intent": "chase"},
        {"references": [FILM]},
        SEEDANCE,
    ),
    # What only 2.5 makes at that length.
    (
        "a trailer of 30 s",
        FAL,
        {"intent": "trailer"},
        {"seconds": 30},
        "fal/seedance-2.5",
    ),
    # A specific reason to switch: budget, provider, style, a control.
    (
        "a film for a dollar",
        FAL,
        {"intent": "cinematic", "budget": "1.00"},
        {"seconds": 5},
        "fal/kling-o3-pro",
    ),
    (
        "a film without Seedance",
        FAL,
        {"intent": "cinematic", "avoid": ["bytedance"]},
        {},
        "fal/kling-o3-pro",
    ),
    (
        "a film by Google",
        FAL,
        {"intent": "cinematic", "only": ["google"]},
        {},
        "fal/veo-3.1",
    ),
    (
        "a film that can be made again",
        FAL,
        {"intent": "cinematic"},
        {"seed": 7},
        "fal/veo-3.1",
    ),
    (
        "a film with what must not be in it",
        FAL,
        {"intent": "cinematic"},
        {"negative": "rain"},
        "fal/kling-v3-pro",
    ),
    # Other intents lead elsewhere.
    ("a landscape", FAL, {"intent": "landscape"}, {}, "fal/veo-3.1-lite"),
    (
        "a landscape in 4k",
        FAL,
        {"intent": "landscape"},
        {"resolution": "4k", "seconds": 8},
        "fal/veo-3.1",
    ),
    ("anime", FAL, {"intent": "anime"}, {}, SEEDANCE),
    (
        "anime, by Kling",
        FAL,
        {"intent": "anime", "only": ["kuaishou"]},
        {},
        "fal/kling-v3-pro",
    ),
    ("abstract", FAL, {"intent": "abstract"}, {"ratio": "1:1"}, "fal/kling-v3-pro"),
    ("a talking head", FAL, {"intent": "talking head"}, {}, "fal/veo-3.1"),
    (
        "an avatar of one's own",
        BOTH,
        {"intent": "avatar", "only": ["heygen"]},
        {"options": {"heygen": {"avatar_id": ["me"]}}},
        "heygen/cinematic-avatar",
    ),
    (
        "social, upright",
        FAL,
        {"intent": "social"},
        {"ratio": "9:16", "seconds": 8},
        "fal/veo-3.1-fast",
    ),
    ("a product from its picture", FAL, {"intent": "product"}, LOOPED, SEEDANCE),
    (
        "a character kept by five pictures",
        FAL,
        {"intent": "character"},
        {"references": [WIDE] * 5},
        "fal/h3",
    ),
    (
        "a character kept by twenty pictures",
        FAL,
        {"intent": "character"},
        {"references": [WIDE] * 20},
        "fal/seedance-2.5",
    ),
    ("nothing said", FAL, {}, {}, "fal/h3-max"),
    ("fast", FAL, {"intent": "fast"}, {}, "fal/h3-max-turbo"),
    ("fast, said as weights", FAL, {"weights": "fast"}, {}, "fal/h3-max-turbo"),
    ("cheap", FAL, {"intent": "cheap"}, {"seconds": 5}, "fal/h3-max-turbo"),
    (
        "cheap with both keys",
        BOTH,
        {"intent": "cheap"},
        {"seconds": 5},
        "heygen/video-1",
    ),
    (
        "cheap and silent",
        FAL,
        {"intent": "cheap"},
        {"sound": False, "seconds": 4},
        "fal/veo-3.1-lite",
    ),
    (
        "cheap, from a picture",
        FAL,
        {"intent": "cheap"},
        {"image": WIDE, "seconds": 6},
        "fal/hailuo-02-fast",
    ),
    (
        "fast, in 4k",
        FAL,
        {"intent": "fast"},
        {"resolution": "4k", "seconds": 8},
        "fal/veo-3.1-fast",
    ),
    (
        "a trailer of 15 s for fifty cents",
        BOTH,
        {"intent": "trailer", "budget": "0.50"},
        {"seconds": 15},
        "heygen/video-1",
    ),
    (
        "dialogue with HeyGen's key",
        HEYGEN,
        {"intent": "dialogue"},
        {"seconds": 8},
        "heygen/video-1",
    ),
    ("only HeyGen's key", HEYGEN, {"intent": "cinematic"}, {}, "heygen/video-1"),
    # Drafts, and who is no AI model.
    ("a draft", FAL, {"intent": "draft"}, {}, "animatic/draft"),
    ("a storyboard", BOTH, {"intent": "storyboard"}, {}, "animatic/draft"),
    (
        "the cheapest draft",
        FAL,
        {"intent": "draft", "weights": "cheap"},
        {},
        "animatic/draft",
    ),
    (
        "the cheapest draft that is drawn by AI",
        FAL,
        {"intent": "draft", "weights": "cheap", "only": ["fal"]},
        {},
        "fal/h3-max-turbo",
    ),
    ("no key", NOBODY, {"intent": "cinematic"}, {}, "animatic/draft"),
    ("a storyboard without a key", NOBODY, {"intent": "previz"}, {}, "animatic/draft"),
    ("no key, and cheap", NOBODY, {"intent": "cheap"}, {}, "animatic/draft"),
    (
        "a draft of a minute",
        FAL,
        {"intent": "draft"},
        {"seconds": 60},
        "animatic/draft",
    ),
    # What is named is honoured.
    (
        "Kling v3 for 15 s",
        FAL,
        {"model": "fal/kling-v3-pro"},
        {"seconds": 15},
        "fal/kling-v3-pro",
    ),
    (
        "a premium model for a draft",
        FAL,
        {"model": SEEDANCE, "intent": "draft"},
        {},
        SEEDANCE,
    ),
    ("the animatic by name", FAL, {"model": "animatic/draft"}, {}, "animatic/draft"),
    ("what may be gone, by name", FAL, {"model": "fal/veo-3"}, {}, "fal/veo-3"),
    (
        "a video to go on from",
        FAL,
        {},
        {"extend": FILM},
        "fal/veo-3.1",
    ),
]

REFUSED: list[tuple[str, Context, Mapping[str, Any], Mapping[str, Any], str, str]] = [
    (
        "a dollar for a job of $1.56",
        FAL,
        {"model": SEEDANCE, "budget": "1.00"},
        {"seconds": 5},
        "budget",
        "may cost $1.5585, more than the budget of $1.00",
    ),
    (
        "12 s on Veo",
        FAL,
        {"model": "fal/veo-3.1"},
        {"seconds": 12},
        "seconds",
        "cannot make 12 s; it makes 4, 6 or 8 s",
    ),
    (
        "7 s on Veo",
        FAL,
        {"model": "fal/veo-3.1"},
        {"seconds": 7},
        "seconds",
        "cannot make 7 s; it makes 4, 6 or 8 s (nearest: 6 and 8)",
    ),
    (
        "a minute of film",
        FAL,
        {"intent": "cinematic"},
        {"seconds": 60},
        "seconds",
        "cannot make 60 s; it makes 4 to 30 in steps of 1 s",
    ),
    (
        "a picture that is too heavy",
        FAL,
        {"model": SEEDANCE},
        {"image": HUGE},
        "media",
        "huge.png has 400000000 bytes; it takes 30000000",
    ),
    (
        "7.5 s on Seedance",
        FAL,
        {"model": SEEDANCE},
        {"seconds": 7.5},
        "seconds",
        "cannot make 7.5 s; it makes 4 to 15 in steps of 1 s (nearest: 7 and 8)",
    ),
    (
        "upright from a picture that lies",
        FAL,
        {"model": "fal/kling-v3-pro"},
        {"image": WIDE, "ratio": "9:16"},
        "ratio",
        "takes the ratio of the image, which is not 9:16",
    ),
    (
        "a square from Veo",
        FAL,
        {"model": "fal/veo-3.1"},
        {"ratio": "1:1"},
        "ratio",
        "does not offer 1:1 (only 16:9, 9:16)",
    ),
    (
        "silence from H3",
        FAL,
        {"model": "fal/h3-max"},
        {"sound": False},
        "sound",
        "always makes sound",
    ),
    (
        "sound from Hailuo",
        FAL,
        {"model": "fal/hailuo-2.3-standard"},
        {"sound": True},
        "sound",
        "makes no sound",
    ),
    (
        "a seed for Seedance",
        FAL,
        {"model": SEEDANCE},
        {"seed": 7},
        "seed",
        "takes no seed",
    ),
    (
        "1080p from a tier that has none",
        FAL,
        {"model": "fal/seedance-2.0-fast"},
        {"resolution": "1080p"},
        "resolution",
        "does not offer 1080p (only 480p, 720p)",
    ),
    (
        "more pictures than it takes",
        FAL,
        {"model": SEEDANCE},
        {"references": [WIDE] * 10},
        "references",
        "takes at most 9 image references, not 10",
    ),
    (
        "a last frame for what has none",
        FAL,
        {"model": "fal/hailuo-2.3-standard"},
        LOOPED,
        "operation",
        "cannot start from frames (only from image, text)",
    ),
    (
        "a picture of a kind it does not read",
        FAL,
        {"model": "fal/kling-v3-turbo-pro"},
        {"image": picture("first.webp", type="image/webp")},
        "media",
        "first.webp is image/webp; it takes image/jpeg or image/png",
    ),
    (
        "a picture that is too small",
        FAL,
        {"model": "fal/kling-v3-turbo-pro"},
        {"image": picture("stamp.png", (200, 300))},
        "media",
        "stamp.png has 200x300 pixels; it takes 300 and more a side",
    ),
    (
        "a picture that is a strip",
        FAL,
        {"model": "fal/kling-v3-turbo-pro"},
        {"image": picture("strip.png", (3000, 300))},
        "media",
        "strip.png is 10 times as wide as high; it takes 0.4 to 2.5",
    ),
    (
        "a prompt that is too long",
        FAL,
        {"model": "fal/hailuo-2.3-standard"},
        {"prompt": "a" * 2_001},
        "prompt",
        "the prompt has 2001 characters; it takes 2000",
    ),
    (
        "cuts where there are none",
        FAL,
        {"model": "fal/veo-3.1"},
        {"cuts": [Cut("a", 4), Cut("b", 4)]},
        "cuts",
        "takes no cuts, not 2",
    ),
    (
        "what has retired",
        HEYGEN,
        {"only": ["heygen/sora-2"]},
        {},
        "retired",
        "retired on 2026-09-24; use heygen/video-1",
    ),
    (
        "without a key",
        FAL,
        {"model": "heygen/video-1"},
        {},
        "no-key",
        "no key for heygen: set HEYGEN_API_KEY",
    ),
    (
        "an animatic instead of a film",
        FAL,
        {"only": ["animatic", "google"], "intent": "cinematic"},
        {"seconds": 12},
        "stand-in",
        "is no AI model: it stands in where none is ready; name it, or ask for a draft",
    ),
]


def asked(shot: Mapping[str, Any]) -> Shot:
    return Shot(**{"prompt": "A lighthouse in a storm", **shot})


@pytest.mark.parametrize(
    ("context", "brief", "shot", "winner"),
    [pytest.param(*line[1:], id=line[0]) for line in WINNERS],
)
def test_who_makes_it(
    context: Context, brief: Mapping[str, Any], shot: Mapping[str, Any], winner: str
) -> None:
    first = chosen(context, asked(shot), Brief(**brief))[0]

    assert first.model == winner


@pytest.mark.parametrize(
    ("context", "brief", "shot", "code", "message"),
    [pytest.param(*line[1:], id=line[0]) for line in REFUSED],
)
def test_who_does_not_and_why(
    context: Context,
    brief: Mapping[str, Any],
    shot: Mapping[str, Any],
    code: str,
    message: str,
) -> None:
    with pytest.raises(NothingFits) as caught:
        chosen(context, asked(shot), Brief(**brief))

    found = {
        (reason.code, reason.message)
        for one in caught.value.refused
        for reason in one.reasons
    }
    assert (code, message) in found


def test_the_table_is_long_enough_and_names_no_line_twice() -> None:
    names = [line[0] for line in (*WINNERS, *REFUSED)]

    assert len(names) >= 40
    assert len(set(names)) == len(names)


def test_a_budget_that_is_too_small_says_what_would_fit() -> None:
    brief = Brief(model=SEEDANCE, budget="1.00")

    with pytest.raises(OverBudget) as caught:
        chosen(FAL, asked({"seconds": 5}), brief)
    with pytest.raises(OverBudget) as shorter:
        chosen(FAL, asked({"seconds": 8}), Brief(model=SEEDANCE, budget="1.60"))

    assert caught.value.exit_code == 7
    assert caught.value.message == "fal/seedance-2.0 cannot take it for $1.00."
    assert caught.value.next == (
        "The cheapest that fits is fal/h3-max-turbo, for $0.20 at most."
        " Raise the budget to $1.5585 for fal/seedance-2.0, or ask for less."
    )
    assert shorter.value.next == (
        "The cheapest that fits is fal/h3-max-turbo, for $0.32 at most."
        " fal/seedance-2.0 makes 5 s for $1.5585 at most."
        " Raise the budget to $2.4859 for fal/seedance-2.0, or ask for less."
    )


def test_where_nothing_fits_the_budget_the_least_is_named() -> None:
    brief = Brief(budget="0.01", only=["google"])

    with pytest.raises(OverBudget) as caught:
        chosen(FAL, asked({"seconds": 8}), brief)

    assert caught.value.message == "No model can take the shot for $0.01."
    assert caught.value.next == (
        "Raise the budget to $0.40 for fal/veo-3.1-lite, or ask for less."
    )


def test_only_models_that_end_on_a_picture_take_one() -> None:
    found = rank(FAL, asked(LOOPED), Brief())

    able = {
        model.id
        for model in FAL.registry.models
        if "frames" in model.capabilities.operations
    }
    assert found.candidates
    assert {one.model for one in found.candidates} <= able
    out = {one.model: {r.code for r in one.reasons} for one in found.refused}
    assert all("operation" in out[id_] for id_ in out if id_ not in able)


def test_without_a_key_the_animatic_leads_and_says_so() -> None:
    first = rank(NOBODY, asked({}), Brief(intent="cinematic")).candidates[0]

    assert first.model == "animatic/draft"
    assert first.warnings == (
        (
            "animatic/draft is no AI model; it leads because none can take the shot"
            " (no key for fal: set FAL_KEY, or FAL_KEY_ID and FAL_KEY_SECRET;"
            " no key for heygen: set HEYGEN_API_KEY)"
        ),
    )


def test_a_draft_that_was_asked_for_is_no_stand_in() -> None:
    first = rank(NOBODY, asked({}), Brief(intent="draft")).candidates[0]

    assert (first.stand_in, first.warnings) == (False, ())


def test_a_stand_in_does_not_step_in_for_a_clip() -> None:
    brief = Brief(intent="cinematic")

    assert "animatic/draft" in {c.model for c in rank(FAL, asked({}), brief).candidates}
    assert "animatic/draft" not in {c.model for c in chosen(FAL, asked({}), brief)}


def test_with_both_keys_both_gateways_are_compared() -> None:
    found = rank(BOTH, asked({"seconds": 5}), Brief(intent="cheap"))

    costs = {one.model: one.quote.high for one in found.candidates}
    assert {id_.split("/")[0] for id_ in costs} == {"animatic", "fal", "heygen"}
    assert costs["heygen/video-1"] is not None
    assert costs["fal/h3-max-turbo"] is not None
    assert costs["heygen/video-1"] < costs["fal/h3-max-turbo"]


@pytest.mark.parametrize(
    ("brief", "message", "hint"),
    [
        (
            {"model": "fal/seedanse-2.0"},
            "model: 'fal/seedanse-2.0' is offered by no installed plugin.",
            "Did you mean fal/seedance-2.0",
        ),
        (
            {"only": ["heigen"]},
            "only: 'heigen' is no model, gateway or maker that is installed",
            "Did you mean heygen",
        ),
        (
            {"avoid": ["byte-dance"]},
            "avoid: 'byte-dance' is no model, gateway or maker that is installed",
            "Did you mean bytedance",
        ),
        (
            {"model": "seedance-2.0"},
            "model: 'seedance-2.0' is offered by no installed plugin.",
            "Did you mean fal/seedance-2.0 (made by bytedance)?",
        ),
        (
            {"model": "Veo 3.1"},
            "model: 'Veo 3.1' is offered by no installed plugin.",
            "Did you mean fal/veo-3.1 or heygen/veo-3.1 (made by google)?",
        ),
        (
            {"only": ["veo"]},
            "only: 'veo' is no model, gateway or maker that is installed",
            "Did you mean fal/veo-2 or fal/veo-3 or fal/veo-3-fast (made by google)?",
        ),
        (
            {"avoid": ["kling"]},
            "avoid: 'kling' is no model, gateway or maker that is installed",
            "Did you mean fal/kling-",
        ),
        ({"intent": "cinmatic"}, "intent: 'cinmatic' is no intent", "Did you mean"),
        (
            {"weights": "chepa"},
            "weights: 'chepa' is not a profile",
            "Did you mean cheap?",
        ),
    ],
)
def test_a_name_that_nothing_bears_is_refused_with_what_is_near(
    brief: Mapping[str, Any], message: str, hint: str
) -> None:
    with pytest.raises(BadInput) as caught:
        rank(FAL, asked({}), Brief(**brief))

    assert caught.value.exit_code == 2
    assert caught.value.message.startswith(message)
    assert caught.value.next.startswith(hint)
    assert caught.value.field == next(iter(brief))


def test_a_model_of_a_gateway_that_is_not_there_fits_nothing() -> None:
    with pytest.raises(NothingFits) as caught:
        chosen(FAL, asked({}), Brief(model="runway/gen-5"))

    assert caught.value.exit_code == 3


def test_a_model_that_no_plugin_lists_may_be_named_in_a_list() -> None:
    brief = Brief(only=["fal:fal-ai/some/thing", "google"])

    assert chosen(FAL, asked({}), brief)[0].model == "fal/veo-3.1-lite"


def test_the_traits_of_models_are_words_that_somebody_asks_for() -> None:
    wanted = {want for one in INTENTS.values() for want in one.wants}
    traits = {trait for model in FAL.registry.models for trait in model.traits}

    assert traits <= set(INTENTS) | wanted
