from __future__ import annotations

from pathlib import Path

import pytest
from attrs import frozen
from attrs.exceptions import FrozenInstanceError

from shotcaller.errors import BadReply
from shotcaller.secret import Secret
from shotcaller.wire import (
    Effect,
    Exchange,
    File,
    Multipart,
    Request,
    Response,
    Work,
)


@frozen
class Job:
    id: str


def test_yielding_from_an_effect_yields_it_and_returns_the_answer() -> None:
    request = Request("GET", "https://a.test")
    answer = Response(200)

    def exchange() -> Exchange[Response]:
        return (yield from request)

    running = exchange()
    assert next(running) is request
    with pytest.raises(StopIteration) as stop:
        running.send(answer)
    assert stop.value.value is answer


def test_work_holds_a_call_with_its_arguments() -> None:
    def double(folder: Path, number: int) -> int:
        return number * 2

    work = Work(double, 21)

    assert work.call(Path(), *work.args) == 42
    assert work == Work(double, 21)
    assert work != Work(double, 22)
    assert isinstance(work, Effect)


def test_requests_are_equal_by_value_and_cannot_be_changed() -> None:
    one, other = (
        Request("POST", "https://a.test", params={"a": "b"}, json={"c": [1]})
        for _ in range(2)
    )

    assert one == other
    assert one != Request("POST", "https://a.test")
    with pytest.raises(FrozenInstanceError):
        one.url = "https://b.test"  # type: ignore[misc]


def test_headers_are_added_to_a_copy() -> None:
    request = Request("GET", "https://a.test", headers={"Accept": "x"})
    secret = Secret("s3cret")

    more = request.with_headers(X_Key=secret, Accept="y")

    assert more.headers == {"Accept": "y", "X-Key": secret}
    assert request.headers == {"Accept": "x"}
    assert "s3cret" not in repr(more)


def test_a_request_has_one_body() -> None:
    with pytest.raises(ValueError, match=r"^a request to u has both json and content$"):
        Request("POST", "u", json={}, content=b"x")


def test_a_form_says_no_more_than_a_line_of_each() -> None:
    file = File("a.png", 0, 5, "ff")
    for name, filename, kind in [("a\r\nb", "", ""), ("", "a\nb", ""), ("", "", "\0")]:
        with pytest.raises(ValueError, match=r"^\w+ of a form: .* is no line of text$"):
            Multipart(name, file, filename, kind)


def test_header_names_are_found_in_lower_case() -> None:
    response = Response(200, {"Content-Type": "text/plain", "X-ID": "Ab"})

    assert response.headers == {"content-type": "text/plain", "x-id": "Ab"}


def test_a_body_is_read_as_json() -> None:
    response = Response(200, {}, b'{"id": 7, "more": null}')

    assert response.json() == {"id": 7, "more": None}
    assert response.into(Job) == Job("7")


@pytest.mark.parametrize(
    ("headers", "body", "kind"),
    [
        ({"Content-Type": "text/html"}, b"<html>", "text/html"),
        ({}, b"", "no declared type"),
        ({}, b'{"id": 1', "no declared type"),
        ({}, b"\xff\xfe\x00", "no declared type"),
        ({}, b"[" * 200_000, "no declared type"),
        ({}, b"1" * 5_000, "no declared type"),
    ],
)
def test_a_body_that_is_no_json_is_a_bad_reply(
    headers: dict[str, str], body: bytes, kind: str
) -> None:
    with pytest.raises(BadReply) as caught:
        Response(502, headers, body).json()

    assert caught.value.message == f"The gateway answered 502 without JSON ({kind})."
    assert caught.value.paths == ("reply",)


def test_a_body_of_another_form_is_a_bad_reply_that_names_the_status() -> None:
    with pytest.raises(BadReply) as caught:
        Response(200, {}, b"{}").into(Job)

    expected = "The gateway (200) answered in a form we cannot read: "
    assert caught.value.message == expected + "required field missing @ reply.id."
