from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from shotcaller import codec
from shotcaller.catalog import Gateway, Model, Quote, Vote
from shotcaller.errors import BadInput
from shotcaller.secret import Secret
from shotcaller.shot import Brief, Cut, Kind, Media, Shot
from shotcaller.take import (
    Attempt,
    Clip,
    Done,
    Failed,
    Footage,
    Problem,
    Receipt,
    Running,
    State,
    Status,
    Take,
    Ticket,
)
from shotcaller.wire import File, Multipart, Request, Response
from tests.core import offerings
from tests.core import strategies as ours

TAKE = Take(
    id="t",
    key="k",
    digest="d",
    brief=Brief(),
    asked=Shot("A pier"),
    model="paper/one",
    title="One",
    gateway="paper",
    account="paper",
    plugin="paper 1",
    quote=Quote(None, None, None),
    folder="/clips",
)


def through_json(value: object, cls: type[Any] | None = None) -> object:
    """Writes a value to JSON text and reads it back."""
    return codec.load(json.loads(codec.text(value)), cls or type(value))


@given(ours.shots())
def test_a_shot_survives_json(shot: Shot) -> None:
    assert through_json(shot) == shot


@given(ours.briefs)
def test_a_brief_survives_json(brief: Brief) -> None:
    assert through_json(brief) == brief


@given(ours.takes)
def test_a_take_survives_json_and_comes_back_in_its_own_types(take: Take) -> None:
    back = through_json(take)

    assert back == take
    assert isinstance(back, Take)
    assert type(back.state) is State
    assert type(back.status) is type(take.status)
    assert all(type(item.kind) is Kind for item in back.asked.media)


@given(ours.clips)
def test_a_clip_survives_json_with_its_receipt(clip: Clip) -> None:
    assert through_json(clip) == clip


@given(ours.requests())
def test_a_request_survives_json(request: Request) -> None:
    assert through_json(request) == request


@given(ours.responses)
def test_a_response_survives_json(response: Response) -> None:
    assert through_json(response) == response


@given(ours.tickets)
def test_a_ticket_survives_json(ticket: Ticket) -> None:
    assert through_json(ticket) == ticket


@given(offerings.gateways)
def test_a_gateway_survives_json(gateway: Gateway) -> None:
    assert through_json(gateway) == gateway


@given(offerings.models())
def test_a_model_survives_json(model: Model) -> None:
    assert through_json(model) == model


@given(ours.quotes)
def test_a_quote_survives_json(quote: Quote) -> None:
    assert through_json(quote) == quote


@given(ours.votes)
def test_a_vote_survives_json(vote: Vote) -> None:
    assert through_json(vote) == vote


@given(ours.requests())
def test_what_is_written_is_canonical(request: Request) -> None:
    written = codec.text(request)

    parsed = json.loads(written)
    compact = json.dumps(
        parsed, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert compact == written


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (b"plain \xc3\xa9", {"text": "plain é"}),
        (b"\xff\xfe", {"base64": "//4="}),
        (b"", {"text": ""}),
        (None, None),
        (
            File("a.png", 0, 5, "ff"),
            {"path": "a.png", "start": 0, "length": 5, "sha256": "ff"},
        ),
        (
            Multipart("file", File("a.png", 0, 5, "ff"), "a.png", "image/png"),
            {
                "name": "file",
                "file": {"path": "a.png", "start": 0, "length": 5, "sha256": "ff"},
                "filename": "a.png",
                "type": "image/png",
            },
        ),
    ],
)
def test_content_is_text_where_it_can_be_and_base64_where_not(
    content: bytes | File | Multipart | None, written: object
) -> None:
    request = Request("POST", "https://a.test", content=content)
    dumped: Any = codec.dump(request)

    assert written == dumped["content"]
    assert request == codec.load(dumped, Request)


@pytest.mark.parametrize(
    ("status", "written"),
    [
        (
            Running("queued", 3, 0.5, 2.0),
            {
                "status": "Running",
                "note": "queued",
                "ahead": 3,
                "fraction": 0.5,
                "wait": 2.0,
            },
        ),
        (
            Failed("no", "yes", "content"),
            {"status": "Failed", "reason": "no", "charged": "yes", "code": "content"},
        ),
        (
            Done(url="https://a.test/c", billed=Decimal("0.5")),
            {
                "status": "Done",
                "url": "https://a.test/c",
                "path": None,
                "billed": "0.5",
                "facts": {},
                "bytes": None,
            },
        ),
    ],
)
def test_a_status_is_tagged_with_its_class(status: Status, written: object) -> None:
    take = evolve(TAKE, status=status)
    dumped: Any = codec.dump(take)

    assert written == dumped["status"]
    assert status == codec.load(written, Status)  # type: ignore[arg-type]


def test_a_take_without_a_status_says_so() -> None:
    dumped: Any = codec.dump(TAKE)

    assert dumped["status"] is None
    assert codec.load(None, Status | None) is None  # type: ignore[arg-type]


SHOT = {"prompt": "A pier"}


@pytest.mark.parametrize(
    ("cls", "data", "message"),
    [
        (
            Shot,
            {**SHOT, "colour": 1},
            "Extra fields in constructor for Shot: colour @ it.",
        ),
        (Shot, {}, "'prompt' is missing @ it.prompt."),
        (Shot, [], "[] is not a table of what makes a Shot @ it."),
        (Shot, "A pier", "'A pier' is not a table of what makes a Shot @ it."),
        (Shot, None, "None is not a table of what makes a Shot @ it."),
        (Shot, {"prompt": 5}, "5 is not text @ it.prompt."),
        (
            Shot,
            {"prompt": ""},
            "prompt: '' is empty; describe what should be seen @ it.",
        ),
        (Shot, {**SHOT, "seconds": "8"}, "'8' is not a number @ it.seconds."),
        (Shot, {**SHOT, "seconds": True}, "True is not a number @ it.seconds."),
        (Shot, {**SHOT, "seed": 1.0}, "1.0 is not a whole number @ it.seed."),
        (Shot, {**SHOT, "seed": True}, "True is not a whole number @ it.seed."),
        (Shot, {**SHOT, "sound": 1}, "1 is not true or false @ it.sound."),
        (Shot, {**SHOT, "cuts": "ab"}, "'ab' is not a list @ it.cuts."),
        (Shot, {**SHOT, "cuts": {}}, "{} is not a list @ it.cuts."),
        (
            Shot,
            {**SHOT, "cuts": [{"prompt": "a"}, {"prompt": 5}]},
            "5 is not text @ it.cuts[1].prompt.",
        ),
        (
            Shot,
            {**SHOT, "image": {"source": "a.png", "kind": "smell"}},
            "'smell' is not a valid Kind @ it.image.kind.",
        ),
        (Shot, {**SHOT, "options": []}, "[] is not a table @ it.options."),
        (
            Shot,
            {**SHOT, "options": {"fal": 5}},
            "5 is not a table @ it.options['fal'].",
        ),
        (Shot, {**SHOT, "options": {5: {}}}, "5 is not text @ it.options[5]."),
        (
            Shot,
            {"prompt": 5, "seed": "x", "colour": 1},
            (
                "5 is not text @ it.prompt; 'x' is not a whole number @ it.seed; "
                "Extra fields in constructor for Shot: colour @ it."
            ),
        ),
        (Brief, {"only": "fal"}, "'fal' is not a list @ it.only."),
        (Brief, {"budget": 5}, "5 is not an amount written as text @ it.budget."),
        (Brief, {"budget": "x"}, "'x' is not an amount written as text @ it.budget."),
        (
            Quote,
            {"low": None, "expected": None, "high": None, "as_of": "soon"},
            "'soon' is not a date such as 2026-01-31 @ it.as_of.",
        ),
        (
            Quote,
            {"low": None, "expected": None, "high": None, "as_of": 2026},
            "2026 is not a date such as 2026-01-31 @ it.as_of.",
        ),
        (
            Request,
            {"method": "GET", "url": "u", "headers": {"a": 5}},
            "5 is not text @ it.headers['a'].",
        ),
        (
            Request,
            {"method": "GET", "url": "u", "content": 5},
            "5 is not text or base64 @ it.content.",
        ),
        (
            Request,
            {"method": "GET", "url": "u", "content": {"text": "a", "more": 1}},
            "{'text': 'a', 'more': 1} is not text or base64 @ it.content.",
        ),
        (
            Request,
            {"method": "GET", "url": "u", "content": {"base64": "?"}},
            "'?' is not base64 @ it.content.",
        ),
        (
            Response,
            {"status": 200, "body": {"base64": "", "text": ""}},
            "{'base64': '', 'text': ''} is not text or base64 @ it.body.",
        ),
        (
            Failed,
            {"reason": "x", "charged": "maybe"},
            "maybe not in literal typing.Literal['yes', 'no', 'unknown'] @ it.charged.",
        ),
        (
            Attempt,
            {"take": "t", "model": "m", "state": "lost", "reason": "", "charged": "no"},
            "'lost' is not a valid State @ it.state.",
        ),
        (
            Footage,
            {"path": "a", "bytes": 1.5, "sha256": ""},
            "1.5 is not a whole number @ it.bytes.",
        ),
    ],
)
def test_what_does_not_fit_is_named_by_path_with_its_value(
    cls: type[Any], data: object, message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        codec.load(data, cls, name="it")

    assert message == caught.value.message
    assert caught.value.field == "it"


@pytest.mark.parametrize(
    "data", [{"status": "Paused"}, {"status": ["Done"]}, {}, "Running", 5]
)
def test_an_unknown_status_is_named_with_those_there_are(data: object) -> None:
    with pytest.raises(BadInput) as caught:
        codec.load(data, Status, name="it")  # type: ignore[arg-type]

    expected = f"{data!r} is not a status, tagged as one of Running, Done, Failed @ it."
    assert expected == caught.value.message


def test_a_status_holds_only_what_is_its_own() -> None:
    data = {"status": "Running", "url": "https://a.test"}

    with pytest.raises(BadInput) as caught:
        codec.load(data, Status)  # type: ignore[arg-type]

    expected = "Extra fields in constructor for Running: url @ data."
    assert expected == caught.value.message


def test_a_secret_is_never_written() -> None:
    request = Request("GET", "https://a.test", headers={"Key": Secret("s3cret")})

    with pytest.raises(TypeError, match=r"^a Secret is never written$"):
        codec.dump(request)
    with pytest.raises(TypeError, match=r"^a Secret is never written$"):
        codec.text({"deep": [Secret("s3cret")]})


def test_a_secret_is_never_read() -> None:
    loaded = codec.load(
        {"method": "GET", "url": "u", "headers": {"key": "s3cret"}}, Request
    )

    assert loaded.headers == {"key": "s3cret"}
    assert type(loaded.headers["key"]) is str


def test_a_set_is_written_in_order() -> None:
    words = [f"word-{n:02}" for n in range(40)]

    assert codec.dump(frozenset(words)) == words


def test_canonical_text_has_no_nan() -> None:
    with pytest.raises(ValueError, match="Out of range float values"):
        codec.text({"a": float("nan")})


def test_canonical_text_is_sorted_and_dense() -> None:
    value = {"b": [1, Decimal("0.10"), date(2026, 1, 31)], "a": "é"}

    assert codec.text(value) == '{"a":"é","b":[1,"0.10","2026-01-31"]}'


def test_whole_numbers_are_seconds_too() -> None:
    cut = codec.load({"prompt": "a", "seconds": 5}, Cut)

    assert cut == Cut("a", 5.0)
    assert type(cut.seconds) is float


def test_media_come_back_with_a_kind() -> None:
    loaded = codec.load({"source": "a.png", "kind": "image"}, Media)

    assert loaded.kind is Kind.IMAGE


def test_problems_and_receipts_are_held_to_the_letter() -> None:
    assert codec.load(
        {"code": "a", "message": "b", "charged": "no"}, Problem
    ) == Problem("a", "b", "no")
    with pytest.raises(BadInput, match=r"'take' is missing @ data\.take"):
        codec.load({}, Receipt)
