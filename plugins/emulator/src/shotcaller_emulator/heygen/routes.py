"""Finds the rule for a request, and the name by which it can be scripted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from shotcaller.plugin import Response
from shotcaller_emulator.heygen import assets, errors, videos, workflows
from shotcaller_emulator.heygen.account import Account, refusal
from shotcaller_emulator.heygen.asking import Asked
from shotcaller_emulator.outcomes import Outcome

Rule: TypeAlias = Callable[[Account, Asked, datetime], Outcome]

ROUTES = (
    "execute",
    "execution",
    "submit",
    "video",
    "avatar",
    "agent",
    "session",
    "stop",
    "upload",
    "place",
    "store",
    "complete",
    "me",
    "download",
    "job",
)
"""What can be scripted; ``job`` is no request: it is what becomes of a job."""

JOBS = frozenset({"execute", "submit", "avatar", "agent"})
"""The routes that make jobs."""

API: Mapping[tuple[str, str], tuple[str, Rule]] = {
    ("POST", "v1/workflows/executions"): ("execute", workflows.execute),
    ("GET", "v1/workflows/executions/*"): ("execution", workflows.execution),
    ("POST", "v3/models/videos"): ("submit", videos.submit),
    ("GET", "v3/models/videos/*"): ("video", videos.look),
    ("POST", "v3/videos"): ("avatar", videos.avatar),
    ("GET", "v3/videos/*"): ("video", videos.look),
    ("POST", "v3/video-agents"): ("agent", videos.agent),
    ("GET", "v3/video-agents/*"): ("session", videos.session),
    ("POST", "v3/video-agents/*/stop"): ("stop", videos.stop),
    ("POST", "v3/assets"): ("upload", assets.upload),
    ("POST", "v3/assets/direct-uploads"): ("place", assets.place),
    ("POST", "v3/assets/*/complete"): ("complete", assets.complete),
    ("GET", "v3/users/me"): ("me", videos.me),
}
"""What the API does, by method and path; a star stands for an id."""


def routed(seen: Asked) -> tuple[str, Rule]:
    """Returns the name of a request's route, empty if it has none, and its rule."""
    if seen.server == "media":
        return "download", assets.download
    if seen.server == "store":
        return "store", assets.store
    spelled = "/".join(seen.parts)
    exact = API.get((seen.method, spelled))
    if exact is not None:
        return exact
    for (method, pattern), found in API.items():
        if method == seen.method and _fits(pattern, seen.parts):
            return found
    return "", _nowhere


def permitted(account: Account, seen: Asked) -> Response | None:
    """Returns HeyGen's no to a request for the API that brings no valid key."""
    return refusal(account, seen) if seen.server == "api" else None


def _fits(pattern: str, parts: list[str]) -> bool:
    wanted = pattern.split("/")
    return len(wanted) == len(parts) and all(
        one in {"*", part} for one, part in zip(wanted, parts, strict=True)
    )


def _nowhere(_account: Account, _seen: Asked, _now: datetime) -> Response:
    return errors.GONE_PAGE


__all__ = ["JOBS", "ROUTES", "permitted", "routed"]
