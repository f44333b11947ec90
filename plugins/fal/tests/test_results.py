"""What a result means, for the clip and for the bill."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.plugin import JSON, BadReply, Charged, Done, Failed, Response, Ticket
from shotcaller_fal import clips, prices, results
from shotcaller_fal.catalogue import endpoints

Says = Callable[..., Response]

REQUEST_ID = "019da0f9-f0d6-7eb0-9e16-d7bcfd663a72"
URL = "https://v3b.fal.media/files/b/a.mp4"


@pytest.mark.parametrize(
    "output",
    [
        {"video": {"url": URL, "content_type": None, "file_size": None}},
        {"video": URL},
        {"video_url": URL},
        {"video": None, "videos": [{"url": URL}, {"url": "https://x/2.mp4"}]},
        {"video": {"url": ""}, "videos": [URL]},
        {"images": [{"url": "https://x/a.png"}], "output": {"url": URL}},
        {
            "result": [
                {"file": {"url": URL, "content_type": "application/octet-stream"}}
            ]
        },
        {"file": {"url": URL, "content_type": None}},
        {
            "clip": {"url": "https://x/y", "content_type": "image/png"},
            "b": {"url": URL},
        },
    ],
)
def test_the_clip_is_found_whatever_the_endpoint_calls_it(output: JSON) -> None:
    assert next(clips.videos(output)) == URL


def test_a_file_is_a_video_by_its_type_where_its_name_does_not_tell() -> None:
    file = {"url": "https://x/y", "content_type": "video/mp4"}

    assert [*clips.videos({"file": file})] == ["https://x/y"]


@pytest.mark.parametrize(
    "output",
    [
        None,
        7,
        [],
        {},
        {"video": None},
        {"video": {"url": 7}},
        {"video": {"url": "data:video/mp4;base64,AAAA"}},
        {"video": "an id"},
        {"image": {"url": "https://x/a.png"}},
        {"audio": {"url": "https://x/a.mp4", "content_type": "audio/mp4"}},
        {"file": {"url": "http://[x.mp4"}},
        {"file": {"content_type": "video/mp4"}},
    ],
)
def test_what_is_no_clip_is_taken_for_none(output: JSON) -> None:
    assert [*clips.videos(output)] == []


@pytest.mark.parametrize(
    ("units", "charged"),
    [(None, "unknown"), ("0", "no"), ("1.5", "yes"), ("x", "unknown")],
)
def test_a_result_without_a_clip_is_an_end_and_says_what_it_holds(
    units: str | None, charged: Charged, say: Says, ticket: Ticket
) -> None:
    headers = {} if units is None else {"X_Fal_Billable_Units": units}
    output = {"images": [{"url": "https://x/a.png"}], "seed": 3}

    assert results.ending(say(200, output, **headers), ticket) == Failed(
        "fal finished it, but its result names no video: it holds images, seed"
        f" (request {REQUEST_ID})",
        charged=charged,
        code="no-video",
    )


def test_an_empty_result_holds_nothing(say: Says, ticket: Ticket) -> None:
    status = results.ending(say(200, {}), ticket)

    assert isinstance(status, Failed)
    assert status.reason == (
        "fal finished it, but its result names no video: it holds nothing"
        f" (request {REQUEST_ID})"
    )


@pytest.mark.parametrize(
    ("status", "output"),
    [(200, None), (200, []), (202, {"status": "IN_PROGRESS"}), (302, {})],
)
def test_what_is_no_result_is_asked_for_again(
    status: int, output: JSON, say: Says, ticket: Ticket
) -> None:
    with pytest.raises(BadReply) as raised:
        results.ending(say(status, output), ticket)

    assert raised.value.message == (
        f"fal answered {status} with a result that names no video."
    )
    assert raised.value.paths == ("video",)


@pytest.mark.parametrize(
    ("status", "body", "headers", "failed"),
    [
        (
            422,
            {
                "detail": [
                    {"loc": ["body", "seed"], "msg": "Bad", "type": "int_parsing"}
                ]
            },
            {},
            Failed(
                "fal does not take the input: seed: Bad (int_parsing)", "no", "input"
            ),
        ),
        (
            422,
            {"detail": [{"msg": "Bad", "type": "content_policy_violation"}]},
            {},
            Failed(
                "fal turned it down for its content: Bad (content_policy_violation)",
                "unknown",
                "content",
            ),
        ),
        (
            422,
            {"detail": [{"msg": "Bad", "type": "content_policy_violation"}]},
            {"X_Fal_Billable_Units": "0"},
            Failed(
                "fal turned it down for its content: Bad (content_policy_violation)",
                "no",
                "content",
            ),
        ),
        (
            499,
            {"detail": "cancelled", "error_type": "client_cancelled"},
            {},
            Failed("cancelled at fal", "unknown", "cancelled"),
        ),
        (
            499,
            {"detail": [{"type": "content_policy_violation"}]},
            {"X_Fal_Billable_Units": "3"},
            Failed("cancelled at fal", "yes", "cancelled"),
        ),
        (
            500,
            {"detail": [{"msg": "Broken", "type": "internal_server_error"}]},
            {},
            Failed("fal answered 500: Broken (internal_server_error)", "no", "failed"),
        ),
        (
            504,
            {"detail": "Too slow", "error_type": "request_timeout"},
            {"X_Fal_Error_Type": "request_timeout"},
            Failed("fal answered 504: Too slow (request_timeout)", "no", "timeout"),
        ),
        (
            503,
            {"detail": "Gone", "error_type": "runner_disconnected"},
            {"X_Fal_Billable_Units": "2"},
            Failed("fal answered 503: Gone (runner_disconnected)", "yes", "failed"),
        ),
        (
            400,
            {"detail": "Bad"},
            {},
            Failed("fal answered 400: Bad", "unknown", "input"),
        ),
        (409, None, {}, Failed("fal answered 409 without a reason", "unknown")),
    ],
)
def test_a_bad_end_says_why_and_if_it_was_charged(
    status: int,
    body: JSON,
    headers: dict[str, str],
    failed: Failed,
    say: Says,
) -> None:
    reply = say(status, body, **headers)

    assert results.ending(reply, Ticket("fal", "fal/m", "r1")) == failed


def test_what_belongs_on_the_receipt_is_kept_as_far_as_a_receipt_can_hold_it(
    say: Says, ticket: Ticket
) -> None:
    output: dict[str, Any] = {"video": {"url": URL}, "seed": 2**64}
    output |= {"actual_prompt": None, "expanded_prompt": "a red fox", "timings": {}}

    assert results.ending(say(200, output), ticket, 1.5, Decimal("0.1")) == Done(
        URL,
        facts={
            "seed": "18446744073709551616",
            "expanded_prompt": "a red fox",
            "request_id": REQUEST_ID,
            "inference_seconds": 1.5,
            "unit_usd": 0.1,
        },
    )


@pytest.mark.parametrize("seed", ["NaN", "Infinity", "[1]", '{"a": 1}'])
def test_what_no_receipt_can_hold_is_left_out(seed: str, ticket: Ticket) -> None:
    body = f'{{"video": {{"url": "{URL}"}}, "seed": {seed}}}'.encode()

    assert results.ending(Response(200, {}, body), ticket) == Done(
        URL, facts={"request_id": REQUEST_ID}
    )


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("38.8", Decimal("38.8")),
        ("2", Decimal(2)),
        ("0", Decimal(0)),
        ("-1", None),
        ("NaN", None),
        ("1e99999", None),
        ("10000.1", None),
        ("", None),
        ("two", None),
        (None, None),
    ],
)
def test_units_are_read_with_care(
    written: str | None, units: Decimal | None, say: Says
) -> None:
    headers = {} if written is None else {"X_Fal_Billable_Units": written}

    assert results.units(say(200, None, **headers)) == units


@given(st.decimals(0, 10_000, places=3), st.decimals(0, 100, places=4))
def test_the_bill_is_exactly_units_times_price(units: Decimal, price: Decimal) -> None:
    reply = Response(
        200,
        {"x-fal-billable-units": str(units)},
        b'{"video": {"url": "https://v3b.fal.media/a.mp4"}}',
    )

    done = results.ending(reply, Ticket("fal", "fal/m", "r1"), None, price)

    assert isinstance(done, Done)
    assert done.billed == units * price


PRICE = {"endpoint_id": "fal-ai/veo3.1", "unit_price": 0.4, "currency": "USD"}


@pytest.mark.parametrize(
    ("body", "usd"),
    [
        ({"prices": [PRICE]}, "0.4"),
        ({"prices": [{**PRICE, "unit_price": 0.025}]}, "0.025"),
        ({"prices": [{**PRICE, "unit_price": "0.5"}]}, "0.5"),
        ({"prices": [{**PRICE, "endpoint_id": "another"}, PRICE]}, "0.4"),
        # what cannot be used gives way to what the catalogue knows
        ({"prices": [{**PRICE, "currency": "EUR", "unit_price": 9}]}, "0.4"),
        ({"prices": [{**PRICE, "currency": None, "unit_price": 9}]}, "0.4"),
        ({"prices": [{**PRICE, "unit_price": "much"}]}, "0.4"),
        ({"prices": [{**PRICE, "unit_price": -1}]}, "0.4"),
        ({"prices": [{**PRICE, "unit_price": 1e308}]}, "0.4"),
        ({"prices": [{**PRICE, "endpoint_id": ["odd"], "unit_price": 9}]}, "0.4"),
        ({"prices": [{**PRICE, "endpoint_id": "another", "unit_price": 9}]}, "0.4"),
        ({"prices": [{}]}, "0.4"),
        ({"prices": "none"}, "0.4"),
        (None, "0.4"),
    ],
)
def test_the_price_of_a_unit_is_what_fal_says_or_what_was_seen(
    body: JSON, usd: str, say: Says
) -> None:
    assert prices.unit_usd(say(200, body), "fal-ai/veo3.1") == Decimal(usd)


def test_without_an_answer_only_what_was_seen_is_known() -> None:
    assert prices.unit_usd(None, "fal-ai/veo3.1") == Decimal("0.4")
    assert prices.unit_usd(None, "owner/app") is None
    silent = next(one.id for one in endpoints().values() if one.unit_usd is None)
    assert prices.unit_usd(None, silent) is None


@pytest.mark.parametrize(
    ("output", "size"),
    [
        ({"video": {"url": URL, "file_size": 6180084}}, 6180084),
        ({"thumb": {"url": "https://a.test/t", "file_size": 7}, "video": URL}, None),
        ({"videos": [{"url": URL, "file_size": 5}, {"url": "b", "file_size": 6}]}, 5),
        ({"video": {"url": URL, "file_size": None}}, None),
        ({"video": {"url": URL, "file_size": 0}}, None),
        ({"video": {"url": URL, "file_size": True}}, None),
        ({"video": {"url": URL, "file_size": "6180084"}}, None),
        ({"video": {"url": URL}}, None),
    ],
)
def test_the_size_of_a_clip_is_what_fal_announces(
    say: Says, ticket: Ticket, output: dict[str, JSON], size: int | None
) -> None:
    done = results.ending(say(200, output), ticket)

    assert isinstance(done, Done)
    assert (done.url, done.bytes) == (URL, size)
