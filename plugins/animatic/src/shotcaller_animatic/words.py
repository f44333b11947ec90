"""Reads a prompt the way a storyboard artist would: where, when, what weather, how."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple


def _table(rows: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, words in rows.items() for word in words.split()}


PLACES = _table(
    {
        "space": "space galaxy galactic planet nebula asteroid spaceship spacecraft "
        "astronaut cosmos cosmic starship interstellar mars moonscape",
        "room": "interior room kitchen office coffee cafe café restaurant bedroom "
        "library corridor hallway gallery museum indoor indoors inside apartment "
        "loft classroom workshop lounge diner pub bar studio",
    }
)
"""Words for places that are not a landscape."""

RELIEFS = _table(
    {
        "city": "city cities cityscape downtown skyline skyscraper urban metropolis "
        "town street avenue tower building rooftop neon manhattan tokyo york "
        "london paris shanghai harbour harbor port",
        "mountain": "mountain mountainous alp alpine peak summit cliff ridge glacier "
        "fjord volcano canyon rocky highland himalaya everest",
        "forest": "forest wood woods woodland tree jungle pine rainforest grove "
        "conifer taiga orchard park",
        "dunes": "desert dune sahara sand sandy oasis savanna savannah",
        "hills": "hill meadow field valley countryside farm vineyard prairie grass "
        "grassland village pasture garden flower wheat",
    }
)
"""Words for what stands at the horizon."""

GROUNDS = _table(
    {
        "sea": "sea seaside ocean coast coastal coastline beach shore wave harbour "
        "harbor port island bay surf tide lighthouse boat ship sailboat yacht lake "
        "river fjord lagoon pier sailing surfer waterfront",
        "snow": "snow snowy winter wintry ice icy glacier blizzard arctic frozen ski "
        "snowfall tundra taiga frost",
        "sand": "desert dune sahara sand sandy oasis savanna savannah canyon",
    }
)
"""Words for what lies in front of it."""

LIGHTS = _table(
    {
        "night": "night midnight nighttime moon moonlit moonlight starry star stars "
        "nocturnal dark",
        "dusk": "dusk twilight nightfall evening neon",
        "sunset": "sunset sundown golden",
        "dawn": "dawn sunrise daybreak morning",
        "overcast": "overcast cloudy grey gray gloomy storm stormy rain rainy rainfall "
        "drizzle fog foggy mist misty haze blizzard downpour thunderstorm",
    }
)
"""Words for the time of day and the light."""

WEATHERS = _table(
    {
        "snow": "snow snowy snowfall blizzard snowing snowstorm winter",
        "rain": "rain rainy rainfall raining storm stormy drizzle downpour "
        "thunderstorm",
        "fog": "fog foggy mist misty",
    }
)
"""Words for what the air is full of."""

PROPS = _table(
    {
        "boat": "boat ship sailboat yacht sailing ferry vessel",
        "figure": "man woman person girl boy child people figure hiker detective "
        "astronaut dancer runner surfer couple hero traveller traveler chef barista",
        "palm": "palm tropical beach island oasis lagoon",
        "cactus": "cactus desert canyon",
        "birds": "bird gull seagull crow eagle",
    }
)
"""Words for things that stand in the picture."""

MOVES: tuple[tuple[str, str], ...] = (
    ("pan-left", r"\bpan(?:s|ning)?\b[^.,;]{0,24}?\bleft|\bleft(?:ward)? pan"),
    ("pan-right", r"(?<!left )(?<!leftward )\bpan(?:s|ning)?\b(?![^.,;]{0,24}?\bleft)"),
    ("tilt-down", r"\btilt(?:s|ing)?\b[^.,;]{0,16}?\bdown|\bdownward tilt"),
    ("tilt-up", r"(?<!downward )\btilt(?:s|ing)?\b(?![^.,;]{0,16}?\bdown)"),
    ("zoom-out", r"\bzoom(?:s|ing|ed)?\b[^.,;]{0,16}?\bout"),
    ("zoom-in", r"\bzoom(?:s|ing|ed)?\b(?![^.,;]{0,16}?\bout)"),
    (
        "pull-back",
        (
            r"\bpull(?:s|ing)?[ -](?:back|out|away)|\bdolly(?:s|ing)?[ -](?:out|back)"
            r"|\btrack(?:s|ing)?[ -](?:out|back)|\bback(?:s|ing) away"
        ),
    ),
    (
        "push-in",
        (
            r"\bpush(?:es|ing)?[ -]in|\bdoll(?:y|ies|ying)\b(?![ -](?:out|back|zoom))"
            r"|\bmov(?:es|ing) (?:in|closer|forward)|\btrack(?:s|ing)?[ -]in"
        ),
    ),
    (
        "crane-down",
        r"\b(?:crane|boom|jib)(?:s|d|ing)?\b[^.,;]{0,16}?\bdown|\bdescend(?:s|ing)?\b",
    ),
    (
        "crane-up",
        (
            r"\b(?:crane|boom|jib)(?:s|d|ing)?\b(?![^.,;]{0,16}?\bdown)"
            r"|\brises? (?:up|above)|\bascend(?:s|ing)?\b"
        ),
    ),
    ("orbit", r"\borbit(?:s|ing)?\b|\barc shot|\bcircl(?:es|ing) around|\b360\b"),
    (
        "truck-left",
        r"\b(?:truck|track)(?:s|ing)?\b(?![ -](?:in|out|back))[^.,;]{0,16}?\bleft",
    ),
    (
        "truck-right",
        r"\b(?:truck|track)(?:s|ing)\b(?![ -](?:in|out|back))(?![^.,;]{0,16}?\bleft)",
    ),
    (
        "drone",
        (
            r"\bdrone\b|\baerial\b|\bfly[ -]?(?:over|ing|through|by)|\bflies\b"
            r"|\bbird'?s?[ -]eye|\bhelicopter\b|\boverhead\b"
        ),
    ),
    ("handheld", r"\bhand[ -]?held\b|\bshaky\b|\bdocumentary[ -]style"),
    ("static", r"\bstatic\b|\blocked[ -]off\b|\btripod\b|\bstill (?:shot|camera)"),
)
"""Camera moves by the words that ask for them, in the order they are looked for."""

PACES: tuple[tuple[str, float], ...] = (
    (r"\b(?:slow|slowly|gentle|gently|subtle)\b", 0.7),
    (r"\b(?:fast|quick|quickly|rapid|whip|dynamic)\b", 1.3),
)
"""How much more or less of a move there is, by the words that say so."""

_WORD = re.compile(r"[^\W\d_]+")


class Reading(NamedTuple):
    """Is what a prompt says about a scene, in the words of the tables above."""

    place: str
    reliefs: tuple[str, ...]
    ground: str
    light: str
    weather: str | None
    props: tuple[str, ...]
    moves: tuple[str, ...]
    pace: float


def words(text: str) -> list[str]:
    """Returns the words of a text in lower case, each also without a plural's s."""
    found = _WORD.findall(text.lower())
    return [form for word in found for form in {word: 0, word.removesuffix("s"): 0}]


def _found(table: Mapping[str, str], said: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(table[word] for word in said if word in table))


def _first(names: tuple[str, ...], otherwise: str) -> str:
    return names[0] if names else otherwise


def _place(said: list[str]) -> str:
    place = _first(_found(PLACES, said), "landscape")
    outdoors = "street" in said or "skyline" in said
    if place == "room" and outdoors and not {"interior", "inside"} & set(said):
        return "landscape"
    return place


def _ground(said: list[str], reliefs: tuple[str, ...]) -> str:
    named = _found(GROUNDS, said)
    for ground in ("sea", "snow", "sand"):
        if ground in named:
            return ground
    return "street" if "city" in reliefs else "meadow"


def _light(said: list[str], weather: str | None) -> str:
    named = _found(LIGHTS, said)
    for light in ("night", "dusk", "sunset", "dawn", "overcast"):
        if light in named:
            return light
    return "overcast" if weather else "day"


def moves(prompt: str) -> tuple[str, ...]:
    """Returns the camera moves a prompt asks for; a slow drift where it says none."""
    text = prompt.lower()
    found = tuple(name for name, asked in MOVES if re.search(asked, text))
    if found and "static" not in found:
        return found
    return ("static",) if found else ("drift",)


def pace(prompt: str) -> float:
    """Returns how wide the moves are: 1 is normal, less is slow, more is fast."""
    text = prompt.lower()
    return next((share for asked, share in PACES if re.search(asked, text)), 1.0)


def read(prompt: str, negative: str = "") -> Reading:
    """Returns what the prompt says, but for what the negative prompt forbids."""
    unwanted = set(words(negative))
    said = [word for word in words(prompt) if word not in unwanted]
    props = _found(PROPS, said)
    reliefs = _found(RELIEFS, said)
    if "palm" in props:  # its trees are no conifers
        reliefs = tuple(name for name in reliefs if name != "forest")
    weather = _first(_found(WEATHERS, said), "") or None
    return Reading(
        place=_place(said),
        reliefs=reliefs,
        ground=_ground(said, reliefs),
        light=_light(said, weather),
        weather=weather,
        props=props,
        moves=moves(prompt),
        pace=pace(prompt),
    )


__all__ = ["MOVES", "Reading", "moves", "pace", "read", "words"]
