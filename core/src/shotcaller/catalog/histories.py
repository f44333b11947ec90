"""Describes what is on record here of a model: how its takes ended, how long they ran.

A value that the journal fills and that decisions read; they never ask the journal.
"""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import ge, gt, optional


@frozen(kw_only=True)
class History:
    """Counts a model's takes here, and says how long those that were done took.

    ``failed`` are those that ended without a clip at the gateway, ``refused`` those
    that it turned down for what they show, sooner or later; what was nobody's fault
    at the gateway, such as a missing key or an empty account, is in neither. ``p5``,
    ``p50`` and ``p90`` are seconds from submit to clip, of the ``timed`` takes; None
    where there are none. ``clip`` is how many seconds the clip lasts that took ``p50``.
    """

    done: int = field(default=0, validator=ge(0))
    failed: int = field(default=0, validator=ge(0))
    refused: int = field(default=0, validator=ge(0))
    timed: int = field(default=0, validator=ge(0))
    p5: float | None = field(default=None, validator=optional(ge(0)))
    p50: float | None = field(default=None, validator=optional(ge(0)))
    p90: float | None = field(default=None, validator=optional(ge(0)))
    clip: float | None = field(default=None, validator=optional(gt(0)))

    @property
    def takes(self) -> int:
        """How many takes ended here, whichever way."""
        return self.done + self.failed + self.refused


NO_HISTORY = History()
"""What is known of a model that has made nothing here."""
