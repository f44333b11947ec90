"""Describes gateways: hosts, credentials, limits, and what a lost submit means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen
from attrs.validators import deep_iterable, ge, instance_of, optional

from shotcaller.shot import Kind

QUESTIONS_PER_SECOND = 50
"""How many questions a gateway is asked a second if its plugin does not say.

More than any account needs whose jobs are a few dozen, and are asked about each second.
"""


class Safety(StrEnum):
    """Says how a gateway lets a submit whose reply was lost be found again.

    ``IDEMPOTENT``: a submit bears a key that is honoured for ``key_lives`` seconds, so
    the same one is sent again under it until an hour before that; then it is
    ``BLIND``, unless ``shotcaller_find`` can look it up. ``CORRELATED``: a submit bears
    an id of ours, the take's key, that jobs can be asked for by. ``LISTABLE``: jobs can
    be listed with what they were asked for. Both need ``shotcaller_find``, which is
    asked at once and at every ``resume``. ``BLIND``: nobody can be asked, so only the
    user can tell. Nothing but a key ever lets a submit be sent again.
    """

    IDEMPOTENT = "idempotent"
    CORRELATED = "correlated"
    LISTABLE = "listable"
    BLIND = "blind"


@frozen
class Upload:
    """Says that a gateway takes local files of one kind, up to so many bytes."""

    kind: Kind
    max_bytes: int


def _statuses(values: Iterable[int]) -> frozenset[int]:
    return frozenset(values)


def _check_statuses(_: Gateway, __: object, statuses: frozenset[int]) -> None:
    for status in statuses:
        if not 400 <= status <= 599:  # noqa: PLR2004  what HTTP calls errors
            msg = f"status {status} is no error, so it proves nothing"
            raise ValueError(msg)


def _check_names(gateway: Gateway, attribute: Attribute[Any], names: object) -> None:
    listed = isinstance(names, tuple) and all(isinstance(name, str) for name in names)
    if not listed:  # in a text, any part of a host would be found
        msg = f"{attribute.name} of {gateway.id}: {names!r} is not a tuple of names"
        raise ValueError(msg)


def _check_case(gateway: Gateway, attribute: Attribute[Any], names: Any) -> None:
    for name in names:
        if name != name.lower():  # replies have theirs in lower case
            msg = f"{attribute.name} of {gateway.id}: {name!r} is not in lower case"
            raise ValueError(msg)


@frozen(kw_only=True)
class Gateway:
    """Is who is paid: an account, credentials, an API.

    ``credentials`` holds alternatives, each a tuple of environment variables that
    are needed together. ``api_hosts`` are the only hosts that see a key;
    ``media_hosts`` are those that clips may come from, with ``*.`` for any
    sub-domain. A gateway without ``api_hosts`` works on this machine. ``concurrency``
    is the number of takes that may run at once. ``refusals`` and ``busy`` are the
    statuses of a submit that prove nothing was bought: final, and worth a repeat.
    ``verdicts`` names headers that a job's own answer bears: a 5xx, or a 401, 403, 408,
    425 or 429, with one of them that stays is given to ``shotcaller_poll``, where any
    other means that nobody answered.
    ``key_lives`` is for how many seconds an idempotency key is honoured; where not
    every submit bears one, ``key_header`` names the header that does, and a submit
    without it is ``BLIND``. ``doubts`` are the statuses that leave open whether a
    submit was taken, and that are worth a repeat under a key that is honoured.
    ``questions_per_second`` is how many free questions an account may be asked a
    second, by all processes on a journal together.
    """

    id: str
    title: str
    homepage: str = ""
    credentials: tuple[tuple[str, ...], ...] = field(
        default=(), validator=deep_iterable(_check_names, instance_of(tuple))
    )
    api_hosts: tuple[str, ...] = field(default=(), validator=_check_names)
    media_hosts: tuple[str, ...] = field(default=(), validator=_check_names)
    concurrency: int | None = field(default=None, validator=optional(ge(1)))
    uploads: tuple[Upload, ...] = ()
    verdicts: tuple[str, ...] = field(default=(), validator=[_check_names, _check_case])
    safety: Safety = Safety.BLIND
    key_lives: float = 0.0
    key_header: str = ""
    refusals: frozenset[int] = field(
        default=frozenset(), converter=_statuses, validator=_check_statuses
    )
    busy: frozenset[int] = field(
        default=frozenset(), converter=_statuses, validator=_check_statuses
    )
    doubts: frozenset[int] = field(
        default=frozenset(), converter=_statuses, validator=_check_statuses
    )
    questions_per_second: int = field(
        default=QUESTIONS_PER_SECOND, validator=[instance_of(int), ge(1)]
    )

    def __attrs_post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.id):
            msg = f"gateway id {self.id!r} is not lower-case letters, digits and dashes"
            raise ValueError(msg)

    @property
    def local(self) -> bool:
        """Whether the gateway works on this machine, with no API to call."""
        return not self.api_hosts
