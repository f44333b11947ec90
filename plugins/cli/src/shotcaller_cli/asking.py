"""Reads what is asked for: the options that describe a shot and how to choose."""

from __future__ import annotations

import functools
import json
import math
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from attrs import fields, frozen

from shotcaller import files
from shotcaller.errors import BadInput
from shotcaller.registry import Registry
from shotcaller.shot import Brief, Media, Shot
from shotcaller.wire import JSON

C = TypeVar("C", bound=Callable[..., Any])


@frozen(kw_only=True)
class Asked:
    """Is a shot and how to choose for it, as written on the command line."""

    prompt: str | None
    model: str | None
    intent: str | None
    seconds: str | None
    ratio: str | None
    resolution: str | None
    sound: bool | None
    image: str | None
    last_image: str | None
    references: Sequence[str]
    extend: str | None
    negative: str | None
    seed: str | None
    options: Sequence[str]
    budget: str | None
    project: str | None
    weights: str | None
    only: Sequence[str]
    avoid: Sequence[str]
    yes: bool

    def shot(self, registry: Registry) -> Shot:
        """Returns the shot, its local files read; raises ``BadInput`` by field."""
        asked = Shot(
            self.prompt or "",
            seconds=None if self.seconds is None else _number("seconds", self.seconds),
            ratio=self.ratio,
            resolution=self.resolution,
            sound=self.sound,
            image=self.image,
            last_image=self.last_image,
            references=tuple(self.references),
            extend=self.extend,
            negative=self.negative,
            seed=None if self.seed is None else _whole("seed", self.seed),
            options=_options(self.options, self.model, registry),
        )
        return _looked_at(asked)

    def only_named(self) -> None:
        """Refuses what describes a shot beside a quote: the shot is the quote's."""
        given = (getattr(self, name) for name in _DESCRIBING)
        if not any(value is not None and value != () for value in given):
            return
        message = "quote: it has the shot already, which is described otherwise here."
        hint = "Leave all but --quote out, or give the prompt as well."
        raise BadInput(message, hint, field="prompt")

    def brief(
        self, *, wait: str | None = None, new: bool = False, **policy: Any
    ) -> Brief:
        """Returns how to choose; ``wait`` is the deadline, ``new`` pays again.

        ``policy`` is what else the brief says.
        """
        return Brief(
            intent=self.intent,
            budget=self.budget,
            weights=self.weights,
            model=self.model,
            only=self.only,
            avoid=self.avoid,
            deadline=waiting(wait),
            again=uuid.uuid4().hex if new else "",
            unknown_price=self.yes,
            project=self.project,
            **policy,
        )


_DESCRIBING = (
    "seconds",
    "ratio",
    "resolution",
    "sound",
    "image",
    "last_image",
    "references",
    "extend",
    "negative",
    "seed",
    "options",
)
"""What says how the shot is to be, besides the prompt."""

_OPTIONS = (
    click.option("--model", metavar="ID", help="Use this model, or refuse."),
    click.option(
        "--for",
        "intent",
        metavar="INTENT",
        help="What the clip is for, such as cinematic or draft.",
    ),
    click.option("--seconds", metavar="NUMBER", help="The length."),
    click.option("--ratio", metavar="W:H", help="The frame's shape, such as 16:9."),
    click.option("--resolution", metavar="SIZE", help="The frame's size, as 720p."),
    click.option("--sound/--no-sound", default=None, help="With sound, or without."),
    click.option("--image", metavar="PATH|URL", help="The first frame."),
    click.option("--last-image", metavar="PATH|URL", help="The last frame."),
    click.option(
        "--reference",
        "references",
        multiple=True,
        metavar="PATH|URL",
        help="A picture, video or sound to be guided by; may be repeated.",
    ),
    click.option("--extend", metavar="PATH|URL", help="A video to go on from."),
    click.option("--negative", metavar="TEXT", help="What should not be seen."),
    click.option("--seed", metavar="NUMBER", help="For the same clip again."),
    click.option(
        "--option",
        "options",
        multiple=True,
        metavar="KEY=VALUE",
        help="A model's own parameter, with --model or as GATEWAY:KEY=VALUE;"
        " may be repeated.",
    ),
    click.option("--budget", metavar="USD", help="The most that it may cost."),
    click.option("--project", metavar="NAME", help="Whose budget is spent."),
    click.option("--weights", metavar="NAME", help="A profile of weights."),
    click.option(
        "--only",
        multiple=True,
        metavar="ID",
        help="Consider only this model, gateway or maker; may be repeated.",
    ),
    click.option(
        "--avoid",
        multiple=True,
        metavar="ID",
        help="Do not consider this model, gateway or maker; may be repeated.",
    ),
    click.option(
        "--yes", is_flag=True, help="Agree to the price, even an unknown one."
    ),
)


def asks(command: C) -> C:
    """Gives a command all that describes a shot, as its argument ``asked``."""
    return _asked(command, click.argument("prompt"))


def asks_or_names(command: C) -> C:
    """Gives a command the same, where something else may tell the shot."""
    return _asked(command, click.argument("prompt", required=False))


def _asked(command: C, prompt: Callable[[Any], Any]) -> C:
    names = [field.name for field in fields(Asked)]

    @functools.wraps(command)
    def gathered(*args: Any, **given: Any) -> Any:
        asked = Asked(**{name: given.pop(name) for name in names})
        return command(*args, asked, **given)

    decorated: Any = gathered
    for option in reversed((prompt, *_OPTIONS)):
        decorated = option(decorated)
    result: C = decorated
    return result


def as_json(command: C) -> C:
    """Gives a command ``--json``, which the session remembers."""

    def remember(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001  as click calls it
        context.obj.json = value

    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=remember,
        help="Print one JSON document.",
    )(command)


def waiting(text: str | None) -> float | None:
    """Returns how long to wait, in seconds; None is for as long as it takes."""
    if text is None:
        return None
    seconds = _number("wait", text)
    if not math.isfinite(seconds) or seconds < 0:
        raise BadInput(f"wait: {text!r} is not a number of seconds.", field="wait")
    return seconds


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        message = f"{name}: {text!r} is not a number of seconds."
        raise BadInput(message, "Write it as 4, or 4.5.", field=name) from None


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadInput(f"{name}: {text!r} is not a whole number.", field=name) from None


def _options(
    given: Sequence[str], model: str | None, registry: Registry
) -> dict[str, dict[str, JSON]]:
    found: dict[str, dict[str, JSON]] = {}
    for text in given:
        gateway, name, value = _option(text, model)
        if all(gateway != known.id for known in registry.gateways):
            message = f"option: {text!r} is for {gateway!r}, which is not installed."
            raise BadInput(message, "`shotcaller gateways` lists them.", field="option")
        found.setdefault(gateway, {})[name] = value
    return found


def _option(text: str, model: str | None) -> tuple[str, str, JSON]:
    key, equals, value = text.partition("=")
    gateway, colon, name = key.partition(":")
    if not colon:
        gateway, name = (model or "").replace(":", "/").partition("/")[0], key
    if not equals or not name:
        message = f"option: {text!r} is not written KEY=VALUE."
        raise BadInput(message, field="option")
    if not gateway:
        message = f"option: {text!r} belongs to a model, but none is named."
        hint = f"Add --model, or name its gateway: GATEWAY:{text}."
        raise BadInput(message, hint, field="option")
    return gateway, name, _value(value)


def _value(text: str) -> JSON:
    try:
        value: JSON = json.loads(text, parse_constant=_no_number)
    except ValueError:
        return text
    return value


def _no_number(text: str) -> JSON:
    raise ValueError(text)  # NaN and Infinity are no JSON, but Python reads them


def _looked_at(shot: Shot) -> Shot:
    """Returns the shot with its files read, so that what they lack is said at once."""
    return shot.with_media(_measured)


def _measured(name: str, item: Media) -> Media:
    return files.measured(Path(), name, item) if item.local else item
