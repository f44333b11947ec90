"""A model takes what fits its rules, and complains of the rest in its own form."""

from __future__ import annotations

from typing import Any

import pytest

from shotcaller_emulator.fal.checking import check
from shotcaller_fal.catalogue import endpoints

SEEDANCE = "bytedance/seedance-2.0/text-to-video"
HAPPY = "alibaba/happy-horse/text-to-video"
H3 = "minimax/h3-max/text-to-video"
GROK = "xai/grok-imagine-video/reference-to-video"


def complaints(ask: Any, endpoint: str, **given: Any) -> list[dict[str, Any]]:
    late = ask.result(endpoint, **given)
    assert late.status == 422
    found: list[dict[str, Any]] = late.json()["detail"]
    return found


def test_a_bad_field_is_accepted_and_fails_late_and_unbilled(ask: Any) -> None:
    job = ask.submit(SEEDANCE, duration=4)
    ask.pass_(100)
    status = ask.status(job)
    late = ask("GET", job["response_url"])

    assert (status.status, status.json()["status"]) == (200, "COMPLETED")
    assert "error" not in status.json()
    assert late.status == 422
    assert late.headers["x-fal-request-id"] == job["request_id"]
    assert late.headers["x-fal-retryable"] == "false"
    assert late.headers["x-fal-needs-retry"] == "0"
    assert "x-fal-billable-units" not in late.headers
    (complaint,) = late.json()["detail"]
    expected = ", ".join(f"'{number}'" for number in ["auto", *range(4, 15)])
    assert complaint == {
        "loc": ["body", "duration"],
        "msg": f"Input should be {expected} or '15'",
        "type": "literal_error",
        "url": "https://docs.fal.ai/errors#literal_error",
        "ctx": {"expected": f"{expected} or '15'"},
        "input": 4,
    }
    assert ask.vendor.billed == 0


def test_what_is_missing_is_named(ask: Any) -> None:
    job = ask("POST", f"https://queue.fal.run/{SEEDANCE}", {}).json()
    ask.pass_(100)

    assert ask("GET", job["response_url"]).json()["detail"] == [
        {
            "loc": ["body", "prompt"],
            "msg": "Field required",
            "type": "missing",
            "url": "https://docs.fal.ai/errors#missing",
            "input": {},
        }
    ]


@pytest.mark.parametrize(
    ("endpoint", "given", "where", "kind", "message", "ctx"),
    [
        (
            HAPPY,
            {"seed": "7"},
            "seed",
            "int_type",
            "Input should be a valid integer",
            None,
        ),
        (
            HAPPY,
            {"seed": None},
            "seed",
            "int_type",
            "Input should be a valid integer",
            None,
        ),
        (
            HAPPY,
            {"prompt": None},
            "prompt",
            "string_type",
            "Input should be a valid string",
            None,
        ),
        (
            HAPPY,
            {"enable_safety_checker": "no"},
            "enable_safety_checker",
            "bool_type",
            "Input should be a valid boolean",
            None,
        ),
        (
            HAPPY,
            {"seed": -1},
            "seed",
            "greater_than_equal",
            "Input should be greater than or equal to 0",
            {"ge": 0},
        ),
        (
            HAPPY,
            {"seed": 2**31},
            "seed",
            "less_than_equal",
            "Input should be less than or equal to 2147483647",
            {"le": 2147483647},
        ),
        (
            H3,
            {"prompt": "", "prompt_expansion_mode": "disabled"},
            "prompt",
            "string_too_short",
            "String should have at least 1 characters",
            {"min_length": 1},
        ),
        (
            GROK,
            {"reference_image_urls": ["https://example.com/a.png"] * 8},
            "reference_image_urls",
            "sequence_too_long",
            "List should have at most 7 items",
            {"max_length": 7},
        ),
        (
            GROK,
            {"reference_image_urls": "https://example.com/a.png"},
            "reference_image_urls",
            "list_type",
            "Input should be a valid list",
            None,
        ),
        (
            "lightricks/ltx-2.5/text-to-video/pro",
            {"duration": "8"},
            "duration",
            "literal_error",
            "Input should be 'auto', 6, 8 or 10",
            {"expected": "'auto', 6, 8 or 10"},
        ),
        (
            "fal-ai/ltx-2/text-to-video",
            {"aspect_ratio": "1:1"},
            "aspect_ratio",
            "literal_error",
            "Input should be '16:9'",
            {"expected": "'16:9'"},
        ),
    ],
)
def test_complaints_are_in_the_form_of_pydantic(  # noqa: PLR0917  a table's columns
    ask: Any,
    endpoint: str,
    given: dict[str, Any],
    where: str,
    kind: str,
    message: str,
    ctx: dict[str, Any] | None,
) -> None:
    (complaint,) = complaints(ask, endpoint, **given)

    expected = {
        "loc": ["body", where],
        "msg": message,
        "type": kind,
        "url": f"https://docs.fal.ai/errors#{kind}",
        "input": given[where],
    }
    assert complaint == expected | ({"ctx": ctx} if ctx else {})


def test_complaints_lead_into_lists_and_objects(ask: Any) -> None:
    cuts = [{"prompt": "a"}, {"duration": 5}]
    found = complaints(
        ask, "fal-ai/kling-video/v3/pro/text-to-video", multi_prompt=cuts
    )

    assert [(each["loc"], each["type"]) for each in found] == [
        (["body", "multi_prompt", 1, "duration"], "literal_error"),
        (["body", "multi_prompt", 1, "prompt"], "missing"),
    ]


def test_unknown_fields_are_ignored_without_a_word(ask: Any) -> None:
    late = ask.result(SEEDANCE, image_urrl="https://example.com/a.png")

    assert late.status == 200
    assert ask.vendor.ledger[0].input["image_urrl"] == "https://example.com/a.png"


def test_null_means_something_in_one_field_only(ask: Any) -> None:
    free = ask.result("alibaba/wan-3.0/text-to-video", duration=None)
    refused = ask.result("alibaba/wan-3.0/text-to-video", resolution=None)

    assert free.status == 200
    assert free.json()["video"]["duration"] == 5.0
    assert refused.status == 422


def test_every_endpoint_takes_its_own_defaults() -> None:
    for endpoint in endpoints().values():
        known = endpoint.input["properties"]
        defaults = {
            name: schema["default"]
            for name, schema in known.items()
            if "default" in schema
        }
        found = check(endpoint, defaults)
        assert all(each["type"] == "missing" for each in found), endpoint.id


def test_a_file_that_is_not_at_the_media_host_cannot_be_read(ask: Any) -> None:
    link = "https://v3b.fal.media/files/b/00000000/nothing.png"
    given = {"image_url": link, "end_image_url": "http://localhost:1/a.png"}
    found = complaints(ask, "bytedance/seedance-2.0/image-to-video", **given)

    assert [(each["loc"], each["type"]) for each in found] == [
        (["body", "image_url"], "file_download_error"),
        (["body", "end_image_url"], "file_download_error"),
    ]
    assert found[0]["input"] == link


def test_links_in_lists_are_looked_up_as_well(ask: Any) -> None:
    links = ["https://example.com/a.png", "https://v3.fal.media/files/b/0/a.png"]
    (complaint,) = complaints(ask, GROK, reference_image_urls=links)

    assert complaint["loc"] == ["body", "reference_image_urls", 1]


def test_data_and_links_to_elsewhere_are_taken(ask: Any) -> None:
    for link in ("data:image/png;base64,AAAA", "https://example.com/a.png"):
        done = ask.result("bytedance/seedance-2.0/image-to-video", image_url=link)
        assert done.status == 200
