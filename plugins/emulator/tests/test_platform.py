"""The platform knows models, prices and past requests, and has errors of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from shotcaller_emulator.fal import Ending, Fate

API = "https://api.fal.ai/v1"
PRICING = f"{API}/models/pricing"
ESTIMATE = f"{API}/models/pricing/estimate"
LISTING = f"{API}/models/requests/by-endpoint"
VEO = "fal-ai/veo3.1"
SORA = "fal-ai/sora-2/text-to-video"


def error(kind: str, message: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message}}


INVALID = error("validation_error", "Invalid request parameters")


@pytest.mark.parametrize(
    "query",
    [
        f"endpoint_id={VEO}&endpoint_id={SORA}",
        f"endpoint_id={VEO},{SORA}",
        f"endpoint_id={quote(VEO, safe='')},{quote(SORA, safe='')}",
    ],
)
def test_prices_are_those_of_a_unit(ask: Any, query: str) -> None:
    said = ask("GET", f"{PRICING}?{query}")

    assert said.json() == {
        "prices": [
            {
                "endpoint_id": VEO,
                "unit_price": 0.4,
                "unit": "units",
                "currency": "USD",
            },
            {
                "endpoint_id": SORA,
                "unit_price": 0.1,
                "unit": "second",
                "currency": "USD",
            },
        ],
        "has_more": False,
        "next_cursor": None,
    }


def test_prices_of_nothing_and_of_the_unknown_are_errors(ask: Any) -> None:
    unknown = ask("GET", f"{PRICING}?endpoint_id=no/body")
    many = ask("GET", f"{PRICING}?endpoint_id={','.join([VEO] * 51)}")

    assert (unknown.status, unknown.json()) == (
        404,
        error("not_found", "Endpoint not found"),
    )
    assert (many.status, many.json()) == (400, INVALID)
    assert ask("GET", PRICING).status == 400


def test_the_platform_wants_a_key_for_most_things(ask: Any) -> None:
    refused = ask("GET", f"{PRICING}?endpoint_id={VEO}", key="")

    assert refused.status == 401
    assert refused.json() == error("authorization_error", "Authentication is required.")
    assert ask("GET", f"{API}/meta", key="").json() == {"webhook_ip_ranges": []}
    assert ask("GET", f"{API}/models", key="").status == 200


def test_what_it_does_not_know_is_a_404(ask: Any) -> None:
    said = ask("GET", f"{API}/models/usage")

    assert (said.status, said.json()) == (404, error("not_found", "Not found"))


def test_units_are_added_up(ask: Any) -> None:
    wish = {VEO: {"unit_quantity": 100}, SORA: {"unit_quantity": 0.5}}
    body = {"estimate_type": "unit_price", "endpoints": wish}

    assert ask("POST", ESTIMATE, body).json() == {
        "estimate_type": "unit_price",
        "total_cost": 40.05,
        "currency": "USD",
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"estimate_type": "historical_api_price"}, 501),
        ({"estimate_type": "unit_price", "endpoints": {"no/body": {}}}, 404),
        ({"estimate_type": "unit_price", "endpoints": {VEO: {}}}, 400),
        ({"estimate_type": "unit_price", "endpoints": {VEO: 1}}, 400),
        (
            {"estimate_type": "unit_price", "endpoints": {VEO: {"unit_quantity": 0}}},
            400,
        ),
        ({"estimate_type": "unit_price", "endpoints": []}, 400),
        (b"no JSON", 400),
    ],
)
def test_estimates_that_cannot_be_made_are_errors(
    ask: Any, body: Any, status: int
) -> None:
    assert ask("POST", ESTIMATE, body).status == status


def test_models_are_listed_page_by_page(ask: Any) -> None:
    seen: list[str] = []
    cursor: str | None = "0"
    while cursor is not None:
        page = ask("GET", f"{API}/models?limit=100&cursor={cursor}").json()
        seen += [each["endpoint_id"] for each in page["models"]]
        cursor = page["next_cursor"]
        assert page["has_more"] is (cursor is not None)

    assert len(seen) == len(set(seen)) > 150


def test_models_are_found_by_id_and_by_word(ask: Any) -> None:
    named = ask("GET", f"{API}/models?endpoint_id={VEO},{SORA}").json()["models"]
    worded = ask("GET", f"{API}/models?q=sora-2/image").json()["models"]

    assert {each["endpoint_id"]: each["metadata"]["status"] for each in named} == {
        VEO: "active",
        SORA: "deprecated",
    }
    assert {each["metadata"]["category"] for each in named} == {"text-to-video"}
    assert worded[0]["metadata"]["category"] == "image-to-video"
    assert all("sora-2/image" in each["endpoint_id"] for each in worded)


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=x"])
def test_pages_have_their_limits(ask: Any, query: str) -> None:
    said = ask("GET", f"{API}/models?{query}")

    assert (said.status, said.json()) == (400, INVALID)


def listed(ask: Any, query: str = "", endpoint: str = VEO) -> list[dict[str, Any]]:
    said = ask("GET", f"{LISTING}?endpoint_id={endpoint}{query}")
    assert said.status == 200
    found: list[dict[str, Any]] = said.json()["items"]
    return found


def test_jobs_are_listed_when_they_are_over(ask: Any) -> None:
    first = ask.submit(VEO, prompt="first")
    before = listed(ask)
    ask.pass_(62)
    second = ask.submit(VEO, prompt="second")
    ask.submit("fal-ai/veo3.1/fast")
    ask.pass_(62)
    after = listed(ask)

    assert before == []
    assert [each["request_id"] for each in after] == [
        second["request_id"],
        first["request_id"],
    ]
    assert after[1] == {
        "request_id": first["request_id"],
        "endpoint_id": VEO,
        "sent_at": "2026-11-25T12:00:00+00:00",
        "started_at": "2026-11-25T12:00:02+00:00",
        "ended_at": "2026-11-25T12:01:02+00:00",
        "status_code": 200,
        "duration": 60.0,
    }


def test_payloads_are_told_where_they_are_asked_for(ask: Any) -> None:
    done = ask.submit(VEO, prompt="a fox")
    ask.submit(VEO, prompt=1)
    ask.pass_(62)
    result = ask("GET", done["response_url"]).json()
    by_id = {each["request_id"]: each for each in listed(ask, "&expand=payloads")}
    good = by_id.pop(done["request_id"])
    (bad,) = by_id.values()

    assert good["json_input"] == {"prompt": "a fox"}
    assert good["json_output"] == result
    assert bad["json_input"] == {"prompt": 1}
    assert bad["json_output"]["detail"][0]["type"] == "string_type"


def test_jobs_are_listed_by_how_they_ended(ask: Any) -> None:
    ask.vendor.script("job", Fate(), Fate(Ending(503, {"detail": "no runner"})))
    for prompt in ("a fox", "another", 1):
        ask.submit(VEO, prompt=prompt)
    ask.pass_(62)
    codes = {
        kind: [each["status_code"] for each in listed(ask, f"&status={kind}")]
        for kind in ("success", "error", "user_error")
    }

    assert codes == {"success": [200], "error": [503], "user_error": [422]}


def test_jobs_are_listed_by_when_they_were_under_way(ask: Any) -> None:
    ask.submit(VEO)
    ask.pass_(3600)
    noon, past = "2026-11-25T12:00:00Z", "2026-11-25T12:01:02"

    def count(query: str) -> int:
        return len(listed(ask, query))

    assert count(f"&start={noon}") == 1
    assert count(f"&start={past}") == 1
    assert count("&start=2026-11-25T12:01:03Z") == 0
    assert count(f"&start=2026-11-24T00:00:00Z&end={noon}") == 1
    assert count("&start=2026-11-24T00:00:00Z&end=2026-11-25T11:59:59Z") == 0
    ask.pass_(86_400)
    assert count("") == 0
    assert count(f"&start={noon}") == 1


def test_the_list_may_be_late(make: Any) -> None:
    ask = make(lag=timedelta(seconds=30))
    ask.submit(VEO)
    ask.pass_(62 + 29)
    before = len(listed(ask))
    ask.pass_(1)

    assert (before, len(listed(ask))) == (0, 1)


def test_the_list_is_of_named_endpoints_and_real_times(ask: Any) -> None:
    asked = [
        ask("GET", LISTING),
        ask("GET", f"{LISTING}?endpoint_id={VEO}&start=yesterday"),
        ask("GET", f"{LISTING}?endpoint_id={VEO}&limit=500"),
    ]

    assert [said.status for said in asked] == [400] * 3


def test_the_list_has_pages(ask: Any) -> None:
    for _ in range(3):
        ask.submit(VEO)
    ask.pass_(62)
    first = ask("GET", f"{LISTING}?endpoint_id={VEO}&limit=2").json()
    cursor = first["next_cursor"]
    second = ask("GET", f"{LISTING}?endpoint_id={VEO}&limit=2&cursor={cursor}").json()

    assert (len(first["items"]), first["has_more"]) == (2, True)
    assert (len(second["items"]), second["has_more"]) == (1, False)
