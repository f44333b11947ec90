"""Names what goes wrong at fal, for the command and for chance to choose from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TypeAlias

from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.jobs import Fate
from shotcaller_emulator.faults import (
    After,
    Drop,
    Fault,
    Faults,
    Lack,
    Put,
    Say,
    Stall,
)
from shotcaller_emulator.troubles import (
    PAGE,
    PRIVATE,
    Trouble,
    by_chance,
    of_downloads,
)

Play: TypeAlias = Fault | Fate
"""What a script is made of: faults of requests, and fates of jobs."""

NGINX = Say(502, errors.NGINX.body, errors.NGINX.headers)
GATEWAY_TIMEOUT = Say(504, errors.NGINX.body, errors.NGINX.headers)
BUSY = Say(429, {"detail": "Too many requests."})
BUSY_FOR_A_SECOND = Say(429, {"detail": "Too many requests."}, {"retry-after": "1"})
GARBAGE = Say(200, b'{"request_id": "019a', {"content-type": "application/json"})
EXHAUSTED = Say(403, {"detail": errors.EXHAUSTED_DETAIL})
GONE = Say(404, {"detail": "File not found"})

MODERATED = errors.model(
    422,
    [
        errors.detail(
            "content_policy_violation",
            "The content could not be processed because it was flagged by a "
            "content checker.",
            "body",
            "prompt",
        )
    ],
)
NO_MEDIA = errors.model(
    422,
    [errors.detail("no_media_generated", "No media was generated.", "body")],
)
BROKEN = errors.model(
    500,
    [errors.detail("internal_server_error", "Internal server error", "body")],
)
DOWNSTREAM = errors.model(
    504,
    [
        errors.detail(
            "downstream_service_unavailable",
            "The service behind this model is not available.",
            "body",
        )
    ],
    retry=True,
)
NO_RUNNER = errors.infrastructure(
    503, "runner_scheduling_failure", "No runner could be found."
)


TROUBLES: Mapping[str, Trouble[Play]] = MappingProxyType(
    {
        "accept-then-drop": Trouble(
            "submit", After(Drop()), "a job is accepted, and the connection reset"
        ),
        "accept-then-stall": Trouble(
            "submit", After(Stall(600)), "a job is accepted, and nothing is answered"
        ),
        "accept-then-502": Trouble(
            "submit", After(NGINX), "a job is accepted, and a proxy says 502"
        ),
        "accept-then-garbage": Trouble(
            "submit", After(GARBAGE), "a job is accepted, and the answer is no JSON"
        ),
        "submit-drop": Trouble("submit", Drop(), "the connection is reset at once"),
        "submit-502": Trouble("submit", NGINX, "a proxy says 502; no job"),
        "submit-429": Trouble("submit", BUSY, "429 without Retry-After; no job"),
        "submit-429-retry-after": Trouble(
            "submit", BUSY_FOR_A_SECOND, "429 with Retry-After: 1; no job"
        ),
        "exhausted": Trouble("submit", EXHAUSTED, "403, the balance is exhausted"),
        "submit-sparse": Trouble(
            "submit",
            Lack(["status", "queue_position", "cancel_url"]),
            "the answer lacks fields that are optional",
        ),
        "status-429": Trouble("status", BUSY, "429 to the question how a job stands"),
        "status-502": Trouble("status", NGINX, "a proxy says 502"),
        "status-drop": Trouble("status", Drop(), "the connection is reset"),
        "status-garbage": Trouble("status", GARBAGE, "the answer is no JSON"),
        "status-sparse": Trouble(
            "status",
            Lack(["logs", "queue_position", "metrics"]),
            "the answer lacks fields that are optional",
        ),
        "status-unknown": Trouble(
            "status", Put("status", "THROTTLED"), "a word that nobody has heard of"
        ),
        "result-504": Trouble("result", GATEWAY_TIMEOUT, "a proxy says 504, once"),
        "result-drop": Trouble("result", Drop(), "the connection is reset"),
        "result-html": Trouble("result", PAGE, "a page of HTML instead of the result"),
        "result-no-size": Trouble(
            "result", Put("video.file_size", None), "the size of the file is null"
        ),
        "result-private": Trouble(
            "result", Put("video.url", PRIVATE), "the link leads to a private address"
        ),
        "cancel-502": Trouble("cancel", NGINX, "a proxy says 502; nothing cancelled"),
        **of_downloads(GONE),
        "listing-502": Trouble("platform", NGINX, "a proxy says 502"),
        "moderated": Trouble(
            "job", Fate(MODERATED), "422 content_policy_violation as the result"
        ),
        "no-media": Trouble(
            "job", Fate(NO_MEDIA), "422 no_media_generated as the result"
        ),
        "broken-model": Trouble("job", Fate(BROKEN), "500 by the model as the result"),
        "downstream": Trouble(
            "job", Fate(DOWNSTREAM), "504 by the model, which says to try again"
        ),
        "no-runner": Trouble(
            "job", Fate(NO_RUNNER), "503, and the status tells error and error_type"
        ),
        "cancelled-by-fal": Trouble(
            "job", Fate(errors.cancelled(billed=False)), "499 as the result"
        ),
        "slow-queue": Trouble(
            "job", Fate(queued=20, ahead=12), "20 seconds in the queue, 12 ahead"
        ),
        "deaf": Trouble("job", Fate(deaf=True), "the job cannot be cancelled"),
    }
)
"""All that has a name."""


def weather(
    seed: int, rate: float = 0.1, names: Collection[str] = TROUBLES.keys()
) -> Faults[Play]:
    """Returns faults and fates that chance chooses, by a seed, from those named."""
    return by_chance(seed, rate, TROUBLES, names)


__all__ = ["TROUBLES", "Play", "weather"]
