"""What fal's errors are turned into: codes, sentences, and nothing that was echoed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shotcaller_fal
from shotcaller.plugin import JSON, BadReply, Exchange, Refused, Response, Ticket
from shotcaller_fal import queue, words

Says = Callable[..., Response]

LOCKED = "User is locked. Reason: Exhausted balance. Top up at fal.ai."


def submit() -> Exchange[Ticket]:
    return queue.submit("fal/m", "owner/app", {"prompt": "a fox"})


def error(type_: Any, msg: Any = "Field required", **more: JSON) -> dict[str, Any]:
    return {"loc": ["body", "prompt"], "msg": msg, "type": type_, **more}


@pytest.mark.parametrize(
    ("status", "detail", "code", "message"),
    [
        (
            401,
            "Invalid key",
            "key",
            "fal answered 401: Invalid key. Set FAL_KEY to a key of your account.",
        ),
        (
            403,
            LOCKED,
            "credit",
            (
                f"fal answered 403: {LOCKED} Add credit at fal.ai;"
                " it may take minutes to count."
            ),
        ),
        (
            403,
            "User is locked. Reason: abuse",
            "permission",
            (
                "fal answered 403: User is locked. Reason: abuse."
                " The key may not use this endpoint."
            ),
        ),
        (
            404,
            "Application 'app' not found",
            "endpoint",
            (
                "fal answered 404: Application 'app' not found."
                " The endpoint may be gone, or misspelt."
            ),
        ),
        (
            422,
            [error("missing")],
            "input",
            "fal does not take the input: prompt: Field required (missing)",
        ),
        (
            422,
            [error("content_policy_violation", "Flagged")],
            "content",
            (
                "fal turned it down for its content: prompt: Flagged"
                " (content_policy_violation)"
            ),
        ),
        (
            422,
            "Request blocked due to safety violations",
            "content",
            (
                "fal turned it down for its content: Request blocked due to safety"
                " violations"
            ),
        ),
        (400, "Bad JSON", "input", "fal answered 400: Bad JSON"),
        (413, None, "input", "fal answered 413 without a reason"),
    ],
)
def test_a_submit_that_is_turned_down_says_why_and_what_to_do(
    status: int, detail: JSON, code: str, message: str, say: Says
) -> None:
    exchange = submit()
    next(exchange)

    with pytest.raises(Refused) as refused:
        exchange.send(say(status, {"detail": detail}))

    assert (refused.value.reason, refused.value.message) == (code, message)


@pytest.mark.parametrize(
    ("status", "body", "headers", "message"),
    [
        (500, {"detail": "Internal error"}, {}, "Internal error"),
        (502, None, {}, "no reason was given"),
        (302, None, {}, "no reason was given"),
        (
            503,
            {"detail": "No runner", "error_type": "runner_scheduling_failure"},
            {},
            "No runner (runner_scheduling_failure)",
        ),
        (504, {}, {"X_Fal_Error_Type": "startup_timeout"}, "(startup_timeout)"),
        (429, {"detail": "Too many requests"}, {}, "Too many requests"),
    ],
)
def test_a_submit_that_proves_nothing_is_refused_by_nobody(
    status: int, body: JSON, headers: dict[str, str], message: str, say: Says
) -> None:
    exchange = submit()
    next(exchange)

    with pytest.raises(BadReply) as raised:
        exchange.send(say(status, body, **headers))

    assert raised.value.message == message
    assert status not in shotcaller_fal.GATEWAY.refusals


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (500, "internal_server_error", "failed"),
        (504, "internal_server_error", "timeout"),
        (504, "generation_timeout", "timeout"),
        (500, "generation_timeout", "timeout"),
        (400, "downstream_service_error", "failed"),
        (422, "downstream_service_unavailable", "failed"),
        (422, "no_media_generated", "content"),
        (422, "image_too_small", "input"),
        (422, None, "input"),
        (422, ["odd"], "input"),
    ],
)
def test_the_type_of_an_error_says_whose_fault_it_is(
    status: int, kind: JSON, code: str, say: Says
) -> None:
    assert words.said(say(status, {"detail": [error(kind)]})).code == code


@pytest.mark.parametrize(
    ("status", "headers", "body", "told"),
    [
        (499, {}, {}, ("cancelled", "fal answered 499 without a reason")),
        (429, {}, {"detail": "busy"}, ("busy", "fal answered 429: busy")),
        (405, {}, {}, ("endpoint", "fal answered 405 without a reason")),
        (418, {}, {}, ("failed", "fal answered 418 without a reason")),
        (
            503,
            {"X_Fal_Error_Type": "runner_disconnected"},
            {"detail": "The runner went away", "error_type": "runner_disconnected"},
            ("failed", "fal answered 503: The runner went away (runner_disconnected)"),
        ),
        (
            404,
            {},
            {"error": {"type": "not_found", "message": "Endpoint not found"}},
            ("endpoint", "fal answered 404: Endpoint not found"),
        ),
        (404, {}, {"status": "NOT_FOUND"}, ("endpoint", "fal answered 404: NOT_FOUND")),
        (
            500,
            {},
            {"detail": {"msg": "Odd"}},
            ("failed", "fal answered 500: Odd (no type)"),
        ),
        (
            500,
            {},
            {"detail": [error("internal_server_error", "It broke.")]},
            ("failed", "fal answered 500: prompt: It broke (internal_server_error)"),
        ),
    ],
)
def test_whatever_form_an_error_has_is_worded(
    status: int,
    headers: dict[str, str],
    body: JSON,
    told: tuple[str, str],
    say: Says,
) -> None:
    said = words.said(say(status, body, **headers))

    assert (said.code, said.sentence) == told


def test_a_page_of_html_is_not_quoted() -> None:
    page = Response(502, {"content-type": "text/html"}, b"<html>nginx</html>")

    assert words.said(page).sentence == "fal answered 502 without a reason"


def test_a_text_of_megabytes_is_shortened_at_once() -> None:
    assert words.plain("http://" * 2**17, 20) == "http://http://http:…"


def test_every_field_that_is_wrong_is_named(say: Says) -> None:
    errors = [
        {"loc": ["body", "elements", 0, "image_url"], "msg": "Bad", "type": "x"},
        {"loc": ["header"], "type": "y"},
        {"loc": ["body"], "msg": "Empty"},
        {"msg": "No place", "type": "z"},
        "no error",
    ]

    assert words.said(say(422, {"detail": errors})).text == (
        "elements.0.image_url: Bad (x); header: no reason given (y);"
        " Empty (no type); No place (z)"
    )


def test_what_was_sent_is_not_repeated(say: Says) -> None:
    prompt = "a very secret prompt of mine"
    wrong = error("value_error", f"Odd: {prompt!r} is odd", input={"a": [prompt, 5]})

    assert words.said(say(422, {"detail": [wrong]})).text == (
        "prompt: Odd: '…' is odd (value_error)"
    )


TEXTS = st.text(min_size=words.ECHO, max_size=40, alphabet=st.characters(codec="ascii"))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=9,
)


@given(st.data(), TEXTS.filter(lambda text: "…" not in text), st.integers(400, 599))
def test_whatever_the_error_the_input_that_it_echoes_is_not_in_the_message(
    data: st.DataObject, echo: str, status: int
) -> None:

    around = st.tuples(st.text(max_size=9), st.text(max_size=9))
    holding = around.map(lambda ends: f"{ends[0]}{echo}{ends[1]}") | VALUES
    one = st.fixed_dictionaries(
        {"input": st.sampled_from([echo, {"prompt": echo}, [[echo]]])},
        optional={
            "msg": holding,
            "type": holding,
            "loc": st.lists(holding),
            "ctx": VALUES,
        },
    )
    errors = data.draw(st.lists(one, min_size=1, max_size=3))
    body = json.dumps({"detail": errors}).encode()

    said = words.said(Response(status, {}, body))

    assert echo not in said.sentence
    assert echo not in said.text


@given(st.integers(300, 599), VALUES, st.dictionaries(st.text(max_size=9), VALUES))
def test_whatever_fal_answers_to_a_submit_it_is_a_ticket_or_worded(
    status: int, detail: JSON, body: dict[str, JSON]
) -> None:

    exchange = submit()
    next(exchange)

    with pytest.raises((Refused, BadReply)) as raised:
        exchange.send(
            Response(status, {}, json.dumps({**body, "detail": detail}).encode())
        )

    assert len(raised.value.message) < 500
    assert isinstance(raised.value, Refused) is (
        status in shotcaller_fal.GATEWAY.refusals
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n  b\r\n\tc", "a b c"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("x" * 400, "x" * 299 + "…"),
        ("got data:image/png;base64,iVBORw0KGgo= here", "got data:… here"),
        (
            "see https://me.example/a.png?signature=abc&x=1 or http://b/#c",
            "see https://me.example/a.png or http://b/",
        ),
    ],
)
def test_a_vendors_text_becomes_one_short_line(text: str, shown: str) -> None:
    assert words.plain(text) == shown


@given(st.text(), st.integers(1, 50))
def test_a_line_is_never_longer_than_it_may_be(text: str, most: int) -> None:
    shown = words.plain(text, most)

    assert len(shown) <= most
    assert shown.isprintable()
