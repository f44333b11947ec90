"""Keys and signatures are taken out of texts, and nothing else is."""

from __future__ import annotations

import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import Secret
from shotcaller.accounts import secrets
from shotcaller.errors import Refused
from shotcaller.plugin import Done, Failed, Gateway, Request, Response, Running
from shotcaller.redaction import (
    Redacting,
    guard,
    is_masked,
    masked,
    plain,
    redacted,
    unsigned,
)
from shotcaller.take import Problem
from shotcaller.transport import SyncTransport, wording

SIGNED = "https://s.example/a.mp4?X-Amz-Date=1&X-Amz-Signature=c4n4ry&part=2"
MASKED = "https://s.example/a.mp4?X-Amz-Date=***&X-Amz-Signature=***&part=2"
KEY = Secret("fal-id:fal-s3cret")


@pytest.mark.parametrize(
    "name",
    [
        "X-Amz-Signature",
        "X-Amz-Credential",
        "X-Amz-Security-Token",
        "X-Goog-Signature",
        "x-goog-credential",
        "AWSAccessKeyId",
        "GoogleAccessId",
        "OSSAccessKeyId",
        "Signature",
        "sig",
        "Policy",
        "Key-Pair-Id",
        "Expires",
        "token",
        "access_token",
        "api_key",
        "apikey",
        "key",
        "password",
    ],
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://s.example/a?{}=", "&size=3"),
        ("https://s.example/a?size=3&{}=", " and more"),
        ('{{"url": "https://s.example/a?size=3\\u0026{}=', '"}}'),
        ("<a href='https://s.example/a?b=c&amp;{}=", "'>"),
        ("to=https%3A%2F%2Fs.example%3F{}%3D", "%26size%3D3"),
    ],
)
def test_what_signs_an_address_is_masked(name: str, before: str, after: str) -> None:
    before, after = before.format(name), after.format()

    assert unsigned(f"{before}c4n4ry{after}") == f"{before}***{after}"


def test_names_and_passwords_are_masked() -> None:
    assert unsigned("at http://me:pw@s.example/a@b") == "at http://***@s.example/a@b"


@pytest.mark.parametrize(
    "text",
    [
        "The key=value of an option is not written so.",
        "https://s.example/a.mp4?part=2&size=1",
        "me@example.org says a = b, 3% of it",
        "/keys/signature/token",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert unsigned(text) == text


@given(st.text(alphabet="?&=%3Da~:/@ sigkey'\"", max_size=40))
def test_masking_twice_masks_no_more(text: str) -> None:
    assert unsigned(unsigned(text)) == unsigned(text)


def test_a_masked_address_is_known_for_one() -> None:
    assert is_masked(MASKED)
    assert not is_masked(SIGNED)
    assert not is_masked("https://s.example/a.mp4?part=2")


def test_each_text_in_a_document_is_masked() -> None:
    document = {"a": [SIGNED, 1, None], "b": {"c": (SIGNED, True)}}

    assert plain(document) == {"a": [MASKED, 1, None], "b": {"c": [MASKED, True]}}


def test_keys_are_masked_however_an_address_spells_them() -> None:
    text = "fal-id:fal-s3cret and fal-id%3Afal-s3cret and me"

    assert redacted(text, [KEY, Secret("me")]) == "*** and *** and me"


@pytest.mark.parametrize(
    "value",
    [
        Refused(f"It said {SIGNED}.", f"Look at {SIGNED}."),
        Problem("x", f"it said {SIGNED}", "no"),
        Failed(f"it said {SIGNED}"),
        Running(f"at {SIGNED}"),
        Done(SIGNED, facts={"thumb": [SIGNED]}),
        Request("GET", SIGNED),
        Response(200, {}, SIGNED.encode()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_do_not_show_signatures(value: object) -> None:
    assert "c4n4ry" not in f"{value!r} {value}"


AWKWARD = 'sk/live+abc/"DEF"==q'


@pytest.mark.parametrize(
    "spelled",
    [
        AWKWARD.replace("/", "\\/").replace('"', '\\"'),
        "".join(f"\\u{ord(letter):04x}" for letter in AWKWARD),
        "".join(f"\\u{ord(letter):04X}" for letter in AWKWARD),
        AWKWARD.replace("+", "\\u002b").replace("/", "%2F"),
        AWKWARD.encode("utf-16-le").decode("latin-1"),
        AWKWARD.encode("utf-16-be").decode("latin-1"),
        AWKWARD.replace("/", "%2f").replace("=", "%3D"),
    ],
    ids=["slash", "codes", "capitals", "mixed", "utf-16", "utf-16 be", "address"],
)
def test_keys_are_masked_however_json_spells_them(spelled: str) -> None:
    masking = masked(f"not {spelled}, but this \\ stays", [Secret(AWKWARD)])

    assert masking.replace("\0", "") == "not ***, but this \\ stays"


@given(st.text(max_size=30), st.text(max_size=30))
def test_only_keys_are_masked(before: str, after: str) -> None:
    text = f"{before}\\{after}"

    assert masked(text, [Secret("a-key-that-is-not-there")]) == text


def test_an_error_is_pickled_without_signatures() -> None:
    assert b"c4n4ry" not in pickle.dumps(Refused(f"It said {SIGNED}."))


def test_what_is_needed_is_kept() -> None:
    assert Done(SIGNED).url == Request("GET", SIGNED).url == SIGNED


def test_logs_and_their_tracebacks_are_redacted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("tests.redaction")
    log.addFilter(Redacting())
    log.addFilter(Redacting(secrets=[KEY]))
    try:
        int(f"{KEY.reveal()} {SIGNED}")
    except ValueError:
        log.exception("%s asked %s", KEY.reveal(), SIGNED)
    log.warning("plain %d", 5)

    assert "c4n4ry" not in caplog.text
    assert "s3cret" not in caplog.text
    assert f"*** asked {MASKED}" in caplog.text
    assert f"'*** {MASKED}'" in caplog.text
    assert "plain 5" in caplog.text


def test_the_same_keys_are_guarded_once() -> None:
    log = logging.getLogger("shotcaller.registry")
    before = len(log.filters)

    guard([KEY])
    guard([KEY])

    assert len(log.filters) == before + 1
    log.removeFilter(Redacting(secrets=[KEY]))


def test_only_what_a_gateway_asks_for_is_a_key() -> None:
    gateway = Gateway(id="paper", title="Paper", credentials=(("A", "B"), ("C",)))
    keys = {name: Secret(name * 8) for name in "ACHOME"}

    assert secrets([gateway], keys) == (keys["A"], keys["C"])


@pytest.mark.parametrize("key", ["s3cret\n", " s3cret", "s3cret\r\nX: y", "s3crét"])
def test_a_key_that_no_header_may_hold_is_not_sent_and_not_told(
    key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    transport = SyncTransport()
    request = Request(
        "GET", "http://127.0.0.1:9", headers={"Authorization": Secret(key)}
    )

    answers = [transport.ask(request), transport.spend(request, None)]

    transport.close()
    said = "Unsent(reason=\"the key holds a character that none may, such as a line's"
    assert [repr(answer).startswith(said) for answer in answers] == [True, True]
    assert "cr" not in repr(answers).replace("character", "")
    assert "s3cr" not in caplog.text


def test_what_speaks_http_is_silent_unless_it_is_asked_to_speak(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quiet = {name: logging.getLogger(name) for name in ("httpx", "httpcore")}
    for logger in quiet.values():
        monkeypatch.setattr(logger, "level", logging.NOTSET)
    wording.quiet()
    assert [logger.level for logger in quiet.values()] == [logging.WARNING] * 2

    quiet["httpx"].setLevel(logging.DEBUG)
    wording.quiet()
    assert quiet["httpx"].level == logging.DEBUG
