"""HeyGen, asked as its clients ask: both dialects, keys, uploads, links, money."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.plugin import File, Multipart, Request, Response, Secret
from shotcaller_emulator.faults import After, Drop, Say
from shotcaller_emulator.films import Film
from shotcaller_emulator.heygen import KEY, TROUBLES, Ending, Fate, HeyGen, Pace
from shotcaller_emulator.heygen.clips import cinematic, video, workflow
from shotcaller_emulator.heygen.troubles import flat
from shotcaller_emulator.outcomes import Dropped, Later, Outcome

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
API = "https://api.heygen.com"
VIDEOS = f"{API}/v3/models/videos"
OLD = f"{API}/v1/workflows/executions"
WISH = {"model": "heygen-video-1", "mode": "text_to_video", "prompt": "a fox"}
CINEMA = {"type": "cinematic_avatar", "prompt": "she runs", "avatar_id": ["look"]}


def painted(film: Film) -> bytes:
    """Is a studio that needs no time: its films only say what they are of."""
    return f"{film.width}x{film.height} {film.seconds:g} s {film.prompt}".encode()


class Desk:
    """Asks HeyGen, at the time that ``pass_`` has made it; it sends the key itself."""

    def __init__(self, heygen: HeyGen) -> None:
        self.heygen = heygen
        self.now = START

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def outcome(
        self, method: str, url: str, body: Any = None, key: str = KEY, **headers: str
    ) -> Outcome:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            named["X-Api-Key"] = key
        if isinstance(body, bytes):
            request = Request(method, url, headers=named, content=body)
        else:
            request = Request(method, url, headers=named, json=body)
        return self.heygen.answer(request, self.now)

    def __call__(
        self, method: str, url: str, body: Any = None, key: str = KEY, **headers: str
    ) -> Response:
        found = self.outcome(method, url, body, key, **headers)
        assert isinstance(found, Response)
        return found

    def data(self, method: str, url: str, body: Any = None, **headers: str) -> Any:
        said = self(method, url, body, **headers)
        assert said.status in {200, 202}, said.body
        told: Any = said.json()
        return told["data"]

    def standing(self, url: str, seconds: float = 100) -> Any:
        self.pass_(seconds)
        return self.data("GET", url)


def code(said: Response) -> Any:
    told: Any = said.json()
    return told["error"]["code"]


@pytest.fixture
def make() -> Callable[..., Desk]:
    def made(**settings: Any) -> Desk:
        settings = {"pace": Pace(2, 60), **settings}
        return Desk(HeyGen(settings.pop("render", painted), **settings))

    return made


@pytest.fixture
def ask(make: Callable[..., Desk]) -> Desk:
    return make()


def test_video_1_goes_from_pending_to_a_link(ask: Desk) -> None:
    taken = ask.data("POST", VIDEOS, {**WISH, "seed": 7})
    url = f"{VIDEOS}/{taken['video_id']}"

    assert taken["status"] == "pending"
    assert ask.standing(url, 1)["status"] == "pending"
    assert ask.standing(url, 3)["status"] == "processing"
    done = ask.standing(url)
    assert (done["width"], done["height"], done["duration"]) == (1344, 768, 5)
    assert done["seed"] == 7
    assert ask("GET", done["video_url"], key="").body == b"1344x768 5 s a fox"
    assert str(ask.heygen.billed) == "0.10"


def test_a_link_is_good_for_an_hour_and_then_given_anew(ask: Desk) -> None:
    url = f"{VIDEOS}/{ask.data('POST', VIDEOS, WISH)['video_id']}"
    first = ask.standing(url)["video_url"]
    ask.pass_(3_601)

    assert ask("GET", first, key="").status == 403
    assert ask("GET", first.partition("?")[0], key="").status == 403
    forged = first.replace("signature=", "signature=0")
    assert ask("GET", forged, key="").status == 403
    second = ask.standing(url, 0)["video_url"]
    assert second != first
    assert ask("GET", second, key="").status == 200


def test_a_film_that_is_not_made_yet_is_waited_for(make: Callable[..., Desk]) -> None:
    ask = make(render=lambda film: None)
    url = f"{VIDEOS}/{ask.data('POST', VIDEOS, WISH)['video_id']}"
    old = f"{OLD}/{ask.data('POST', OLD, execution())['execution_id']}"

    assert ask.standing(url)["status"] == "processing"
    assert ask.standing(old)["status"] == "running"
    (file, *_) = ask.heygen.account.files
    link = ask.heygen.account.signature(file, 9_999_999_999)
    media = f"https://resource2.heygen.ai{file}?expires=9999999999&signature={link}"
    assert ask("GET", media, key="").status == 403


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"mode": "video_to_video"}, "mode"),
        ({"mode": ["text_to_video"]}, "mode"),
        ({"duration": 4}, "duration"),
        ({"duration": 5.5}, "duration"),
        ({"resolution": "720p"}, "resolution"),
        ({"aspect_ratio": "2:1"}, "aspect_ratio"),
        ({"resolution": "1080p", "aspect_ratio": "1:1"}, "aspect_ratio"),
        ({"seed": 2**32}, "seed"),
        ({"model": "heygen-video-2"}, "model"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 16_001}, "prompt"),
        ({"image": {"type": "url", "url": "https://a.test/a.png"}}, "body"),
        ({"mode": "image_to_video"}, "body"),
        ({"mode": "reference_to_video"}, "references"),
        (
            {
                "mode": "reference_to_video",
                "reference_audio": [{"type": "url", "url": "https://a.test/a.wav"}],
            },
            "references",
        ),
        (
            {
                "mode": "reference_to_video",
                "resolution": "2k",
                "reference_images": [{"type": "url", "url": "https://a.test/a.png"}],
            },
            "aspect_ratio",
        ),
        (
            {
                "mode": "reference_to_video",
                **{
                    f"reference_{kind}": [{"type": "url", "url": "https://a.test/a"}]
                    * most
                    for kind, most in {"images": 9, "videos": 3, "audio": 3}.items()
                },
            },
            "references",
        ),
    ],
)
def test_a_body_that_breaks_a_rule_is_refused_by_its_field(
    ask: Desk, change: Any, param: str
) -> None:
    said = ask("POST", VIDEOS, {**WISH, **change})
    told: Any = said.json()

    assert (said.status, told["error"]["code"]) == (400, "invalid_parameter")
    assert told["error"]["param"] == param
    assert ask.heygen.settled == ()


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff", b"[" * 9_999])
def test_a_body_that_is_no_table_is_refused(ask: Desk, body: bytes) -> None:
    for url in (VIDEOS, OLD, f"{API}/v3/videos", f"{API}/v3/video-agents"):
        assert ask("POST", url, body).status == 400


def test_media_must_be_there(ask: Desk) -> None:
    image = {**WISH, "mode": "image_to_video"}
    unknown = {**image, "image": {"type": "asset_id", "asset_id": "as_9"}}
    gone = {"type": "url", "url": "https://resource2.heygen.ai/media/none.png"}
    inline = {"type": "base64", "media_type": "image/png", "data": "AAAA"}

    assert code(ask("POST", VIDEOS, unknown)) == "asset_not_available"
    assert code(ask("POST", VIDEOS, {**image, "image": gone})) == "download_failed"
    assert ask("POST", VIDEOS, {**image, "image": inline}).status == 202


def test_references_are_taken(ask: Desk) -> None:
    images = [{"type": "url", "url": "https://a.test/a.png"}] * 9
    wish = {**WISH, "mode": "reference_to_video", "reference_images": images}

    assert ask("POST", VIDEOS, wish).status == 202


def test_the_same_key_gets_the_first_answer_whatever_it_asks_for(ask: Desk) -> None:
    first = ask("POST", VIDEOS, WISH, Idempotency_Key="take-1")
    again = ask("POST", VIDEOS, {**WISH, "prompt": "a hen"}, Idempotency_Key="take-1")
    other = ask("POST", VIDEOS, WISH, Idempotency_Key="take-2")
    ask.pass_(24 * 3_600)
    late = ask("POST", VIDEOS, WISH, Idempotency_Key="take-1")

    assert again == first
    assert len({first.body, other.body, late.body}) == 3
    assert len(ask.heygen.settled) == 3


def test_a_key_belongs_to_its_path(ask: Desk) -> None:
    ask("POST", VIDEOS, WISH, Idempotency_Key="take-1")
    ask("POST", f"{API}/v3/videos", CINEMA, Idempotency_Key="take-1")

    assert [line.endpoint for line in ask.heygen.settled] == ["models", "videos"]


def test_a_repeat_is_told_while_the_first_is_answered(ask: Desk) -> None:
    ask.heygen.script("job", Fate(answering=20))
    first = ask.outcome("POST", VIDEOS, WISH, Idempotency_Key="k")
    meanwhile = ask("POST", VIDEOS, WISH, Idempotency_Key="k")
    ask.pass_(20)
    then = ask("POST", VIDEOS, WISH, Idempotency_Key="k")

    assert isinstance(first, Later)
    assert (first.seconds, first.resume(ask.now)) == (20, then)
    assert (meanwhile.status, code(meanwhile)) == (409, "request_in_progress")
    assert len(ask.heygen.settled) == 1


@pytest.mark.parametrize("key", ["", "a b", "ü", "k" * 256])
def test_a_key_that_is_none_is_refused(ask: Desk, key: str) -> None:
    said = ask("POST", VIDEOS, WISH, Idempotency_Key=key)

    assert (said.status, code(said)) == (400, "invalid_parameter")


def test_too_many_jobs_at_once_are_not_kept_under_the_key(ask: Desk) -> None:
    for _ in range(10):
        ask.data("POST", VIDEOS, WISH)
    busy = ask("POST", VIDEOS, WISH, Idempotency_Key="k")
    ask.pass_(100)

    assert (busy.status, code(busy)) == (429, "resource_limit_exceeded")
    assert busy.headers["retry-after"] == "5"
    assert ask("POST", VIDEOS, WISH, Idempotency_Key="k").status == 202


def test_the_wallet_runs_out(make: Callable[..., Desk]) -> None:
    ask = make(balance=Decimal("0.15"))
    ask.heygen.script("job", Fate(TROUBLES["failed"].play.ending))  # type: ignore[union-attr]
    ask.data("POST", VIDEOS, WISH)
    ask.data("POST", VIDEOS, WISH)
    poor = ask("POST", VIDEOS, WISH)
    me = ask.data("GET", f"{API}/v3/users/me")

    assert (poor.status, code(poor)) == (402, "insufficient_credit")
    assert me["wallet"]["remaining_balance"] == 0.05
    assert [str(line.billed) for line in ask.heygen.settled] == ["0", "0.10"]


def test_without_a_wallet_use_is_billed(ask: Desk) -> None:
    assert ask.data("GET", f"{API}/v3/users/me") == {"billing_type": "usage_based"}


@pytest.mark.parametrize("key", ["", "wrong"])
def test_without_a_key_nothing_is_answered(ask: Desk, key: str) -> None:
    new = ask("POST", VIDEOS, WISH, key)
    old = ask("POST", OLD, execution(), key)

    assert (new.status, code(new)) == (401, "unauthorized")
    assert (old.status, old.json()) == (
        401,
        {"code": 40009, "data": None, "message": "Invalid credentials."},
    )


def test_what_is_moderated_is_no_job(ask: Desk) -> None:
    new = ask("POST", VIDEOS, {**WISH, "prompt": "forbidden"})
    old = ask("POST", OLD, execution(prompt="forbidden"))

    assert (new.status, code(new)) == (400, "content_policy_violation")
    assert old.json() == {
        "code": 400105,
        "data": None,
        "message": "The prompt has blocked words.",
    }
    assert ask.heygen.settled == ()


def execution(**given: Any) -> Any:
    return {
        "workflow_type": "GenerateVideoNode",
        "input": {"prompt": "a fox", **given},
    }


def test_the_old_call_goes_from_submitted_to_a_link(ask: Desk) -> None:
    taken = ask.data("POST", OLD, execution(provider="sora_v2", aspect_ratio="9:16"))
    url = f"{OLD}/{taken['execution_id']}"

    assert taken["status"] == "submitted"
    assert taken["execution_id"].startswith("node-gw-")
    assert ask.standing(url, 1)["status"] == "submitted"
    assert ask.standing(url, 3)["status"] == "running"
    done = ask.standing(url)
    assert set(done["output"]) == {"video", "asset_id"}
    link = done["output"]["video"]["video_url"]
    assert ask("GET", link, key="").body == b"720x1280 8 s a fox"


def test_the_old_call_reads_no_key(ask: Desk) -> None:
    for _ in range(2):
        ask.data("POST", OLD, execution(), Idempotency_Key="take-1")

    assert len(ask.heygen.settled) == 2


@pytest.mark.parametrize(
    "body",
    [
        execution(provider="veo_9"),
        execution(duration=5),
        execution(config=[1]),
        {"workflow_type": "FaceswapNode", "input": {"prompt": "a"}},
        {"workflow_type": "GenerateVideoNode"},
        execution(reference_image_url="https://resource2.heygen.ai/media/none.png"),
        execution(tail_image_url="http://127.0.0.1:1/media/none.png"),
    ],
)
def test_the_old_call_refuses_what_it_does_not_know(ask: Desk, body: Any) -> None:
    assert ask("POST", OLD, body).status == 400
    assert ask.heygen.settled == ()


def test_a_job_of_the_other_dialect_is_not_found(ask: Desk) -> None:
    video_id = ask.data("POST", VIDEOS, WISH)["video_id"]
    old = ask.data("POST", OLD, execution())["execution_id"]

    assert ask.data("GET", f"{OLD}/node-gw-{video_id}")["status"] == "not_found"
    assert ask.data("GET", f"{OLD}/none")["status"] == "not_found"
    for url in (f"{VIDEOS}/{old}", f"{API}/v3/videos/{video_id}", f"{VIDEOS}/none"):
        said = ask("GET", url)
        assert (said.status, code(said)) == (404, "video_not_found")


def test_the_old_dialect_can_be_over(make: Callable[..., Desk]) -> None:
    ask = make(retired=Response(410))

    assert ask("POST", OLD, execution()).status == 410
    assert ask("GET", f"{OLD}/node-gw-1").status == 410
    assert ask("POST", VIDEOS, WISH).status == 202


@pytest.mark.parametrize("name", ["failed", "failed-in-a-text", "failed-beside"])
def test_jobs_fail_in_each_shape_and_are_not_billed(ask: Desk, name: str) -> None:
    play: Any = TROUBLES[name].play
    ask.heygen.script("job", play, play)
    old = ask.data("POST", OLD, execution())["execution_id"]
    new = ask.data("POST", VIDEOS, WISH)["video_id"]

    first = ask.standing(f"{OLD}/{old}")
    second = ask.standing(f"{VIDEOS}/{new}")

    assert first["status"] in {"failed", "error"}
    assert first.keys() & {"error", "error_message"}
    assert second["status"] == "failed"
    assert ask.heygen.billed == 0
    assert {line.state for line in ask.heygen.settled} == {"failed"}


def test_a_job_that_is_lost_is_not_found(ask: Desk) -> None:
    ask.heygen.script("job", Fate(Ending("not_found")))
    old = ask.data("POST", OLD, execution())["execution_id"]

    assert ask.standing(f"{OLD}/{old}") == {
        "execution_id": old,
        "status": "not_found",
    }


def test_a_job_is_cancelled_where_a_dialect_has_the_word(ask: Desk) -> None:
    play: Any = TROUBLES["cancelled-by-heygen"].play
    ask.heygen.script("job", play)
    new = ask.data("POST", VIDEOS, WISH)["video_id"]

    assert ask.standing(f"{VIDEOS}/{new}")["failure_code"] == "generation_cancelled"
    assert [line.state for line in ask.heygen.ledger] == ["cancelled"]


def test_a_cinematic_avatar_costs_seven_dollars(ask: Desk) -> None:
    videos = f"{API}/v3/videos"
    taken = ask.data("POST", videos, {**CINEMA, "aspect_ratio": "1:1"})

    assert taken["status"] == "waiting"
    done = ask.standing(f"{videos}/{taken['video_id']}")
    assert (done["width"], done["height"], done["duration"]) == (720, 720, 10)
    assert str(ask.heygen.billed) == "7.00"
    assert ask("POST", videos, {**CINEMA, "avatar_id": []}).status == 400


def test_an_agent_thinks_generates_and_has_a_video(ask: Desk) -> None:
    agents = f"{API}/v3/video-agents"
    taken = ask.data("POST", agents, {"prompt": "boats"})
    url = f"{agents}/{taken['session_id']}"

    early = ask.standing(url, 1)
    working = ask.standing(url, 30)
    done = ask.standing(url)
    assert (early["status"], early["video_id"]) == ("thinking", None)
    assert working["status"] == "generating"
    assert 40 < working["progress"] < 60
    assert (done["status"], done["progress"]) == ("completed", 100)
    video_url = ask.data("GET", f"{API}/v3/videos/{done['video_id']}")["video_url"]
    assert ask("GET", video_url, key="").body == b"1280x720 6 s boats"
    assert ask.data("POST", f"{url}/stop", {})["session_id"] == taken["session_id"]
    assert ask("GET", f"{agents}/none").status == 404
    assert ask("POST", f"{agents}/none/stop", {}).status == 404


def test_an_agent_may_fail(ask: Desk) -> None:
    ask.heygen.script("job", Fate(Ending("failed"), queued=0, running=0))
    taken = ask.data("POST", f"{API}/v3/video-agents", {"prompt": "boats"})

    said = ask.data("GET", f"{API}/v3/video-agents/{taken['session_id']}")

    assert (said["status"], said["progress"], said["video_id"]) == ("failed", 0, None)


def form(content: bytes, kind: str = "image/png", name: str = "file") -> Any:
    file = File("", 0, len(content), "")
    made = Multipart(name, file, "a.png", kind)
    return made.content_type, made.head + content + made.tail


def test_a_file_in_a_form_is_an_asset(ask: Desk) -> None:
    kind, body = form(b"picture")
    asset = ask.data("POST", f"{API}/v3/assets", body, Content_Type=kind)

    assert (asset["mime_type"], asset["size_bytes"]) == ("image/png", 7)
    stored = ask("GET", asset["url"], key="")
    assert (stored.body, stored.headers["content-type"]) == (b"picture", "image/png")
    shown = {"type": "asset_id", "asset_id": asset["asset_id"]}
    image = {**WISH, "mode": "image_to_video", "image": shown}
    assert ask("POST", VIDEOS, image).status == 202
    linked = {**image, "image": {"type": "url", "url": asset["url"]}}
    assert ask("POST", VIDEOS, linked).status == 202


@pytest.mark.parametrize(
    ("upload", "error"),
    [
        (form(b"x", name="files"), "invalid_parameter"),
        (form(b"x", kind="image/webp"), "invalid_parameter"),
        (("text/plain", b"x"), "invalid_parameter"),
        (form(bytes(32_000_001)), "payload_too_large"),
    ],
)
def test_a_form_without_a_good_file_is_refused(
    ask: Desk, upload: Any, error: str
) -> None:
    kind, body = upload
    said = ask("POST", f"{API}/v3/assets", body, Content_Type=kind)

    assert (said.status, code(said)) == (400, error)


def begun(ask: Desk, content: bytes) -> Any:
    wish = {
        "filename": "a.mp4",
        "content_type": "video/mp4",
        "size_bytes": len(content),
        "checksum_sha256": hashlib.sha256(content).hexdigest(),
    }
    return ask.data("POST", f"{API}/v3/assets/direct-uploads", wish)


def test_a_file_is_put_to_a_signed_address_and_then_confirmed(ask: Desk) -> None:
    place = begun(ask, b"film")
    complete = f"{API}/v3/assets/{place['asset_id']}/complete"
    headers = place["upload_headers"]

    early = ask("POST", complete, {})
    put = ask("PUT", place["upload_url"], b"film", key="", **headers)
    asset = ask.data("POST", complete, {})

    digest = base64.b64encode(hashlib.sha256(b"film").digest()).decode()
    assert headers == {"Content-Type": "video/mp4", "x-amz-checksum-sha256": digest}
    assert (early.status, code(early)) == (409, "resource_not_ready")
    assert put.status == 200
    assert asset["asset_id"] == place["asset_id"]
    assert ask("GET", asset["url"], key="").body == b"film"
    assert ask("POST", f"{API}/v3/assets/none/complete", {}).status == 404
    assert ask.heygen.leaks == ()


def test_what_was_not_announced_is_denied(ask: Desk) -> None:
    place = begun(ask, b"film")
    url, headers = place["upload_url"], place["upload_headers"]

    assert ask("PUT", url, b"mlif", key="", **headers).status == 403
    assert ask("PUT", url, b"film!", key="").status == 403
    assert ask("PUT", url + "0", b"film", key="", **headers).status == 403
    assert ask("PUT", url.replace("/store/", "/store/0"), b"", key="").status == 403


@pytest.mark.parametrize(
    "wish",
    [
        {"content_type": "image/webp", "size_bytes": 1},
        {"content_type": 5, "size_bytes": 1},
        {"content_type": "image/png", "size_bytes": 0},
        {"content_type": "image/png", "size_bytes": "1"},
        {"content_type": "image/png", "size_bytes": 10**10},
    ],
)
def test_an_upload_of_something_else_is_not_begun(ask: Desk, wish: Any) -> None:
    assert ask("POST", f"{API}/v3/assets/direct-uploads", wish).status == 400


def test_an_upload_needs_no_digest(ask: Desk) -> None:
    wish = {"filename": "a", "content_type": "image/png", "size_bytes": 1}
    place = ask.data("POST", f"{API}/v3/assets/direct-uploads", wish)

    assert place["upload_headers"] == {"Content-Type": "image/png"}


def test_a_key_where_none_belongs_is_noted(ask: Desk) -> None:
    place = begun(ask, b"film")
    ask("PUT", place["upload_url"], b"film")
    ask("GET", f"https://resource2.heygen.ai/media/a.mp4?k={KEY}", key="")
    ask("GET", "https://resource2.heygen.ai/media/a.mp4", key="", x_api_key="old")

    found = [(leak.method, leak.where) for leak in ask.heygen.leaks]
    assert found == [("PUT", "x-api-key"), ("GET", "k"), ("GET", "x-api-key")]


def test_what_no_server_knows_is_a_page(ask: Desk) -> None:
    assert ask("GET", f"{API}/v4/videos").status == 404
    assert ask("DELETE", f"{VIDEOS}/1").status == 404
    assert ask("GET", "https://example.com/v3/users/me").status == 421
    assert ask("GET", "http://[::1").status == 421
    assert ask("GET", "http://127.0.0.1:8643").status == 404


def test_scripts_are_checked(ask: Desk) -> None:
    with pytest.raises(ValueError, match="there is no route 'rain' to script"):
        ask.heygen.script("rain", Drop())
    with pytest.raises(TypeError, match="is nothing for the route 'job'"):
        ask.heygen.script("job", Drop())
    with pytest.raises(TypeError, match="is nothing for the route 'submit'"):
        ask.heygen.script("submit", Fate())


def test_a_fault_after_a_key_leaves_the_record(ask: Desk) -> None:
    ask.heygen.script("submit", After(Drop()), Say(429))
    first = ask.outcome("POST", VIDEOS, WISH, Idempotency_Key="k")
    busy = ask("POST", VIDEOS, WISH, Idempotency_Key="k")
    then = ask("POST", VIDEOS, WISH, Idempotency_Key="k")

    assert isinstance(first, Dropped)
    assert (busy.status, then.status) == (429, 202)
    assert len(ask.heygen.ledger) == 1


def test_the_flat_form_of_a_link(ask: Desk) -> None:
    ask.heygen.script("execution", flat, flat)
    url = f"{OLD}/{ask.data('POST', OLD, execution())['execution_id']}"

    assert "output" not in ask.standing(url, 1)
    assert set(ask.standing(url)["output"]) == {"video_url", "asset_id"}
    assert isinstance(flat(Dropped), Dropped)


@pytest.mark.parametrize(
    ("resolution", "ratio", "size"),
    [
        ("480p", "21:9", (960, 416)),
        ("480p", "1:1", (480, 480)),
        ("768p", "3:4", (768, 1024)),
        ("1080p", "9:16", (1080, 1890)),
        ("2k", "16:9", (2688, 1536)),
        ("768p", "adaptive", (1344, 768)),
    ],
)
def test_video_1_has_the_sizes_that_were_seen(
    resolution: str, ratio: str, size: tuple[int, int]
) -> None:
    body = {**WISH, "resolution": resolution, "aspect_ratio": ratio}
    film, _ = video(body, 1)

    assert (film.width, film.height) == size


@given(st.text(max_size=9))
def test_any_ratio_is_a_size(ratio: str) -> None:
    for film, _ in (
        workflow({"prompt": "a", "aspect_ratio": ratio}, 1),
        cinematic({"prompt": "a", "aspect_ratio": ratio}, 1),
    ):
        assert 0 < min(film.width, film.height) <= max(film.width, film.height) < 5_000


def test_ids_come_from_the_seed(make: Callable[..., Desk]) -> None:
    ids = [make(seed=seed).data("POST", VIDEOS, WISH) for seed in (1, 1, 2)]

    assert ids[0] == ids[1] != ids[2]


def test_a_secret_is_read_and_a_file_is_not(ask: Desk) -> None:
    file = File("a.png", 0, 1, "")
    secret = Request("GET", f"{API}/v3/users/me", headers={"x-api-key": Secret(KEY)})

    assert isinstance(ask.heygen.answer(secret, START), Response)
    with pytest.raises(TypeError, match="reads no files"):
        ask.heygen.answer(Request("PUT", f"{API}/v3/assets", content=file), START)


@given(
    st.sampled_from(["GET", "POST", "PUT"]),
    st.sampled_from([VIDEOS, OLD, f"{API}/v3/videos", f"{API}/v3/assets",
                     f"{API}/v3/assets/direct-uploads", f"{API}/store/a",
                     f"{API}/v3/video-agents/a/stop", "https://resource2.heygen.ai/x"]),
    st.binary(max_size=30) | st.text(max_size=9).map(str.encode),
)  # fmt: skip
def test_whatever_is_asked_there_is_an_answer(
    method: str, url: str, body: bytes
) -> None:
    heygen = HeyGen(painted)
    headers = {"x-api-key": KEY, "content-type": "multipart/form-data; boundary=b"}
    request = Request(method, url, headers=headers, content=body)

    assert isinstance(heygen.answer(request, START), Response)
    assert heygen.settled == ()
