"""Names what goes wrong at HeyGen, for the command and for chance to choose from."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TypeAlias

from attrs import evolve

from shotcaller.plugin import Response
from shotcaller_emulator.faults import (
    After,
    Deed,
    Drop,
    Fault,
    Faults,
    Lack,
    Put,
    Say,
    Stall,
)
from shotcaller_emulator.heygen import errors
from shotcaller_emulator.heygen.jobs import Ending, Fate
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.troubles import (
    HTML,
    PAGE,
    PRIVATE,
    Trouble,
    by_chance,
    of_downloads,
)

Play: TypeAlias = Fault | Fate
"""What a script is made of: faults of requests, and fates of jobs."""

NGINX = Say(502, errors.NGINX.body, HTML)
BUSY = Say(429, {"error": {"code": "rate_limit_exceeded", "message": "Slow down."}})
BUSY_FOR_A_SECOND = Say(
    429,
    {"error": {"code": "rate_limit_exceeded", "message": "Slow down."}},
    {"retry-after": "1"},
)
NO_CREDIT = Say(402, {"error": {"code": "insufficient_credit", "message": "Empty."}})
NO_KEY = Say(401, {"error": {"code": "unauthorized", "message": "No."}})
FORBIDDEN = Say(403, {"error": {"code": "forbidden", "message": "No."}})
POLICY = Say(
    400, {"error": {"code": "content_policy_violation", "message": "Not this."}}
)
RETIRED = Say(404, errors.GONE_PAGE.body, HTML)
GONE = Say(410, b"", HTML)
ERROR_WITH_200 = Say(
    200, {"data": None, "error": {"code": "trial_video_limit_exceeded", "message": ""}}
)
EXPIRED = Say(403, b"<Error/>", {"content-type": "application/xml"})

IT_BROKE = Ending(
    "failed", {"error": {"message": "It broke."}}, "generation_failed", "It broke."
)
IT_BROKE_IN_A_TEXT = Ending("failed", {"error": "It broke."}, "", "It broke.")
IT_BROKE_BESIDE = Ending("error", {"error_message": "It broke."}, "failed")
LOST = Ending("not_found")
CANCELLED = Ending("cancelled", {}, "generation_cancelled", "Cancelled.")


def flat(deed: Deed) -> Outcome:
    """Gives the clip's link in the form of the other workflows."""
    outcome = deed()
    if not isinstance(outcome, Response):
        return outcome
    body = json.loads(outcome.body)
    output = body.get("data", {}).get("output")
    if output:
        output["video_url"] = output.pop("video")["video_url"]
    return evolve(outcome, body=json.dumps(body).encode())


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
        "accept-then-page": Trouble(
            "submit", After(PAGE), "a job is accepted, and the answer is a page"
        ),
        "submit-drop": Trouble("submit", Drop(), "the connection is reset at once"),
        "submit-502": Trouble("submit", NGINX, "a proxy says 502; no job"),
        "submit-409": Trouble(
            "submit",
            After(Say(409, {"error": {"code": "request_in_progress"}})),
            "a job is accepted, and the answer is 409 request_in_progress",
        ),
        "submit-429": Trouble("submit", BUSY, "429 without Retry-After; no job"),
        "submit-429-retry-after": Trouble(
            "submit", BUSY_FOR_A_SECOND, "429 with Retry-After: 1; no job"
        ),
        "submit-401": Trouble("submit", NO_KEY, "401; no job"),
        "submit-402": Trouble("submit", NO_CREDIT, "402 insufficient_credit; no job"),
        "submit-403": Trouble("submit", FORBIDDEN, "403; no job"),
        "submit-policy": Trouble("submit", POLICY, "400, a violation of policy"),
        "execute-then-drop": Trouble(
            "execute", After(Drop()), "a job is accepted, and the connection reset"
        ),
        "execute-then-502": Trouble(
            "execute", After(NGINX), "a job is accepted, and a proxy says 502"
        ),
        "execute-drop": Trouble("execute", Drop(), "the connection is reset at once"),
        "execute-429": Trouble("execute", BUSY, "429 without Retry-After; no job"),
        "execute-404": Trouble("execute", RETIRED, "404: the path is served no more"),
        "execute-410": Trouble("execute", GONE, "410: the path is served no more"),
        "execute-error-with-200": Trouble(
            "execute", ERROR_WITH_200, "200 with an error in it; no job"
        ),
        "execution-404": Trouble("execution", RETIRED, "404 to how a job stands"),
        "execution-page": Trouble("execution", PAGE, "a page instead of JSON"),
        "execution-error-with-200": Trouble(
            "execution", ERROR_WITH_200, "200 with an error in it"
        ),
        "execution-flat": Trouble("execution", flat, "the link in its flat form"),
        "execution-no-link": Trouble(
            "execution", Lack(["data.output.video"]), "completed, without a link"
        ),
        "video-429": Trouble("video", BUSY, "429 to the question how a job stands"),
        "video-502": Trouble("video", NGINX, "a proxy says 502"),
        "video-drop": Trouble("video", Drop(), "the connection is reset"),
        "video-404": Trouble(
            "video",
            Say(404, {"error": {"code": "video_not_found", "message": "?"}}),
            "404 to how a job stands",
        ),
        "video-page": Trouble("video", PAGE, "a page instead of JSON"),
        "video-unknown": Trouble(
            "video", Put("data.status", "dreaming"), "a word nobody has heard of"
        ),
        "video-no-link": Trouble(
            "video", Lack(["data.video_url"]), "completed, without a link"
        ),
        "video-private": Trouble(
            "video", Put("data.video_url", PRIVATE), "the link leads to a private place"
        ),
        "store-drop": Trouble("store", Drop(), "the connection is reset"),
        **of_downloads(EXPIRED),
        "failed": Trouble("job", Fate(IT_BROKE), "failed, with an error as a table"),
        "failed-in-a-text": Trouble(
            "job", Fate(IT_BROKE_IN_A_TEXT), "failed, with an error as a text"
        ),
        "failed-beside": Trouble(
            "job", Fate(IT_BROKE_BESIDE), "the word error, and a message beside it"
        ),
        "cancelled-by-heygen": Trouble("job", Fate(CANCELLED), "cancelled"),
        "slow-queue": Trouble("job", Fate(queued=20), "20 seconds in the queue"),
    }
)
"""All that has a name."""


def weather(
    seed: int, rate: float = 0.1, names: Collection[str] = TROUBLES.keys()
) -> Faults[Play]:
    """Returns faults and fates that chance chooses, by a seed, from those named."""
    return by_chance(seed, rate, TROUBLES, names)


__all__ = ["TROUBLES", "Play", "weather"]
