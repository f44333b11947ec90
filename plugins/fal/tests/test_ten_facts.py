"""One test for each of the ten facts about fal that break naive clients."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

import shotcaller_fal
from shotcaller.plugin import (
    Aside,
    Done,
    Failed,
    Kind,
    Media,
    Refused,
    Request,
    Response,
    Running,
    Safety,
    Shot,
    Ticket,
)
from shotcaller_fal import queue
from shotcaller_fal.catalogue import endpoints
from shotcaller_fal.tickets import ticket as made

REQUEST_ID = "019da0f9-f0d6-7eb0-9e16-d7bcfd663a72"
JOB = f"https://queue.fal.run/fal-ai/veo3.1/requests/{REQUEST_ID}"
PICTURE = "https://example.org/a.png"


def test_1_what_is_wrong_with_an_input_comes_to_light_only_in_the_result(
    talk: Callable[..., Any], say: Callable[..., Response], over: Response
) -> None:
    model = shotcaller_fal.shotcaller_resolve("fal:owner/new-model")
    assert model is not None
    shot = Shot("a fox", options={"fal": {"duration": "7"}})
    accepted = say(200, {"request_id": REQUEST_ID})
    submit = shotcaller_fal.shotcaller_submit(model, shot, "k")
    ticket = talk(submit, accepted).value
    wrong = {
        "loc": ["body", "duration"],
        "msg": "Input should be '5' or '10'",
        "type": "literal_error",
        "input": "7",
    }
    poll = shotcaller_fal.shotcaller_poll(ticket)

    status = talk(poll, over, say(422, {"detail": [wrong]})).value

    assert status == Failed(
        "fal does not take the input: duration: Input should be '5' or '10'"
        " (literal_error)",
        charged="no",
        code="input",
    )


@pytest.mark.parametrize("extra", [{}, {"error": "it broke", "error_type": "x"}])
@pytest.mark.parametrize(
    ("status", "kind"), [(200, Done), (422, Failed), (500, Failed), (499, Failed)]
)
def test_2_completed_means_over_and_only_the_result_says_how(
    status: int,
    kind: type,
    extra: dict[str, Any],
    talk: Callable[..., Any],
    say: Callable[..., Response],
) -> None:
    ticket = made("fal/veo-3.1", "fal-ai/veo3.1", REQUEST_ID)
    over = say(200, {"status": "COMPLETED", **extra})
    video = {"url": "https://v3b.fal.media/files/b/a.mp4"}
    result = say(status, {"video": video, "detail": "as the model says"})

    found = talk(shotcaller_fal.shotcaller_poll(ticket), over, result).value

    assert type(found) is kind


@pytest.mark.parametrize("word", ["FAILED", "CANCELLED", "ERROR", "completed", ""])
def test_2_a_word_for_failure_that_fal_does_not_have_ends_nothing(
    word: str, ticket: Ticket, talk: Callable[..., Any], say: Callable[..., Response]
) -> None:
    poll = shotcaller_fal.shotcaller_poll(ticket)

    assert talk(poll, say(200, {"status": word})).value == Running(f"fal says {word}")


@pytest.mark.parametrize(
    ("endpoint", "base"),
    [
        ("fal-ai/kling-video/v3/pro/text-to-video", "fal-ai/kling-video"),
        ("bytedance/seedance-2.0/fast/text-to-video", "bytedance/seedance-2.0"),
        ("workflows/me/mine/step/two", "workflows/me/mine"),
        ("comfy/me/mine", "comfy/me/mine"),
    ],
)
def test_3_a_submit_goes_to_the_whole_id_and_all_else_to_owner_and_alias(
    endpoint: str,
    base: str,
    talk: Callable[..., Any],
    say: Callable[..., Response],
    submitted: Callable[..., Request],
) -> None:
    assert submitted(endpoint).url == f"https://queue.fal.run/{endpoint}"

    submit = queue.submit(f"fal:{endpoint}", endpoint, {})
    ticket = talk(submit, say(200, {"request_id": "r1"})).value

    assert ticket.data == {
        "endpoint": endpoint,
        "status": f"/{base}/requests/r1/status",
        "response": f"/{base}/requests/r1",
        "cancel": f"/{base}/requests/r1/cancel",
    }


def test_4_no_id_is_given_a_prefix() -> None:
    strangers = [id_ for id_ in endpoints() if not id_.startswith("fal-ai/")]

    assert {id_.partition("/")[0] for id_ in strangers} >= {
        "alibaba",
        "bytedance",
        "google",
        "lightricks",
        "luma",
        "minimax",
        "xai",
    }
    for id_ in endpoints():
        submit = queue.submit(f"fal:{id_}", id_, {"prompt": "a fox"})
        assert next(submit) == Request(
            "POST", f"https://queue.fal.run/{id_}", json={"prompt": "a fox"}
        )


@pytest.mark.parametrize("status", [200, 401, 422, 500, 502, 504])
def test_5_a_submit_is_one_request_that_is_never_repeated(
    status: int, say: Callable[..., Response]
) -> None:
    assert shotcaller_fal.GATEWAY.safety is Safety.LISTABLE
    submit = queue.submit("fal/m", "owner/app", {"prompt": "a fox"})
    asked = [next(submit)]
    with pytest.raises((StopIteration, Exception)) as ended:
        asked.append(submit.send(say(status, {"request_id": "r1"})))

    assert asked == [
        Request("POST", "https://queue.fal.run/owner/app", json={"prompt": "a fox"})
    ]
    assert (type(ended.value) is StopIteration) is (status == 200)


@pytest.mark.parametrize(
    ("endpoint", "written"),
    [
        ("fal-ai/kling-video/v3/pro/text-to-video", "8"),
        ("bytedance/seedance-2.0/text-to-video", "8"),
        ("fal-ai/veo3.1", "8s"),
        ("lightricks/ltx-2.5/text-to-video/fast", 8),
        ("alibaba/wan-3.0/text-to-video", 8),
        ("minimax/h3/text-to-video", 8),
    ],
)
def test_6_a_length_has_the_type_that_its_endpoint_wants_and_null_is_never_sent(
    endpoint: str, written: object, submitted: Callable[..., Request]
) -> None:
    sent = submitted(endpoint, seconds=8, options={"end_user_id": None}).json

    assert isinstance(sent, dict)
    assert repr(sent["duration"]) == repr(written)
    assert None not in sent.values()


def test_7_a_field_that_nobody_knows_is_refused_before_it_is_paid_for(
    submitted: Callable[..., Request],
) -> None:
    with pytest.raises(Refused) as refused:
        submitted("xai/grok-imagine-video/edit-video", options={"vide_url": "x"})

    assert refused.value.message == (
        "xai/grok-imagine-video/edit-video does not take this: vide_url: there is no"
        " such field; it has prompt, video_url, resolution; video_url: it is missing."
    )
    assert refused.value.reason == "input"


@pytest.mark.parametrize(
    ("endpoint", "field"),
    [
        ("fal-ai/kling-video/v3/pro/image-to-video", "start_image_url"),
        ("fal-ai/kling-video/o3/pro/image-to-video", "image_url"),
        ("fal-ai/kling-video/v3/turbo/pro/image-to-video", "image_url"),
        ("alibaba/wan-3.0/image-to-video", "start_image_url"),
        ("fal-ai/veo3.1/image-to-video", "image_url"),
        ("bytedance/seedance-2.0/image-to-video", "image_url"),
    ],
)
def test_8_the_first_frame_goes_into_the_field_that_the_endpoint_has_for_it(
    endpoint: str, field: str, submitted: Callable[..., Request]
) -> None:
    sent = submitted(endpoint, image=Media(PICTURE, Kind.IMAGE)).json

    assert isinstance(sent, dict)
    assert [name for name, value in sent.items() if value == PICTURE] == [field]


def test_8_first_and_last_frame_of_veo_have_names_of_their_own(
    submitted: Callable[..., Request],
) -> None:
    last = "https://example.org/b.png"
    sent = submitted(
        "fal-ai/veo3.1/first-last-frame-to-video", image=PICTURE, last_image=last
    ).json

    assert isinstance(sent, dict)
    assert (sent["first_frame_url"], sent["last_frame_url"]) == (PICTURE, last)


def test_9_what_was_billed_is_units_times_the_price_of_a_unit_and_no_seconds(
    ticket: Ticket,
    talk: Callable[..., Any],
    say: Callable[..., Response],
    over: Response,
) -> None:
    clip = {"video": {"url": "https://v3b.fal.media/files/b/a.mp4"}}
    result = say(200, clip, X_Fal_Billable_Units="2.0")  # 4 s, silent
    row = {"endpoint_id": "fal-ai/veo3.1", "unit_price": 0.4, "currency": "USD"}
    price = say(200, {"prices": [row], "next_cursor": None, "has_more": False})

    asked, status = talk(shotcaller_fal.shotcaller_poll(ticket), over, result, price)

    assert asked == [
        Aside(Request("GET", f"{JOB}/status", params={"logs": "1"})),
        Request("GET", JOB),
        Aside(
            Request(
                "GET",
                "https://api.fal.ai/v1/models/pricing",
                params={"endpoint_id": "fal-ai/veo3.1"},
            )
        ),
    ]
    assert status == Done(
        "https://v3b.fal.media/files/b/a.mp4",
        billed=Decimal("0.80"),
        facts={"request_id": REQUEST_ID, "billable_units": 2.0, "unit_usd": 0.4},
    )


def test_10_a_result_that_is_kept_no_longer_is_taken_from_the_list_of_requests(
    ticket: Ticket,
    talk: Callable[..., Any],
    say: Callable[..., Response],
    over: Response,
) -> None:
    gone = say(404, {"status": "NOT_FOUND"})
    url = "https://v3b.fal.media/files/b/a.mp4"
    row = {
        "request_id": REQUEST_ID,
        "status_code": 200,
        "json_output": {"video": {"url": url}, "seed": 7},
    }
    listed = say(200, {"items": [{"request_id": "another"}, row]})

    asked, status = talk(shotcaller_fal.shotcaller_poll(ticket), over, gone, listed)

    assert asked[2] == Aside(
        Request(
            "GET",
            "https://api.fal.ai/v1/models/requests/by-endpoint",
            params={
                "endpoint_id": "fal-ai/veo3.1",
                "expand": "payloads",
                "limit": "100",
                "request_id": REQUEST_ID,
            },
        )
    )
    assert status == Done(url, facts={"seed": 7, "request_id": REQUEST_ID})
