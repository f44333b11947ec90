"""Makes tickets: where a job's status, result and cancellation are asked for."""

from __future__ import annotations

from shotcaller.plugin import BadReply, Ticket
from shotcaller_fal import ids
from shotcaller_fal.gateway import ID

LONGEST_ID = 200


def ticket(
    model: str,
    endpoint: str,
    request_id: str,
    *,
    status: object = None,
    response: object = None,
    cancel: object = None,
) -> Ticket:
    """Returns the ticket for a job, with fal's own paths where it answered some."""
    if not _is_id(request_id):  # the list of requests may know the job by another
        raise BadReply("fal answered without the id of a request.", paths=("reply",))
    base = ids.request_path(endpoint, request_id)
    paths = {
        "status": ids.own_path(status, request_id, f"{base}/status"),
        "response": ids.own_path(response, request_id, base),
        "cancel": ids.own_path(cancel, request_id, f"{base}/cancel"),
    }
    return Ticket(ID, model, request_id, {"endpoint": endpoint, **paths})


def _is_id(text: str) -> bool:
    """Whether a text can stand in a path and in a message."""
    named = text.strip(" .") != "" and text.isprintable()
    return named and len(text) <= LONGEST_ID
