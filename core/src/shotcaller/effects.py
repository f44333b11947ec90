"""Lists what the core's programs may ask for; a driver performs it.

One typed function per transition builds each :class:`Move`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from shotcaller.availability import Memory, Sign
from shotcaller.catalog import Quoted
from shotcaller.durations import phase_began, took
from shotcaller.redaction import unsigned
from shotcaller.shot import Shot
from shotcaller.take import (
    MOVES,
    Done,
    Draft,
    Footage,
    Problem,
    Running,
    State,
    Take,
    Ticket,
)
from shotcaller.wire import Effect, Request, Response, Work

T = TypeVar("T")

Program: TypeAlias = Generator[Effect[Any], Any, T]
"""What the core's own workflow is made of."""


class Overtaken(Exception):
    """Is thrown into a program whose move lost to somebody else's."""


class NoSlot(Exception):
    """Is thrown into a program whose gateway runs as many takes as it may."""


class NoMoney(Exception):
    """Is thrown into a program whose take no budget leaves enough for."""


@frozen
class Unsent:
    """Answers a request of which no byte left this machine."""

    reason: str


@frozen
class Lost:
    """Answers a request that may have arrived, but whose reply did not."""

    reason: str


@frozen
class Send(Effect["Response | Unsent | Lost"]):
    """Asks for one HTTP exchange after ``authorize``; ``spend`` marks the paid one.

    A spend is sent at most once, and is not interrupted before its reply is recorded.
    ``before`` is a driver's own: the monotonic time after which no byte may leave.
    """

    gateway: str
    request: Request
    spend: bool = False
    before: float | None = None


@frozen
class Join(Effect["Take | None"]):
    """Asks for the take of a digest that lives or is done, the newest if several."""

    digest: str


@frozen
class Open(Effect[Take]):
    """Asks to record a take, or to join the one that already has its digest.

    A draft with a parent joins the heir that the parent already has. What the take may
    cost is reserved with it.
    """

    draft: Draft


@frozen
class Recall(Effect[Memory]):
    """Asks what is known that bears on a choice for a project, or for none."""

    project: str | None


@frozen
class Judge(Effect[None]):
    """Asks to remember what a free question told of an account, by its key's mark."""

    gateway: str
    account: str
    mark: str
    sign: Sign


@frozen
class Promise(Effect["tuple[Quoted, ...]"]):
    """Asks to keep quotes, and answers them with an id and a time."""

    quotes: tuple[Quoted, ...]


@frozen
class Promised(Effect["Quoted | None"]):
    """Asks for a quote that is kept, and was made at most ``VALID_FOR`` ago."""

    quote: str


@frozen
class Claimed:
    """Answers a claim: the take as it stands, the time, and whether it is ours."""

    take: Take
    now: float
    mine: bool


@frozen
class Claim(Effect[Claimed]):
    """Asks to own a take for one step: if it is due, not settled and nobody's.

    ``at_once`` asks for it before it is due, or although it is done.
    """

    take: str
    at_once: bool = False


@frozen
class Chain(Effect["tuple[Take, ...]"]):
    """Asks for a take with its parents and heirs, oldest first; none if unknown."""

    take: str


@frozen
class Known(Effect["frozenset[str]"]):
    """Asks for the remote ids that takes of this gateway already have."""

    gateway: str


@frozen
class Alike(Effect["tuple[Take, ...]"]):
    """Asks for the takes that may own the same job as one in doubt, oldest first.

    They are of its account, sent an equal request, and have no remote id; itself is
    one of them.
    """

    take: Take


@frozen
class InFlight(Effect["tuple[str, ...]"]):
    """Asks for the takes that hold an account's places, are due, and nobody's."""

    account: str


@frozen
class Sleep(Effect[float]):
    """Asks to wait so many seconds, give or take a jitter; answers the time."""

    seconds: float


@frozen
class Do(Effect[Any]):
    """Asks for work on this machine, in the folder of a take or, without, of none."""

    work: Work[Any]
    take: str | None = None


@frozen
class Missed:
    """Answers a fetch that brought no clip.

    ``why`` is ``expired`` (ask the gateway for a fresh link), ``unreachable`` (try
    again), or ``disk`` (nothing helps until the machine's owner acts).
    """

    why: str
    message: str


@frozen
class Fetch(Effect["Footage | Missed"]):
    """Asks to bring the finished take's clip to its place on disk, and measure it."""

    take: Take
    source: Done


@frozen
class Move(Effect[Take]):
    """Asks for one transition, as a compare-and-set on id, state, epoch and owner.

    The journal stamps ``due`` (``wait`` seconds from now) and ``updated``; ``keep``
    keeps the take owned for the rest of the step; ``limit`` is the number of takes
    that may be in flight at the gateway, this one included; ``rest`` is for how many
    seconds the account's other takes, of all processes, are to ask nothing either.
    """

    take: Take
    to: Take
    note: str = field(converter=unsigned)
    wait: float = 0.0
    keep: bool = False
    limit: int | None = None
    rest: float = 0.0

    def __attrs_post_init__(self) -> None:
        if self.to.state not in MOVES[self.take.state]:
            msg = f"no move leads from {self.take.state} to {self.to.state}"
            raise ValueError(msg)
        if self.take.state is State.CANCELLED and not self.take.given_up:
            msg = f"take {self.take.id} was cancelled, not given up in doubt"
            raise ValueError(msg)

    @property
    def spends(self) -> bool:
        """Whether the next byte to leave may spend."""
        return self.keep and self.to.state is State.SENDING and self.to.reply is None

    @property
    def heard(self) -> Response | None:
        """The reply to a spend that this records, if it does."""
        return None if self.take.reply == self.to.reply else self.to.reply


def prepared(take: Take, sent: Shot) -> Move:
    """Records the shot as it will be sent, after uploads."""
    to = evolve(take, sent=sent, misses=0)
    return Move(take, to, "prepared", keep=True)


def sending(take: Take, request: Request, limit: int | None) -> Move:
    """Records the exact request; the next byte to leave may spend."""
    to = evolve(
        take,
        state=State.SENDING,
        request=request,
        attempt=take.attempt + 1,
        reply=None,
        # what kept it in the queue is over, and says nothing of this attempt
        problem=take.problem if take.state is State.SENDING else None,
        doubted=take.doubted or take.state is State.SENDING,
    )
    return Move(take, to, f"sending, attempt {to.attempt}", keep=True, limit=limit)


def heard(take: Take, reply: Response) -> Move:
    """Records the raw reply before anything else happens to it.

    An error bears no ticket, so nothing is lost with what signs an address in it.
    """
    if reply.status >= 400:  # noqa: PLR2004  what HTTP calls errors
        text = unsigned(reply.body.decode("latin-1"))
        reply = evolve(reply, body=text.encode("latin-1"))
    to = evolve(take, reply=reply, problem=None)
    return Move(take, to, f"answered {reply.status}", keep=True)


def unsent(take: Take, problem: Problem, wait: float, rest: float = 0.0) -> Move:
    """Goes back to the queue: nothing was accepted, a repeat is safe."""
    to = evolve(take, state=State.QUEUED, problem=problem, reply=None)
    return Move(take, to, problem.message, wait, rest=rest)


def submitted(take: Take, ticket: Ticket, wait: float, limit: int | None) -> Move:
    """Records the gateway's handle; from now on the take is only asked about."""
    to = _ticketed(take, ticket)
    return Move(take, to, "accepted", wait, limit=limit)


def adopted(take: Take, ticket: Ticket, note: str = "found at the gateway") -> Move:
    """Records the handle of a take in doubt; refused if another take has it."""
    return Move(take, _ticketed(take, ticket), note)


def _ticketed(take: Take, ticket: Ticket) -> Take:
    # whatever a plugin wrote into it, the ticket is of the gateway that was asked
    own = evolve(ticket, gateway=take.gateway, model=take.model)
    return evolve(
        take,
        state=State.SUBMITTED,
        ticket=own,
        accepted_at=take.updated,
        problem=None,
        doubted=False,
    )


def postponed(take: Take, problem: Problem, wait: float, rest: float = 0.0) -> Move:
    """Stays where it is and says why; looked at again after ``wait`` seconds."""
    to = evolve(take, problem=problem, misses=take.misses + 1)
    return Move(take, to, problem.message, wait, rest=rest)


def in_doubt(take: Take, problem: Problem, wait: float) -> Move:
    """Stays sending, since the submit may have been accepted; only its key may tell."""
    to = evolve(take, problem=problem, misses=take.misses + 1, reply=None, doubted=True)
    return Move(take, to, problem.message, wait)


def out_of_reach(take: Take, problem: Problem, wait: float) -> Move:
    """Rests with a clip whose links all failed; a later look asks for a fresh one."""
    return Move(take, evolve(take, problem=problem, links=0), problem.message, wait)


def waiting(take: Take, note: str, wait: float) -> Move:
    """Stays where it is without anything having gone wrong."""
    return Move(take, take, note, wait)


def polled(
    take: Take, status: Running, wait: float, problem: Problem | None = None
) -> Move:
    """Records how the take stands at the gateway, and since when it runs there."""
    running = None if status.ahead is not None else phase_began(take, status)
    to = evolve(take, status=status, running_at=running, problem=problem, misses=0)
    return Move(take, to, status.note or "running", wait)


def ready(take: Take, done: Done) -> Move:
    """Records where the clip can be had."""
    to = evolve(
        take,
        state=State.READY,
        status=done,
        took=took(take),
        billed=take.billed if done.billed is None else done.billed,
        problem=None,
        misses=take.misses if isinstance(take.status, Done) else 0,
    )
    return Move(take, to, "ready to be fetched")


def relinked(take: Take) -> Move:
    """Asks the gateway for the clip's link anew, as a signed one is not kept."""
    to = evolve(take, state=State.SUBMITTED)
    return Move(take, to, "its link is asked for anew")


def reopened(take: Take, note: str, wait: float) -> Move:
    """Asks the gateway again for a clip that is not where it said."""
    to = evolve(take, state=State.SUBMITTED, links=take.links + 1)
    return Move(take, to, note, wait)


def delivered(take: Take, footage: Footage, warnings: tuple[str, ...]) -> Move:
    """Records the clip on disk."""
    to = evolve(
        take,
        state=State.DONE,
        footage=footage,
        warnings=warnings,
        problem=None,
        misses=0,
        links=0,
    )
    return Move(take, to, "clip on disk")


def ended(take: Take, state: State, problem: Problem) -> Move:
    """Ends the take without a clip, or parks it as uncertain."""
    return Move(take, evolve(take, state=state, problem=problem), problem.message)


def parked(take: Take, problem: Problem) -> Move:
    """Parks a submit that was cut off, for what its owner says of it next."""
    return evolve(ended(take, State.UNCERTAIN, problem), keep=True)
