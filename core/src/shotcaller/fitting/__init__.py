"""Decides by hard facts whether a model can take a shot, with every reason; pure.

Terms are what the brief and the account say, abilities what the model declares, media
what is given beside the prompt.
"""

from __future__ import annotations

from shotcaller.errors import Reason
from shotcaller.fitting.abilities import does, extras, frames
from shotcaller.fitting.media import media
from shotcaller.fitting.offers import Offer, late, warnings
from shotcaller.fitting.terms import affords, alive, chosen, ready, there
from shotcaller.shot import Brief, Shot

__all__ = ["Offer", "late", "reasons", "there", "warnings"]

RULES = (chosen, alive, ready, does, frames, extras, media, affords)
"""What is asked of an offer, in the order in which its reasons are given."""


def reasons(offer: Offer, shot: Shot, brief: Brief) -> tuple[Reason, ...]:
    """Returns all reasons for which the offer is out; none means that it fits."""
    return tuple(reason for rule in RULES for reason in rule(offer, shot, brief))
