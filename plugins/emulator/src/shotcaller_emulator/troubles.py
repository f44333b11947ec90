"""Is what goes wrong at any vendor alike, and how it is named and left to chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

from attrs import frozen

from shotcaller_emulator.faults import Cut, Drop, Fault, Faults, Pad, Say, Tear

P = TypeVar("P")
P_co = TypeVar("P_co", covariant=True)

PRIVATE = "http://169.254.169.254/latest/meta-data/"
"""An address that no link of a vendor should ever lead to."""

HTML = {"content-type": "text/html"}
PAGE = Say(200, b"<html><body>Welcome</body></html>", HTML)
ELSEWHERE = Say(302, b"", {"location": PRIVATE})


@frozen
class Trouble(Generic[P_co]):
    """Is a fault of the requests to a route, or a fate of jobs: ``route`` is ``job``.

    ``says`` is what happens, in words.
    """

    route: str
    play: P_co
    says: str


def of_downloads(expired: Say) -> Mapping[str, Trouble[Fault]]:
    """Returns what goes wrong with clips; ``expired`` answers to a link that is old."""
    return MappingProxyType(
        {
            "download-reset": Trouble("download", Tear(), "reset in mid-file"),
            "download-truncated": Trouble("download", Cut(), "half of the file"),
            "download-oversized": Trouble("download", Pad(), "a megabyte too many"),
            "download-html": Trouble(
                "download", PAGE, "a page of HTML, with status 200"
            ),
            "download-expired": Trouble("download", expired, "the link has expired"),
            "download-redirect": Trouble(
                "download", ELSEWHERE, "a redirect to a private address"
            ),
            "upload-drop": Trouble("upload", Drop(), "the connection is reset"),
        }
    )


def by_chance(
    seed: int, rate: float, troubles: Mapping[str, Trouble[P]], names: Collection[str]
) -> Faults[P]:
    """Returns faults and fates that chance chooses, by a seed, from those named."""
    known: defaultdict[str, list[P]] = defaultdict(list)
    for name in names:
        known[troubles[name].route].append(troubles[name].play)
    return Faults(seed, rate, known)


__all__ = ["HTML", "PAGE", "PRIVATE", "Trouble", "by_chance", "of_downloads"]
