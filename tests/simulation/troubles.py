"""Names what can go wrong with an effect, and with the machine between two of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from attrs import frozen

from shotcaller.drivers.simulated import Crashed, Mishap
from shotcaller.effects import Fetch, Lost, Missed, Move, Send, Sleep, Unsent
from shotcaller.plugin import Response
from shotcaller.wire import Effect

PAGE = b"<html><body>Sorry</body></html>"
HTML = {"content-type": "text/html"}


def _said(status: int, body: bytes = PAGE, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, {**HTML, **named}, body)


def _spend(effect: Effect[Any]) -> bool:
    return isinstance(effect, Send) and effect.spend


def _question(effect: Effect[Any]) -> bool:
    return isinstance(effect, Send) and not effect.spend


def _record(effect: Effect[Any]) -> bool:
    return not isinstance(effect, Send | Sleep | Fetch)


def _fetch(effect: Effect[Any]) -> bool:
    return isinstance(effect, Fetch)


def _any(effect: Effect[Any]) -> bool:
    return not isinstance(effect, Sleep)


def _move(effect: Effect[Any]) -> bool:
    return isinstance(effect, Move)


def _nothing() -> None:
    """Leaves it to the journal to fail."""


@frozen
class Kind:
    """Is a way in which effects go wrong: which ones, how, and how often."""

    befalls: Callable[[Effect[Any]], bool]
    made: Callable[[], Mishap | None]
    weight: float = 1.0


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "unsent": Kind(_spend, lambda: Mishap(Unsent("no connection"))),
        "lost-before": Kind(_spend, lambda: Mishap(Lost("reset"))),
        "lost-after": Kind(_spend, lambda: Mishap(Lost("reset"), performed=True), 3),
        "502-before": Kind(_spend, lambda: Mishap(_said(502))),
        "502-after": Kind(_spend, lambda: Mishap(_said(502), performed=True), 2),
        "page-before": Kind(_spend, lambda: Mishap(_said(200))),
        "page-after": Kind(_spend, lambda: Mishap(_said(200), performed=True)),
        "cut-after": Kind(
            _spend, lambda: Mishap(_said(200, b'{"request_id": "01'), performed=True)
        ),
        "429": Kind(_spend, lambda: Mishap(_said(429))),
        "429-later": Kind(_spend, lambda: Mishap(_said(429, retry_after="30"))),
        "refused": Kind(_spend, lambda: Mishap(_said(400)), 5),
        "asked-unsent": Kind(_question, lambda: Mishap(Unsent("no connection"))),
        "asked-lost": Kind(_question, lambda: Mishap(Lost("no reply"), performed=True)),
        "asked-502": Kind(_question, lambda: Mishap(_said(502))),
        "asked-429": Kind(_question, lambda: Mishap(_said(429, retry_after="7")), 2),
        "asked-401": Kind(_question, lambda: Mishap(_said(401))),
        "asked-page": Kind(_question, lambda: Mishap(_said(200))),
        "disk-full": Kind(_record, _nothing, 0.3),
        "disk-full-move": Kind(_move, _nothing),
        "unreachable": Kind(_fetch, lambda: Mishap(Missed("unreachable", "reset"))),
        "expired": Kind(_fetch, lambda: Mishap(Missed("expired", "403"))),
        "disk": Kind(_fetch, lambda: Mishap(Missed("disk", "the disk is full"))),
        "crash-before": Kind(_any, lambda: Mishap(Crashed()), 0.5),
        "crash-after": Kind(_any, lambda: Mishap(Crashed(), performed=True), 0.5),
    }
)
"""What goes wrong with effects."""

MACHINE: Mapping[str, float] = MappingProxyType(
    {
        "interrupt": 1.0,
        "quit": 0.5,
        "die": 0.5,
        "pause": 1.0,
        "leap": 0.5,
        "set-back": 0.5,
    }
)
"""What goes wrong between effects, and how often.

A run is interrupted, a process quits, dies or is paused, a clock goes wrong.
"""


def fitting(effect: Effect[Any]) -> Mapping[str, float]:
    """Returns what can go wrong with an effect, and how often."""
    return {name: k.weight for name, k in KINDS.items() if k.befalls(effect)}


FULL: Sequence[str] = ("disk-full", "disk-full-move")
"""What the journal itself fails of, for as long as the effect takes."""

CRASHES: Sequence[str] = ("crash-before", "crash-after")
