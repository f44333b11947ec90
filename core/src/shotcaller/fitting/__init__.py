"""Decides by hard facts whether a model can take a shot, with every reason; pure.

Terms are what the brief and the account say, abilities what the model declares, media
what is given beside the prompt. What follows from the shot alone is looked at once, in
its demand, and not again for each model.
"""

from __future__ import annotations

from shotcaller.catalog import Gateway, Model
from shotcaller.fitting.abilities import does, extras, frames
from shotcaller.fitting.demands import Demand
from shotcaller.fitting.media import media
from shotcaller.fitting.offers import Offer, late, warnings
from shotcaller.fitting.terms import affords, alive, chosen, ready, there
from shotcaller.refusals import Reason
from shotcaller.shot import Brief, Shot

__all__ = [
    "Demand",
    "Offer",
    "against",
    "late",
    "reasons",
    "there",
    "unable",
    "warnings",
]


def reasons(offer: Offer, shot: Shot, brief: Brief) -> tuple[Reason, ...]:
    """Returns all reasons for which the offer is out; none means that it fits."""
    lacks = unable(offer.model, offer.account.gateway, Demand.of(shot))
    return against(offer, lacks, brief)


def unable(model: Model, gateway: Gateway, demand: Demand) -> tuple[Reason, ...]:
    """Returns what the model cannot do of what is demanded, whoever asks."""
    can = model.able(demand.start)
    return (
        *does(model, can, demand),
        *frames(can, demand),
        *extras(model, can, demand),
        *media(gateway, model, can, demand),
    )


def against(
    offer: Offer, lacks: tuple[Reason, ...], brief: Brief
) -> tuple[Reason, ...]:
    """Returns all that is against an offer, once it is known what the model lacks.

    What it cannot make has no price, so that none is too high.
    """
    return (
        *chosen(offer, brief),
        *alive(offer, brief),
        *ready(offer),
        *lacks,
        *(() if lacks else affords(offer, brief)),
    )
