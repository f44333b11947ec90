"""Counts elements, characters and things to keep, before any of them is paid for."""

from __future__ import annotations

from collections.abc import Mapping

from shotcaller.plugin import JSON, Kind, Refused, Shot
from shotcaller_fal import GATEWAY, Route, listed

MOST = 7
"""How many elements and pictures guide a shot at most, together."""

MOST_WITH_VIDEO = 4
"""The same where one of the elements is a video."""


def cast(shot: Shot, route: Route) -> Mapping[str, JSON]:
    """Tells a shot that elements may be given with, its cuts as a list.

    Raises ``Refused`` for more elements than Kling takes.
    """
    given = shot.options.get(GATEWAY.id, {}).get("elements")
    elements = given if isinstance(given, list) else []
    videos = sum("video_url" in one for one in elements if isinstance(one, Mapping))
    pictures = sum(item.kind is Kind.IMAGE for item in shot.references)
    most = MOST_WITH_VIDEO if videos else MOST
    if videos > 1:
        message = f"option elements: {videos} of them have a video_url; one may."
        raise Refused(message, reason="input")
    if route.references and len(elements) + pictures > most:
        beside = ", one of them a video," if videos else ""
        message = f"option elements: {len(elements)} elements{beside} and {pictures}"
        message = f"{message} image references are more than {most}."
        raise Refused(message, reason="input")
    return listed(shot, route)
