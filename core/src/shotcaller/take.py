"""Describes a take: one paid attempt at a shot, from intent to clip.

Whatever must survive a crash is in :class:`Take`, which is a row of the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from attrs import field, frozen
from attrs.validators import in_, instance_of, optional

from shotcaller import storable
from shotcaller.catalog import Quote, dollars
from shotcaller.errors import Charged
from shotcaller.redaction import plain, unsigned
from shotcaller.shot import Brief, Shot, checks
from shotcaller.wire import JSON, Request, Response


class State(StrEnum):
    """Says where a take stands; see :data:`MOVES` for what may follow what."""

    QUEUED = "queued"
    SENDING = "sending"
    SUBMITTED = "submitted"
    READY = "ready"
    DONE = "done"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    OUTPUT_LOST = "output_lost"

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self in SETTLED


SETTLED = frozenset(
    {State.DONE, State.REFUSED, State.FAILED, State.CANCELLED, State.OUTPUT_LOST}
)
DEAD = SETTLED - {State.DONE}
"""The states that a repeated request does not join."""

_S = State
MOVES: Mapping[State, frozenset[State]] = {
    _S.QUEUED: frozenset(
        {_S.QUEUED, _S.SENDING, _S.SUBMITTED, _S.REFUSED, _S.CANCELLED}
    ),
    _S.SENDING: frozenset(
        {_S.QUEUED, _S.SENDING, _S.SUBMITTED, _S.UNCERTAIN, _S.REFUSED}
    ),
    _S.UNCERTAIN: frozenset(
        {_S.UNCERTAIN, _S.SENDING, _S.SUBMITTED, _S.REFUSED, _S.CANCELLED}
    ),
    _S.SUBMITTED: frozenset(
        {_S.SUBMITTED, _S.READY, _S.FAILED, _S.CANCELLED, _S.OUTPUT_LOST}
    ),
    _S.READY: frozenset({_S.READY, _S.SUBMITTED, _S.DONE}),
    _S.DONE: frozenset({_S.SUBMITTED}),
    _S.REFUSED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset({_S.SUBMITTED}),
    _S.OUTPUT_LOST: frozenset(),
}
"""Which state may follow which; the journal refuses every other move.

From ``CANCELLED`` only a take goes on that was given up in doubt, as a job of its.
"""

GIVEN_UP = "given-up"
"""The code of a take that its owner gave up, whatever its gateway made of it."""


MOST = 1_000_000
"""What no clip costs, in USD."""

_text = instance_of(str)


def _told(value: Any) -> Any:
    return unsigned(value) if isinstance(value, str) else value  # else it is refused


def _whole(value: Any) -> Any:
    return storable.text(value) if isinstance(value, str) else value


def _shown(url: str | None) -> str:
    return repr(None if url is None else unsigned(url))


_count = optional(instance_of(int))
_number = optional(instance_of((int, float)))
_amount = optional(instance_of(Decimal))


def _places(value: Any) -> Any:
    return min(value, storable.LARGEST) if isinstance(value, int) else value


def _bill(value: Any) -> Any:
    sane = isinstance(value, Decimal) and value.is_finite() and 0 <= value <= MOST
    return value if sane or not isinstance(value, Decimal) else None


def _json(value: Mapping[str, JSON]) -> dict[str, JSON]:
    return checks.table("data", storable.tree(value))


def _facts(value: Mapping[str, JSON]) -> dict[str, JSON]:
    return {name: plain(fact) for name, fact in _json(value).items()}


@frozen
class Ticket:
    """Is the gateway's handle for a running take; ``data`` survives JSON.

    ``remote_id`` is the gateway's own id for the job, by which a lost submit is told
    from a known one.
    """

    gateway: str = field(validator=_text)
    model: str = field(validator=_text)
    remote_id: str = field(converter=_whole, validator=_text)
    data: Mapping[str, JSON] = field(factory=dict, converter=_json)


@frozen
class Running:
    """Says that the take goes on.

    ``ahead`` is the number of takes before it in the gateway's queue, None once it
    runs; ``fraction`` is how much is done, from 0 to 1; ``wait`` is the number of
    seconds after which the gateway wants to be asked again.
    """

    note: str = field(default="", converter=_told, validator=_text)
    ahead: int | None = field(default=None, converter=_places, validator=_count)
    fraction: float | None = field(
        default=None, converter=storable.number, validator=_number
    )
    wait: float | None = field(
        default=None, converter=storable.number, validator=_number
    )


@frozen
class Done:
    """Says that the clip can be had: at a URL, or in a file on this machine.

    ``billed`` is the amount in USD and ``bytes`` the size of the file, if the gateway
    told; what can be no bill, below zero or above a million, is taken for unknown, and
    is no reason to leave a clip where it is. ``facts`` is what else it said that
    belongs on the receipt.
    """

    url: str | None = field(default=None, validator=optional(_text), repr=_shown)
    path: str | None = field(default=None, validator=optional(_text))
    billed: Decimal | None = field(default=None, converter=_bill, validator=_amount)
    facts: Mapping[str, JSON] = field(factory=dict, converter=_facts)
    bytes: int | None = field(default=None, converter=storable.number, validator=_count)

    def __attrs_post_init__(self) -> None:
        if (self.url is None) == (self.path is None):
            msg = "Done needs either a url or a path"
            raise ValueError(msg)


@frozen
class Failed:
    """Says that the gateway ended the take without a clip, and if it was charged.

    ``code`` is a stable word for programs, such as ``content``; ``cancelled`` ends
    the take as cancelled.
    """

    reason: str = field(converter=_told, validator=_text)
    charged: Charged = field(default="unknown", validator=in_(("yes", "no", "unknown")))
    code: str = field(default="failed", validator=_text)


Status: TypeAlias = Running | Done | Failed
"""What a poll can say."""


class Cancellation(StrEnum):
    """Says what became of a wish to cancel.

    ``REQUESTED`` means that the gateway took the wish but may still finish, and
    bill: the take is followed on.
    """

    CANCELLED = "cancelled"
    REQUESTED = "requested"
    TOO_LATE = "too_late"
    UNSUPPORTED = "unsupported"


@frozen
class Footage:
    """Is what was delivered, as measured in the file itself.

    ``path`` is absolute; lengths are in seconds, sizes in pixels and bytes; ``type``
    is the media type that its first bytes show; None is what the file does not tell.
    """

    path: str
    bytes: int
    sha256: str
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    sound: bool | None = None
    type: str | None = None


@frozen
class Cost:
    """Is what was quoted, and what was billed if the gateway told, in USD."""

    quoted: Decimal | None
    billed: Decimal | None = None
    currency: str = "USD"

    def __str__(self) -> str:
        if self.billed is not None:
            return f"{dollars(round(self.billed, 6))} billed"
        if self.quoted is None:
            return "unknown"
        return f"{dollars(self.quoted)} quoted" if self.quoted else "free"


@frozen
class Attempt:
    """Is one take in the chain that led to a clip, and why it ended."""

    take: str
    model: str
    state: State
    reason: str
    charged: Charged


@frozen(kw_only=True)
class Receipt:
    """Says who made a clip, from what, for how much, after which attempts.

    ``title`` names the model for a person; ``warnings`` lists where what was
    delivered differs from what was asked for; ``facts`` is what else the gateway
    said, in its own words.
    """

    take: str
    model: str
    gateway: str
    title: str
    shot: Shot
    cost: Cost
    attempts: tuple[Attempt, ...]
    warnings: tuple[str, ...]
    created: float
    finished: float
    facts: Mapping[str, JSON] = field(factory=dict)


@frozen
class Clip(Footage):
    """Is the finished file on disk: measured facts, digest, receipt."""

    receipt: Receipt = field(kw_only=True)


@frozen
class Problem:
    """Is why a take ended or waits: a stable code, a sentence, if money moved.

    ``looked`` is what its gateway said when a take in doubt was last looked for there.
    """

    code: str
    message: str = field(converter=unsigned)
    charged: Charged
    looked: str = field(default="", converter=unsigned)


@frozen(kw_only=True)
class Draft:
    """Is a take to be: all that is known before the journal gives it an id.

    ``candidates`` are the models to fall back to, with their quotes; ``reserved`` is
    the most it may cost in USD; ``account`` names key and address without the key,
    which ``mark`` tells from another; the clip goes to ``output``, or under a name of
    its own into ``folder``;
    ``retakes`` is the take of the same shot beside which it is paid for anew.
    """

    digest: str
    brief: Brief
    asked: Shot
    model: str
    title: str
    gateway: str
    account: str
    plugin: str
    quote: Quote
    candidates: tuple[tuple[str, Quote], ...] = ()
    reserved: Decimal | None = None
    folder: str
    output: str | None = None
    parent: str | None = None
    mark: str = ""
    retakes: str | None = None


@frozen(kw_only=True)
class Take(Draft):
    """Is a row of the journal: one attempt at a shot, whole enough to go on from.

    Times are seconds since 1970 by the journal's clock. ``epoch`` counts the moves;
    ``owner`` is who works on it now; ``due`` is when it is next to be looked at;
    ``key`` is its idempotency key; ``attempt`` counts its submits, ``misses`` the
    free questions in a row that got no answer, ``links`` how often its clip had to be
    asked for anew; ``sent`` is the shot after uploads,
    ``request`` the exact submit without secrets and ``reply`` the raw answer to it;
    ``accepted_at`` and ``running_at`` when the gateway took it and began with it,
    ``took`` the seconds until it was ready, where somebody looked in time;
    ``doubted`` that an earlier submit of it may have been accepted; ``set_back`` by how
    many seconds the clock was seen to be set back since it was first sent.
    """

    id: str
    key: str
    state: State = State.QUEUED
    epoch: int = 0
    owner: str | None = None
    due: float = 0.0
    created: float = 0.0
    updated: float = 0.0
    heir: str | None = None
    attempt: int = 0
    misses: int = 0
    links: int = 0
    sent: Shot | None = None
    request: Request | None = None
    sent_at: float | None = None
    accepted_at: float | None = None
    running_at: float | None = None
    took: float | None = None
    doubted: bool = False
    set_back: float = 0.0
    reply: Response | None = None
    ticket: Ticket | None = None
    status: Status | None = None
    footage: Footage | None = None
    billed: Decimal | None = None
    warnings: tuple[str, ...] = ()
    problem: Problem | None = None

    @property
    def given_up(self) -> bool:
        """Whether it was given up in doubt, so that a job of its may yet turn up."""
        given_up = self.problem is not None and self.problem.code == GIVEN_UP
        return given_up and self.state is State.CANCELLED and self.ticket is None
