"""Takes out of texts what must not be read there: keys, and what signs an address.

A signed address is a key to one file; only its query tells it from any other.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from shotcaller import storable
from shotcaller.secret import Secret

MASK = "***"

_SPELLING = ("\\", "%", "\0")
"""What a text has in it in which a letter is spelled otherwise than as itself."""

SHORTEST = 4
"""From how many characters on a text is taken for a key, and no word."""

_NAMES = (
    r"x-(?:amz|goog|ms|oss|cos)-[\w-]+|(?:aws|oss)?access_?key_?id|googleaccessid"
    r"|signature|sig|hmac|policy|key-pair-id|expires|[\w-]*token|api_?key|key|secret"
    r"|password|auth(?:orization)?|credentials?"
)
_BEGINS = r"(?:[?&;]|&amp;|\\u0026|%3F|%26)"
_SIGNED = re.compile(
    rf"({_BEGINS}(?:{_NAMES})(?:=|%3D))(?:(?!&|%26|%23|\\u0026)[^\s\"'<>#\\])+",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(\w://)[^/\s@?#\"'<>]+@")


def unsigned(text: str) -> str:
    """Returns a text without names, passwords and signatures in its addresses.

    Half characters, which could not be recorded, are spelled out.
    """
    text = storable.text(text)
    if "=" not in text and "%3" not in text and "@" not in text:
        return text  # as most are, and some are large
    return _SIGNED.sub(rf"\1{MASK}", _NAMED.sub(rf"\1{MASK}@", text))


def is_masked(url: str) -> bool:
    """Whether an address lacks its signature, so that it leads nowhere."""
    return unsigned(url) == url and f"={MASK}" in url


def plain(value: Any) -> Any:
    """Returns JSON with each text in it unsigned."""
    if isinstance(value, str):
        return unsigned(value)
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def redacted(text: str, secrets: Iterable[Secret]) -> str:
    """Returns a text without these keys, as they are or as an address spells them."""
    return unsigned(masked(text, secrets))


def masked(text: str, secrets: Iterable[Secret]) -> str:
    """Returns a text without these keys, however JSON or an address spells them.

    Bytes read as Latin-1 may be of UTF-16: each character may have zeros about it.
    """
    keys = {secret.reveal().strip() for secret in secrets}
    keys = {key for key in keys if len(key) >= SHORTEST}
    for key in sorted(keys, key=len, reverse=True):
        text = text.replace(key, MASK)
    if not any(sign in text for sign in _SPELLING):
        return text  # as most are
    for key in keys:
        text = re.sub("\0*".join(map(_spelling, key)), MASK, text)
    return text


def _spelling(letter: str) -> str:
    plain, code = re.escape(letter), ord(letter)
    escaped = rf"\\(?:{plain}|[uU]{_any_case(f'{code:04x}')})"
    in_address = "".join(f"%{_any_case(f'{byte:02x}')}" for byte in letter.encode())
    return f"(?:{plain}|{escaped}|{in_address})"


def _any_case(digits: str) -> str:
    return "".join(f"[{one}{one.upper()}]" for one in digits)


def _known(secrets: Iterable[Secret]) -> frozenset[Secret]:
    return frozenset(secrets)


@frozen(kw_only=True)
class Redacting:
    """Is a logging filter that lets everything pass, redacted, tracebacks too."""

    secrets: frozenset[Secret] = field(default=frozenset(), converter=_known)

    def filter(self, record: logging.LogRecord) -> bool:
        """Redacts a record; what it was made of could still be read in it."""
        record.msg, record.args = redacted(record.getMessage(), self.secrets), ()
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:  # another such filter may have written it
            record.exc_text = redacted(record.exc_text, self.secrets)
        return True


LOGGERS = ("shotcaller.journal", "shotcaller.registry")
"""All loggers of the library."""


def guard(secrets: Iterable[Secret]) -> None:
    """Keeps these keys out of all that the library logs."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(Redacting(secrets=secrets))
