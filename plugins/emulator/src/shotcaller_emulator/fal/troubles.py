"""Names what goes wrong at fal, for the command and for chance to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TypeAlias

from attrs import frozen

from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.jobs import Fate
from shotcaller_emulator.faults import (
    After,
    Cut,
    Drop,
    Fault,
    Faults,
    Lack,
    Pad,
    Put,
    Say,
    Stall,
    Tear,
)

Play: TypeAlias = Fault | Fate
"""What a script is made of: faults of requests, and fates of jobs."""

PRIVATE = "http://169.254.169.254/latest/meta-data/"
"""An address that no link of a vendor should ever lead to."""

HTML = {"content-type": "text/html"}
NGINX = Say(502, errors.NGINX.body, errors.NGINX.headers)
GATEWAY_TIMEOUT = Say(504, errors.NGINX.body, errors.NGINX.headers)
BUSY = Say(429, {"detail": "Too many requests."})
BUSY_FOR_A_SECOND = Say(429, {"detail": "Too many requests."}, {"retry-after": "1"})
GARBAGE = Say(200, b'{"request_id": "019a', {"content-type": "application/json"})
PAGE = Say(200, b"<html><body>Welcome</body></html>", HTML)
EXHAUSTED = Say(403, {"detail": errors.EXHAUSTED_DETAIL})
GONE = Say(404, {"detail": "File not found"})
ELSEWHERE = Say(302, b"", {"location": PRIVATE})

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


@frozen
class Trouble:
    """Is a fault of the requests to a route, or a fate of jobs: ``route`` is ``job``.

    ``says`` is what happens, in words.
    """

    route: str
    play: Play
    says: str


TROUBLES: Mapping[str, Trouble] = MappingProxyType(
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
        "download-reset": Trouble("download", Tear(), "reset in mid-file"),
        "download-truncated": Trouble("download", Cut(), "half of the file"),
        "download-oversized": Trouble("download", Pad(), "a megabyte too many"),
        "download-html": Trouble("download", PAGE, "a page of HTML, with status 200"),
        "download-expired": Trouble("download", GONE, "the link has expired"),
        "download-redirect": Trouble(
            "download", ELSEWHERE, "a redirect to a private address"
        ),
        "upload-drop": Trouble("upload", Drop(), "the connection is reset"),
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
    known: defaultdict[str, list[Play]] = defaultdict(list)
    for name in names:
        known[TROUBLES[name].route].append(TROUBLES[name].play)
    return Faults(seed, rate, known)


__all__ = ["TROUBLES", "Play", "Trouble", "weather"]
