from __future__ import annotations

from typing import Annotated, Any

import pytest
from attrs import field, frozen
from cattrs import override

from shotcaller import replies
from shotcaller.errors import BadReply


@frozen
class File:
    url: str
    size: int | None = None


@frozen
class Job:
    id: str
    done: bool = False
    files: tuple[File, ...] = ()
    tags: list[str] = field(factory=list)
    seconds: float = 0.0
    pair: tuple[str, int] = ("", 0)
    kind: Annotated[str, override(rename="jobKind")] = ""


def read(data: object) -> Job:
    return replies.read(data, Job, source="Paper (200)")


def test_a_reply_is_read_into_a_class() -> None:
    data = {
        "id": "a",
        "done": True,
        "files": [{"url": "u", "size": 5}],
        "tags": ["x"],
        "seconds": 1.5,
        "pair": ["a", 1],
    }

    expected = Job("a", True, (File("u", 5),), ["x"], 1.5, ("a", 1))
    assert read(data) == expected


def test_unknown_keys_are_ignored() -> None:
    assert read({"id": "a", "new": {"deep": [1]}}) == Job("a")


def test_an_id_may_come_as_a_number() -> None:
    assert read({"id": 12345678901234567890}) == Job("12345678901234567890")


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({}, "required field missing @ reply.id"),
        ({"id": None}, "expected text, got NoneType @ reply.id"),
        ({"id": True}, "expected text, got bool @ reply.id"),
        ({"id": 1.5}, "expected text, got float @ reply.id"),
        ({"id": "a", "done": "false"}, "expected true or false, got str @ reply.done"),
        ({"id": "a", "done": 0}, "expected true or false, got int @ reply.done"),
        ({"id": "a", "files": "ab"}, "expected a list, got str @ reply.files"),
        ({"id": "a", "tags": "ab"}, "expected a list, got str @ reply.tags"),
        ({"id": "a", "tags": {"a": 1}}, "expected a list, got dict @ reply.tags"),
        (
            {"id": "a", "tags": ["a", None]},
            "expected text, got NoneType @ reply.tags[1]",
        ),
        ({"id": "a", "files": [{}]}, "required field missing @ reply.files[0].url"),
    ],
)
def test_what_does_not_fit_is_named_by_path(data: object, path: str) -> None:
    with pytest.raises(BadReply) as caught:
        read(data)

    expected = f"Paper (200) answered in a form we cannot read: {path}."
    assert expected == caught.value.message
    assert caught.value.paths == (path,)
    assert caught.value.charged == "no"


def test_every_path_that_does_not_fit_is_named() -> None:
    with pytest.raises(BadReply) as caught:
        read({"done": 1, "seconds": "soon"})

    assert caught.value.paths == (
        "required field missing @ reply.id",
        "expected true or false, got int @ reply.done",
        "invalid value for type, expected float @ reply.seconds",
    )


@pytest.mark.parametrize("data", [None, [], 5, "text", True, 1.5, [{}]])
def test_no_shape_of_a_reply_raises_anything_but_bad_reply(data: Any) -> None:
    with pytest.raises(BadReply, match=r"^Paper \(200\) answered in a form we cannot"):
        read(data)
