from __future__ import annotations

import copy
import json
import logging
import operator
import pickle
import traceback
from pprint import pformat
from string import Template

import attrs
import cattrs
import pytest

from shotcaller import codec
from shotcaller.secret import Secret

KEY = "s3cr3t-k3y"
SECRET = Secret(KEY)


@attrs.frozen
class Holder:
    key: Secret


@pytest.mark.parametrize(
    "shown",
    [
        repr(SECRET),
        str(SECRET),
        f"{SECRET}",
        f"{SECRET!r:>30}",
        f"{SECRET:>30}",
        format(SECRET, "s"),
        "{}".format(SECRET),  # noqa: UP032  another road to the same place
        "%s %r" % (SECRET, SECRET),  # noqa: UP031
        Template("$key").substitute(key=SECRET),
        repr([SECRET, {"a": SECRET}]),
        pformat({"key": SECRET}),
        repr(Holder(SECRET)),
        repr(attrs.asdict(Holder(SECRET))),
        repr(cattrs.Converter().unstructure(Holder(SECRET))),
        repr(SECRET.formatted("Key {}")),
        ascii(SECRET),
        json.dumps({"key": SECRET}, default=str),
    ],
)
def test_a_secret_shows_a_mask(shown: str) -> None:
    assert KEY not in shown
    assert "***" in shown


@pytest.mark.parametrize(
    "act",
    [
        *[
            lambda secret, n=n: pickle.dumps(secret, n)
            for n in range(pickle.HIGHEST_PROTOCOL + 1)
        ],
        copy.copy,
        copy.deepcopy,
        lambda secret: copy.deepcopy({"deep": [secret]}),
        lambda secret: pickle.dumps({"deep": [secret]}),
    ],
)
def test_a_secret_cannot_be_pickled_or_copied(act: operator.methodcaller) -> None:
    with pytest.raises(TypeError, match=r"^a Secret cannot be pickled or copied$"):
        act(SECRET)


@pytest.mark.parametrize("act", [json.dumps, vars, iter, len, operator.neg, int])
def test_nothing_else_gets_at_the_key(act: operator.methodcaller) -> None:
    with pytest.raises(TypeError) as caught:
        act(SECRET)

    assert KEY not in str(caught.value)


def test_the_codec_refuses_a_secret_without_showing_it() -> None:
    with pytest.raises(TypeError) as caught:
        codec.dump(Holder(SECRET))

    assert str(caught.value) == "a Secret is never written"
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_traceback_with_locals_does_not_show_the_key() -> None:
    def fail(secret: Secret) -> None:
        held = Holder(secret)
        raise RuntimeError(f"no use for {held}")

    with pytest.raises(RuntimeError) as caught:
        fail(SECRET)
    shown = traceback.TracebackException.from_exception(
        caught.value, capture_locals=True
    )
    text = "".join(shown.format())

    assert "Secret('***')" in text
    assert KEY not in text


def test_a_log_line_does_not_show_the_key(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("key %s %r", SECRET, SECRET)

    assert caplog.messages == ["key Secret('***') Secret('***')"]


def test_only_reveal_gives_the_key() -> None:
    assert SECRET.reveal() == KEY
    assert SECRET.formatted("Key {}").reveal() == f"Key {KEY}"


def test_secrets_of_one_key_are_equal_and_a_secret_is_no_text() -> None:
    assert Secret(KEY) == SECRET
    assert hash(Secret(KEY)) == hash(SECRET)
    assert Secret("other") != SECRET
    assert SECRET != KEY
    assert hash(SECRET) != hash(KEY)


def test_secrets_have_no_order() -> None:
    with pytest.raises(TypeError, match="not supported between"):
        sorted([SECRET, Secret("other")])  # type: ignore[type-var]


def test_a_secret_takes_nothing_more() -> None:
    with pytest.raises(AttributeError):
        SECRET.note = "x"  # type: ignore[attr-defined]
