"""Says what went wrong, whether money moved, and what to do next.

::

    ShotcallerError
    ├── BadInput              a field of the shot, the brief, a setting or a path
    ├── NothingFits           no model can do the shot; holds every reason
    │   └── OverBudget        some could, but none within the budget
    ├── JournalError          the journal cannot be opened or written
    ├── PluginError           a plugin broke its contract
    ├── GatewayError
    │   ├── Refused           the gateway, or a plugin, said no; nothing was charged
    │   ├── TakeFailed        the take ended without a clip
    │   ├── BadReply          an answer that could not be understood
    │   └── Unanswered        a free question got no answer; asking again is safe
    ├── Uncertain             a submit whose fate is unknown; money may have moved
    ├── StillRunning          the wait ended before the take did
    ├── Undelivered           the clip exists at the gateway but is not on disk yet
    └── Cancelled             the take was cancelled on request

Every instance can be printed, logged and pickled: none holds a secret, nor what signs
an address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal, TypeAlias

from attrs import define, field

from shotcaller import refusals
from shotcaller.redaction import unsigned
from shotcaller.refusals import Refusal

Charged: TypeAlias = Literal["yes", "no", "unknown"]
"""Whether money moved."""


@define(eq=False, slots=False)
class ShotcallerError(Exception):
    """Is the root of everything this library raises on purpose.

    ``message`` is one sentence for a person; ``next`` says what to do; ``take`` is
    the id of the take concerned, if there is one.
    """

    message: str = field(converter=unsigned)
    next: str = field(default="", converter=unsigned)
    take: str | None = None
    charged: Charged = "no"

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 4
    repeat_safe: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.message} {self.next}".strip()


@define(eq=False, slots=False)
class BadInput(ShotcallerError):
    """Says which field has which unusable value; nothing was sent."""

    field: str = ""

    code: ClassVar[str] = "bad-input"
    exit_code: ClassVar[int] = 2


_NEAR = 3


def near(name: str, known: Iterable[str]) -> str:
    """Returns the known names that one may have been meant for, as a question."""
    from difflib import get_close_matches  # only who mistypes has to wait for it

    found = get_close_matches(name, sorted(known), n=_NEAR)
    return f"did you mean {' or '.join(found)}?" if found else ""


def unknown_name(
    field: str,
    name: str,
    what: str,
    known: Iterable[str],
    shown: Iterable[str] | None = None,
) -> BadInput:
    """Returns the error for a name that nobody knows, with those that are near it.

    ``shown`` are the names to list, where not all that are known.
    """
    known = set(known)
    listed = ", ".join(sorted(known if shown is None else shown)) or "none"
    message = f"{field}: {name!r} {what} (there are {listed})."
    if question := near(name, known):
        return BadInput(message, f"{question[0].upper()}{question[1:]}", field=field)
    return BadInput(message, field=field)


@define(eq=False, slots=False)
class NothingFits(ShotcallerError):
    """Says that no model can take the shot, with every model's reasons.

    As text it has a line for models that are alike, the nearest first, and no more
    than a screen holds; ``refused`` has them all.
    """

    refused: tuple[Refusal, ...] = field(default=())

    code: ClassVar[str] = "nothing-fits"
    exit_code: ClassVar[int] = 3

    def __str__(self) -> str:
        if not self.refused:
            return f"{self.message} {self.next}".strip()
        reasons = [f"  {line}" for line in refusals.summary(self.refused)]
        return "\n".join(part for part in (self.message, *reasons, self.next) if part)


@define(eq=False, slots=False)
class OverBudget(NothingFits):
    """Says that models could take the shot, but none within the budget."""

    code: ClassVar[str] = "over-budget"
    exit_code: ClassVar[int] = 7


@define(eq=False, slots=False)
class JournalError(ShotcallerError):
    """Says why the journal cannot be used; nothing is sent without it."""

    code: ClassVar[str] = "journal"
    exit_code: ClassVar[int] = 2


@define(eq=False, slots=False)
class PluginError(ShotcallerError):
    """Says which plugin broke its contract, and how."""

    plugin: str = ""

    code: ClassVar[str] = "plugin"


@define(eq=False, slots=False)
class GatewayError(ShotcallerError):
    """Is the root of what a gateway answers, or fails to."""

    code: ClassVar[str] = "gateway"


@define(eq=False, slots=False)
class Refused(GatewayError):
    """Says that the shot was turned down and nothing was charged.

    ``reason`` is a stable word for programs. ``key`` and ``credit`` are of the whole
    account, which is then left alone for a while; ``content`` is of the shot, which is
    offered elsewhere only where the brief says so.
    """

    reason: str = "refused"

    code: ClassVar[str] = "refused"


@define(eq=False, slots=False)
class TakeFailed(GatewayError):
    """Says that the gateway took the shot and ended without a clip."""

    code: ClassVar[str] = "failed"
    repeat_safe: ClassVar[bool] = False


@define(eq=False, slots=False)
class BadReply(GatewayError):
    """Says where a gateway's answer differs from what its plugin can read."""

    paths: tuple[str, ...] = ()

    code: ClassVar[str] = "bad-reply"


@define(eq=False, slots=False)
class Unanswered(GatewayError):
    """Says that a free question got no usable answer; it is asked again later.

    ``wait`` is the number of seconds that the gateway asked for, if it did; ``busy``
    is that it only had too many questions.
    """

    wait: float | None = None
    busy: bool = False

    code: ClassVar[str] = "unanswered"


@define(eq=False, slots=False)
class Uncertain(ShotcallerError):
    """Says that a submit may or may not have been accepted; it is not sent again."""

    code: ClassVar[str] = "uncertain"
    exit_code: ClassVar[int] = 5
    repeat_safe: ClassVar[bool] = False


@define(eq=False, slots=False)
class StillRunning(ShotcallerError):
    """Says that the wait is over but the take goes on; resume collects it."""

    code: ClassVar[str] = "still-running"
    exit_code: ClassVar[int] = 6


@define(eq=False, slots=False)
class Undelivered(ShotcallerError):
    """Says why a finished clip is not on disk; resume tries again without paying."""

    code: ClassVar[str] = "undelivered"
    exit_code: ClassVar[int] = 6


@define(eq=False, slots=False)
class Cancelled(ShotcallerError):
    """Says that the take was cancelled on request."""

    code: ClassVar[str] = "cancelled"
