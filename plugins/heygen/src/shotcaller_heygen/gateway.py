"""Declares the gateway: hosts, key, limits, and what HeyGen's statuses prove."""

from __future__ import annotations

from shotcaller.plugin import Gateway, Kind, Safety, Upload

ID = "heygen"
API = "https://api.heygen.com"
KEY_HEADER = "Idempotency-Key"

MB = 10**6
DAY = 24 * 3_600.0

GATEWAY = Gateway(
    id=ID,
    title="HeyGen",
    homepage="https://www.heygen.com",
    credentials=(("HEYGEN_API_KEY",),),
    api_hosts=("api.heygen.com",),
    media_hosts=("*.heygen.ai",),
    concurrency=10,  # what pay-as-you-go may have at once
    uploads=(
        Upload(Kind.IMAGE, 50 * MB),
        Upload(Kind.VIDEO, 100 * MB),
        Upload(Kind.SOUND, 50 * MB),
    ),
    # For a day a key is answered with the first reply to it. The old workflows and the
    # Video Agent read none, so what is sent there bears none, and is blind.
    safety=Safety.IDEMPOTENT,
    key_lives=DAY,
    key_header=KEY_HEADER,
    refusals=frozenset({400, 401, 402, 403, 404, 405, 410, 413, 422}),
    busy=frozenset({429}),
    # 409 says that the first submit under a key is still being taken, so it may be
    # paid already: nothing that a take may be dropped for. So does any 5xx: a proxy has
    # numbers of its own for an answer that it lost, such as 520 and 524.
    doubts=frozenset({408, 409, *range(500, 600)}),
)
