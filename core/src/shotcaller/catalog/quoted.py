"""Describes a promised price: a quote that can be named, and kept to."""

from __future__ import annotations

from attrs import frozen

from shotcaller.catalog.choices import Quote
from shotcaller.shot import Brief, Shot

VALID_FOR = 86_400.0
"""For how many seconds a quote can be named."""


@frozen(kw_only=True)
class Quoted:
    """Is what a shot was quoted at on a model, under an ``id``.

    ``shot`` has its media measured; ``digest`` is theirs and the shot's; ``brief`` is
    the one it was asked with; ``made`` is when, in seconds since 1970.
    """

    model: str
    title: str
    quote: Quote
    shot: Shot
    brief: Brief
    digest: str
    id: str = ""
    made: float = 0.0

    @property
    def until(self) -> float:
        """When it is over, in seconds since 1970."""
        return self.made + VALID_FOR
