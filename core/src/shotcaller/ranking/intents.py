"""Lists what clips are for, with the words people use for it; pure data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from shotcaller.errors import unknown_name


@frozen
class Intent:
    """Is what a clip is for: its name, what serves it, and the profile it weighs by.

    ``wants`` are traits that models declare, or what they can do: ``sound``,
    ``first frame``, ``last frame``, ``references``, ``1080p``, ``9:16``. ``also`` are
    other words for it. In an intent of ``stands_in`` what is no AI model may lead.
    """

    name: str
    about: str
    wants: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    profile: str = "balanced"
    stands_in: bool = False


_FILM = ("sound", "multi-shot", "camera", "lip-sync")

INTENTS: Mapping[str, Intent] = {
    one.name: one
    for one in (
        Intent(
            "abstract",
            "shapes and colours without a story",
            (),
            ("background", "loop", "motion-graphics", "visualizer"),
        ),
        Intent(
            "action",
            "fights, chases, sport: much that moves fast",
            ("action", "multi-shot"),
            ("chase", "fight", "sport", "sports", "stunt"),
        ),
        Intent(
            "animatic",
            "a storyboard that moves, to plan by",
            (),
            ("previs", "previz", "storyboard"),
            "draft",
            stands_in=True,
        ),
        Intent(
            "anime",
            "drawn, stylised pictures",
            (),
            ("cartoon", "illustration", "manga", "stylised", "stylized"),
        ),
        Intent(
            "character",
            "somebody who stays the same throughout",
            ("references", "character"),
            ("consistency", "consistent", "identity", "mascot"),
        ),
        Intent(
            "cheap",
            "as little money as will do",
            (),
            ("budget", "cheapest", "inexpensive", "low-cost"),
            "cheap",
        ),
        Intent(
            "cinematic",
            "looks like a film",
            _FILM,
            ("cinema", "dramatic", "epic", "film", "movie"),
            "cinematic",
        ),
        Intent(
            "dialogue",
            "people who speak what the prompt quotes",
            ("sound", "lip-sync"),
            ("conversation", "dialog", "speech", "talking"),
            "cinematic",
        ),
        Intent(
            "draft",
            "to see whether the idea works",
            (),
            ("mockup", "preview", "rough", "sketch", "test"),
            "draft",
            stands_in=True,
        ),
        Intent(
            "fast",
            "to be there soon",
            (),
            ("fastest", "quick", "quickest", "speed"),
            "fast",
        ),
        Intent(
            "high-fidelity",
            "the best there is",
            ("1080p", "sound"),
            ("best", "finest", "hero", "premium", "quality"),
            "best",
        ),
        Intent(
            "landscape",
            "places without people",
            ("photoreal", "1080p"),
            ("aerial", "drone", "nature", "scenery", "travel"),
        ),
        Intent(
            "photoreal",
            "looks as if it were filmed",
            ("1080p",),
            ("documentary", "photorealistic", "realistic"),
        ),
        Intent(
            "product",
            "shows a thing that is for sale",
            ("first frame", "last frame", "references"),
            ("ad", "advert", "commercial", "ecommerce", "packshot"),
        ),
        Intent(
            "social",
            "for a feed on a phone",
            ("9:16", "sound"),
            ("reel", "reels", "shorts", "story", "tiktok", "ugc", "vertical"),
        ),
        Intent(
            "talking-head",
            "one person who speaks to the camera",
            ("sound", "lip-sync", "first frame"),
            ("avatar", "explainer", "presenter", "spokesperson", "talkinghead"),
        ),
        Intent(
            "trailer",
            "scenes of a film, cut for suspense",
            (*_FILM, "action"),
            ("promo", "sizzle", "teaser"),
            "cinematic",
        ),
    )
}
"""What clips are for, by name."""

_WORDS: Mapping[str, Intent] = {
    word: one for one in INTENTS.values() for word in (one.name, *one.also)
}


def intent(word: str | None, more: Iterable[str] = ()) -> Intent | None:
    """Returns what a word says that a clip is for; None where nothing is said.

    ``more`` are words that are known besides ours: the traits of models that are
    installed, and the profiles of the user's own. Raises
    :class:`~shotcaller.errors.BadInput` for a word that nobody knows.
    """
    if word is None:
        return None
    written = "-".join(word.lower().replace("_", " ").split())
    if written in _WORDS:
        return _WORDS[written]
    others = set(more)
    for own in (word, written):
        if own in others:
            return Intent(own, "as a plugin, or the settings, have it")
    known = {*_WORDS, *others}
    shown = {*INTENTS, *others}
    raise unknown_name("intent", word, "is no intent", known, shown)
