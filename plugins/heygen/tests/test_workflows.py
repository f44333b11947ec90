"""The old call: every provider, both frames, every status, every shape of an error."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import shotcaller_heygen as plugin
from shotcaller.plugin import (
    BadReply,
    Done,
    Failed,
    Model,
    Operation,
    Refused,
    Running,
    Shot,
    Ticket,
)
from shotcaller_heygen.workflows.offer import PROVIDERS

URL = "https://api.heygen.com/v1/workflows/executions"
TAKEN = {"data": {"execution_id": "node-gw-v1d2e3o4", "status": "submitted"}}
TICKET = Ticket(
    "heygen", "heygen/veo-3.1", "node-gw-v1d2e3o4", {"dialect": "workflows"}
)

VALUES = {
    "heygen/veo-3.1": "veo_3_1",
    "heygen/veo-3.1-fast": "veo_3_1_fast",
    "heygen/veo-3": "veo3",
    "heygen/veo-3-fast": "veo3_fast",
    "heygen/veo-2": "veo2",
    "heygen/kling-pro": "kling_pro",
    "heygen/kling-v2": "kling_v2",
    "heygen/sora-2": "sora_v2",
    "heygen/sora-2-pro": "sora_v2_pro",
    "heygen/runway-gen4": "runway_gen4",
    "heygen/seedance-lite": "seedance_lite",
    "heygen/seedance-pro": "seedance_pro",
    "heygen/ltx-distilled": "ltx_distilled",
}


def model(id_: str = "heygen/veo-3.1") -> Model:
    (found,) = (one for one in plugin.shotcaller_models() if one.id == id_)
    return found


def test_there_is_a_model_for_every_provider_and_no_other() -> None:
    assert {one.model.id: one.value for one in PROVIDERS} == VALUES


@pytest.mark.parametrize(("id_", "value"), VALUES.items())
def test_each_model_asks_for_its_provider(
    converse: Any, say: Any, id_: str, value: str
) -> None:
    shot = Shot("A drone shot", ratio="9:16")

    talk = converse(plugin.shotcaller_submit(model(id_), shot, "k"), say(200, TAKEN))

    (asked,) = talk.asked
    assert (asked.method, asked.url) == ("POST", URL)
    assert asked.params == {}
    assert asked.headers == {}
    assert asked.content is None
    assert asked.json == {
        "workflow_type": "GenerateVideoNode",
        "input": {"prompt": "A drone shot", "provider": value, "aspect_ratio": "9:16"},
    }
    assert talk.result == Ticket(
        "heygen", id_, "node-gw-v1d2e3o4", {"dialect": "workflows"}
    )


def test_frames_and_overrides_are_said_and_a_ratio_always_is(
    converse: Any, say: Any
) -> None:
    shot = Shot(
        "It blooms",
        image="https://a.test/first.png",
        last_image="https://a.test/last.png#heygen-asset=as_1",
        options={"heygen": {"config": {"seed": 7, "tier": ["x"]}}},
    )

    talk = converse(plugin.shotcaller_submit(model(), shot, "k"), say(200, TAKEN))

    assert talk.asked[0].json["input"] == {
        "prompt": "It blooms",
        "provider": "veo_3_1",
        "aspect_ratio": "16:9",
        "reference_image_url": "https://a.test/first.png",
        "tail_image_url": "https://a.test/last.png",
        "config": {"seed": 7, "tier": ["x"]},
    }


def test_a_picture_must_have_an_address(converse: Any) -> None:
    shot = Shot("It blooms", image="data:image/png;base64,AAAA")

    with pytest.raises(Refused, match="has to fetch a picture from an address"):
        converse(plugin.shotcaller_submit(model(), shot, "k"))


OVER = "HeyGen does not serve this any more"
REFUSALS: list[tuple[int, Any, str, str]] = [
    (
        400,
        {"error": {"code": "invalid_parameter", "message": "bad", "param": "ratio"}},
        "input",
        "HeyGen answered 400 (invalid_parameter): ratio: bad",
    ),
    (
        400,
        {"error": {"code": "content_policy_violation", "message": "No."}},
        "content",
        "HeyGen answered 400 (content_policy_violation): No.",
    ),
    (
        400,
        {"code": 400105, "message": "blocked words"},
        "content",
        "HeyGen answered 400 (400105): blocked words",
    ),
    (
        400,
        {"error": "It is against our Content Policy"},
        "content",
        "HeyGen answered 400: It is against our Content Policy",
    ),
    (401, {"error": {"code": "unauthorized", "message": "no"}}, "key",
     "HeyGen answered 401 (unauthorized): no"),
    (401, {"code": 40009, "msg": "invalid credentials"}, "key",
     "HeyGen answered 401 (40009): invalid credentials"),
    (402, {"error": {"code": "insufficient_credit", "message": "empty"}}, "credit",
     "HeyGen answered 402 (insufficient_credit): empty"),
    (403, {"error": {"code": "forbidden", "message": "no"}}, "permission",
     "HeyGen answered 403 (forbidden): no"),
    (404, {"error": {"code": "not_found", "message": "?"}}, "retired",
     "HeyGen does not serve this any more (HeyGen answered 404 (not_found): ?)"),
    (404, b"<html>", "retired",
     "HeyGen does not serve this any more (HeyGen answered 404: -)"),
    (410, None, "retired",
     "HeyGen does not serve this any more (HeyGen answered 410: -)"),
    (400, {"error": {"message": "This endpoint is deprecated"}}, "retired",
     f"{OVER} (HeyGen answered 400: This endpoint is deprecated)"),
    (413, [], "input", "HeyGen answered 413: -"),
    (500, b"<html>down</html>", "failed", "HeyGen answered 500: -"),
    (200, {"data": None, "error": {"code": "trial_video_limit_exceeded"}},
     "trial_video_limit_exceeded",
     "HeyGen answered 200 (trial_video_limit_exceeded): -"),
    (200, {"code": 400175, "data": None, "message": "invalid"}, "400175",
     "HeyGen answered 200 (400175): invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "reason", "message"), REFUSALS)
def test_a_no_is_worded(
    *, converse: Any, say: Any, status: int, body: Any, reason: str, message: str
) -> None:
    with pytest.raises(Refused) as caught:
        converse(plugin.shotcaller_submit(model(), Shot("a"), "k"), say(status, body))

    assert (caught.value.reason, caught.value.message) == (reason, message)


def test_what_is_over_names_what_to_use(converse: Any, say: Any) -> None:
    with pytest.raises(Refused) as caught:
        converse(plugin.shotcaller_submit(model(), Shot("a"), "k"), say(410))

    assert caught.value.next == "Use heygen/video-1."


@pytest.mark.parametrize(
    "body", [b"<html>", {}, {"data": {}}, {"data": {"execution_id": ""}}, {"code": 100}]
)
def test_a_yes_without_an_id_is_no_ticket(converse: Any, say: Any, body: Any) -> None:
    with pytest.raises(BadReply):
        converse(plugin.shotcaller_submit(model(), Shot("a"), "k"), say(200, body))


def told(status: str, **rest: Any) -> Any:
    return {"data": {"execution_id": TICKET.remote_id, "status": status, **rest}}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (told("submitted"), Running("HeyGen says submitted", wait=10)),
        (told("running"), Running("HeyGen says running", wait=10)),
        (told("x" * 99), Running(f"HeyGen says {'x' * 80}", wait=10)),
        (
            told(
                "completed",
                output={
                    "video": {
                        "video_url": "https://r.heygen.ai/v.mp4",
                        "video_id": "v1",
                    },
                    "asset_id": "as_1",
                },
            ),
            Done(
                "https://r.heygen.ai/v.mp4",
                facts={
                    "execution_id": "node-gw-v1d2e3o4",
                    "video_id": "v1",
                    "asset_id": "as_1",
                },
            ),
        ),
        (
            told("completed", output={"video_url": "https://r.heygen.ai/v.mp4"}),
            Done(
                "https://r.heygen.ai/v.mp4", facts={"execution_id": "node-gw-v1d2e3o4"}
            ),
        ),
        (
            told("failed", error={"message": "It broke"}),
            Failed("HeyGen says: It broke", "unknown"),
        ),
        (told("failed", error="It broke"), Failed("HeyGen says: It broke", "unknown")),
        (
            told("failed", error_message="It broke"),
            Failed("HeyGen says: It broke", "unknown"),
        ),
        (told("error"), Failed("HeyGen says: no reason given", "unknown")),
        (
            told("failed", error={"code": "content_policy_violation"}),
            Failed("HeyGen says: no reason given", "unknown", "content"),
        ),
        (
            told("failed", error="against the content policy"),
            Failed("HeyGen says: against the content policy", "unknown", "content"),
        ),
        (
            told("not_found"),
            Failed(
                "HeyGen does not know the job, or knows it no more",
                "unknown",
                "expired",
            ),
        ),
    ],
)
def test_each_status_is_understood(
    converse: Any, say: Any, body: Any, status: Any
) -> None:
    talk = converse(plugin.shotcaller_poll(TICKET), say(200, body))

    (asked,) = talk.asked
    assert (asked.method, asked.url) == ("GET", f"{URL}/node-gw-v1d2e3o4")
    assert talk.result == status


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (404, b"<html>", "HeyGen answered 404: - (about node-gw-v1d2e3o4)."),
        (410, None, "HeyGen answered 410: - (about node-gw-v1d2e3o4)."),
        (200, {"data": None, "error": {"code": "x", "message": "y"}},
         "HeyGen answered 200 (x): y (about node-gw-v1d2e3o4)."),
        (200, told("completed"), "HeyGen finished the job and names no video."),
        (200, told("completed", output={"video": {"video_url": None}}),
         "HeyGen finished the job and names no video."),
        (200, b"<html>", "The gateway answered 200 without JSON"),
        (200, {"data": {}}, "The gateway (200) answered in a form we cannot read"),
    ],
)  # fmt: skip
def test_what_proves_nothing_ends_nothing(
    converse: Any, say: Any, status: int, body: Any, message: str
) -> None:
    with pytest.raises(BadReply) as caught:
        converse(plugin.shotcaller_poll(TICKET), say(status, body))

    assert caught.value.message.startswith(message)


def test_an_id_stays_within_its_place_in_the_address(converse: Any, say: Any) -> None:
    ticket = Ticket("heygen", "heygen/veo-2", "../a?b#c", {"dialect": "workflows"})

    talk = converse(plugin.shotcaller_poll(ticket), say(200, told("running")))

    assert talk.asked[0].url == f"{URL}/..%2Fa%3Fb%23c"


ENDS = {
    "heygen/veo-3": date(2026, 6, 30),
    "heygen/veo-3-fast": date(2026, 6, 30),
    "heygen/veo-2": date(2026, 6, 30),
    "heygen/sora-2": date(2026, 9, 24),
    "heygen/sora-2-pro": date(2026, 9, 24),
}


@pytest.mark.parametrize("id_", VALUES)
def test_each_model_says_when_it_ends_and_what_comes_after(id_: str) -> None:
    life = model(id_).lifecycle

    assert life.retires_on == ENDS.get(id_, date(2026, 11, 1))
    assert life.successor == "heygen/video-1"
    assert life.note
    assert life.source


@pytest.mark.parametrize("id_", VALUES)
def test_nothing_is_claimed_that_the_call_has_no_word_for(id_: str) -> None:
    found = model(id_)
    can = found.capabilities
    starts = {Operation.TEXT, Operation.IMAGE, Operation.FRAMES}

    assert found.price is None
    assert not can.seconds.asked
    assert (can.resolutions, can.negative, can.seed) == ((), False, False)
    assert can.references == {}
    assert [option.name for option in can.options] == ["config"]
    assert can.operations == starts - (
        {Operation.TEXT} if id_ == "heygen/runway-gen4" else set()
    )
    assert "9:16" in can.ratios
    assert found.known("quality") is not None
    assert found.known("speed") is not None
