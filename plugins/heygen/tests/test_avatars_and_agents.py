"""The cinematic avatar and the Video Agent, which goes by its name only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import shotcaller_heygen as plugin
from shotcaller import pricing
from shotcaller.plugin import (
    BadReply,
    Cancellation,
    Done,
    Failed,
    Refused,
    Running,
    Shot,
    Ticket,
)
from shotcaller_heygen.v3 import agents, cinematic

VIDEOS = "https://api.heygen.com/v3/videos"
AGENTS = "https://api.heygen.com/v3/video-agents"
AGENT = Ticket("heygen", "heygen:video-agent", "ses_1", {"dialect": "agent"})


def test_a_cinematic_avatar_is_asked_for_under_the_key(converse: Any, say: Any) -> None:
    options: Any = {"avatar_id": ["look_1", "look_2"], "enhance_prompt": False}
    references = ["https://a.test/a.png", "https://a.test/b.mp4"]
    shot = Shot("She runs", references=references, options={"heygen": options})
    taken = say(200, {"data": {"video_id": "vid_2", "status": "waiting"}})

    talk = converse(plugin.shotcaller_submit(cinematic.MODEL, shot, "take-2"), taken)

    (asked,) = talk.asked
    assert (asked.method, asked.url) == ("POST", VIDEOS)
    assert asked.headers == {"Idempotency-Key": "take-2"}
    assert asked.json == {
        "type": "cinematic_avatar",
        "prompt": "She runs",
        "avatar_id": ["look_1", "look_2"],
        "duration": 10,
        "resolution": "720p",
        "aspect_ratio": "16:9",
        "references": [
            {"type": "url", "url": "https://a.test/a.png"},
            {"type": "url", "url": "https://a.test/b.mp4"},
        ],
        "enhance_prompt": False,
    }
    polled = converse(
        plugin.shotcaller_poll(talk.result), say(200, {"data": {"status": "waiting"}})
    )
    assert polled.asked[0].url == f"{VIDEOS}/vid_2"
    assert polled.result == Running("HeyGen says waiting", wait=5)


@pytest.mark.parametrize(
    ("looks", "wrong"),
    [
        (["a", "b", "c"], ""),
        ([], "has 0 items, which is less than 1"),
        (["a", "b", "c", "d"], "has 4 items, which is more than 3"),
        ([1], "has an item 1 that is not text"),
        ("look", "is not a list"),
    ],
)
def test_a_cinematic_avatar_needs_one_to_three_looks(looks: Any, wrong: str) -> None:
    first, *_ = cinematic.MODEL.capabilities.options

    assert (first.name, first.required) == ("avatar_id", True)
    assert first.wrong(looks) == wrong


def test_a_cinematic_avatar_costs_the_same_however_long() -> None:
    assert pricing.quote(cinematic.MODEL, Shot("a", seconds=4)).high == Decimal(7)
    assert pricing.quote(cinematic.MODEL, Shot("a", seconds=15)).high == Decimal(7)


def test_the_agent_goes_by_its_name_and_is_on_no_list() -> None:
    assert plugin.shotcaller_resolve("heygen:video-agent") is agents.MODEL
    assert plugin.shotcaller_resolve("heygen:agent") is None
    assert not agents.MODEL.listed
    assert agents.MODEL.price is None
    assert agents.MODEL not in plugin.shotcaller_models()


def test_the_agent_reads_no_key_so_none_is_sent(converse: Any, say: Any) -> None:
    shot = Shot(
        "Tell of boats",
        ratio="9:16",
        references=["https://a.test/a.png"],
        options={"heygen": {"voice_id": "v", "incognito_mode": True}},
    )
    taken = say(200, {"data": {"session_id": "ses_1", "status": "generating"}})

    talk = converse(plugin.shotcaller_submit(agents.MODEL, shot, "k"), taken)

    (asked,) = talk.asked
    assert (asked.method, asked.url, asked.headers) == ("POST", AGENTS, {})
    assert asked.json == {
        "prompt": "Tell of boats",
        "mode": "generate",
        "orientation": "portrait",
        "files": [{"type": "url", "url": "https://a.test/a.png"}],
        "voice_id": "v",
        "incognito_mode": True,
    }
    assert talk.result == AGENT


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tempo": 1}, "heygen:video-agent: the option tempo is no option of it."),
        (
            {"incognito_mode": "yes"},
            "heygen:video-agent: the option incognito_mode is not true or false.",
        ),
    ],
)
def test_the_agents_options_are_checked(
    converse: Any, options: Any, message: str
) -> None:
    shot = Shot("a", options={"heygen": options})

    with pytest.raises(Refused) as caught:
        converse(plugin.shotcaller_submit(agents.MODEL, shot, "k"))

    assert caught.value.message == message


@pytest.mark.parametrize("body", [{"data": {"session_id": ""}}, {"data": {}}])
def test_a_session_without_an_id_is_no_ticket(
    converse: Any, say: Any, body: Any
) -> None:
    with pytest.raises(BadReply):
        converse(plugin.shotcaller_submit(agents.MODEL, Shot("a"), "k"), say(200, body))


def test_a_no_of_the_agent_is_worded(converse: Any, say: Any) -> None:
    with pytest.raises(Refused, match="HeyGen answered 402"):
        converse(plugin.shotcaller_submit(agents.MODEL, Shot("a"), "k"), say(402))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"status": "thinking"}, Running("the agent is thinking", wait=5)),
        (
            {"status": "generating", "progress": 40},
            Running("the agent is generating", fraction=0.4, wait=5),
        ),
        (
            {"status": "", "progress": 140, "video_id": None},
            Running("the agent is at work", wait=5),
        ),
        (
            {"status": "reviewing", "progress": "half"},
            Running("the agent is reviewing", wait=5),
        ),
        ({"status": "failed"}, Failed("HeyGen's agent failed and says no more", "no")),
    ],
)
def test_a_session_without_a_video_is_at_work_or_failed(
    converse: Any, say: Any, data: Any, status: Any
) -> None:
    told = say(200, {"data": {"session_id": "ses_1", **data}})

    talk = converse(plugin.shotcaller_poll(AGENT), told)

    assert talk.asked[0].url == f"{AGENTS}/ses_1"
    assert talk.result == status


def test_a_sessions_video_is_looked_at(converse: Any, say: Any) -> None:
    data = {"session_id": "ses_1", "status": "completed", "video_id": "vid/3"}
    done = {"status": "completed", "video_url": "https://r.heygen.ai/3.mp4"}

    talk = converse(
        plugin.shotcaller_poll(AGENT),
        say(200, {"data": data}),
        say(200, {"data": done}),
    )

    assert [asked.url for asked in talk.asked] == [
        f"{AGENTS}/ses_1",
        f"{VIDEOS}/vid%2F3",
    ]
    assert talk.result == Done("https://r.heygen.ai/3.mp4", facts={"video_id": "vid/3"})


def test_an_unknown_session_proves_nothing(converse: Any, say: Any) -> None:
    with pytest.raises(BadReply):
        converse(plugin.shotcaller_poll(AGENT), say(404))


def test_only_the_agent_can_be_stopped(converse: Any, say: Any) -> None:
    stopped = converse(plugin.shotcaller_cancel(AGENT), say(200, {"data": {}}))
    other = Ticket("heygen", "heygen/video-1", "v", {"dialect": "v3", "path": "/p"})

    (asked,) = stopped.asked
    assert (asked.method, asked.url) == ("POST", f"{AGENTS}/ses_1/stop")
    assert stopped.result is Cancellation.REQUESTED
    assert converse(plugin.shotcaller_cancel(other)).result is Cancellation.UNSUPPORTED
    with pytest.raises(BadReply):
        converse(plugin.shotcaller_cancel(AGENT), say(409, {"error": "too late"}))
