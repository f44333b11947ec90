"""Declares the gateway: hosts, keys, limits, and what fal's statuses prove."""

from __future__ import annotations

from shotcaller.plugin import Gateway, Kind, Safety, Upload

ID = "fal"

_MB = 10**6

GATEWAY = Gateway(
    id=ID,
    title="fal.ai",
    homepage="https://fal.ai",
    credentials=(("FAL_KEY",), ("FAL_KEY_ID", "FAL_KEY_SECRET")),
    api_hosts=("queue.fal.run", "queue.falrun.com", "rest.fal.ai", "api.fal.ai"),
    media_hosts=("*.fal.media", "fal.media"),
    uploads=(
        Upload(Kind.IMAGE, 50 * _MB),
        Upload(Kind.VIDEO, 200 * _MB),
        Upload(Kind.SOUND, 50 * _MB),
    ),
    # There is no idempotency key, and a header for one is not read: a second POST is a
    # second job. Requests of the last day can be listed with their inputs.
    safety=Safety.LISTABLE,
    # What comes before a job is made. A 5xx is in neither set: the page of a proxy may
    # stand for a job that was taken.
    refusals=frozenset({400, 401, 403, 404, 405, 413, 422}),
    busy=frozenset({429}),
    # The result replays the status of the model itself, which may be any; these tell it
    # from a proxy.
    verdicts=("x-fal-request-id", "x-fal-error-type"),
)
