"""Prices a take anew before it is sent: its plugin may have learned of others; pure."""

from __future__ import annotations

from shotcaller import pricing
from shotcaller.catalog import Model, dollars
from shotcaller.programs.agreeing import most
from shotcaller.take import Problem, Take


def dearer(model: Model, take: Take) -> Problem | None:
    """Returns why a take is not sent any more, if it may cost more than is reserved.

    What nothing bounds was agreed to as such, and so was a price that was unknown.
    """
    before, now = most(take), pricing.quote(model, take.asked).high
    if before is None or (now is None and not take.quote.known):
        return None
    if now is not None and now <= before:
        return None
    after = "unknown" if now is None else dollars(now)
    message = f"the price of {take.model} is {after} now,"
    message += f" and {dollars(before)} was reserved for it"
    return Problem("price", message, "no")
