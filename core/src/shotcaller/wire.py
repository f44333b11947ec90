"""Gives plugins the words to ask with: requests, replies, work on this machine.

A plugin's operation is a generator. It yields an effect, is sent the answer and
returns a value; it never performs anything itself.
"""

from __future__ import annotations

import hashlib
import json as _json
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeAlias, TypeVar, TypeVarTuple

from attrs import Attribute, evolve, field, frozen

from shotcaller import replies
from shotcaller.errors import BadReply
from shotcaller.redaction import unsigned
from shotcaller.secret import Secret

if TYPE_CHECKING:
    JSON: TypeAlias = (
        bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"] | None
    )
    """Anything that JSON can hold."""
else:
    JSON = Any  # cattrs cannot resolve an alias that names itself

R = TypeVar("R")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Effect(Generic[R]):
    """Is something to be done for a generator, which is sent an ``R`` in answer.

    Write ``answer = yield from effect``: its type is then known to checkers.
    """

    __slots__ = ()

    def __iter__(self) -> Generator[Self, Any, R]:
        """Yields this effect and returns its answer."""
        answer: R = yield self
        return answer


@frozen
class File:
    """Names bytes on disk to be streamed as a request's content.

    ``start`` and ``length`` are in bytes; ``sha256`` is that of the whole file.
    """

    path: str
    start: int
    length: int
    sha256: str


def _line(_: Multipart, attribute: Attribute[str], value: str) -> None:
    if not value.isprintable():
        msg = f"{attribute.name} of a form: {value!r} is no line of text"
        raise ValueError(msg)


@frozen
class Multipart:
    """Is a file as a field of a form (multipart/form-data), streamed as the content.

    ``name`` is the field's; ``filename`` and ``type`` are what it says of the file.
    """

    name: str = field(validator=_line)
    file: File
    filename: str = field(validator=_line)
    type: str = field(validator=_line)

    @property
    def content_type(self) -> str:
        """The type of the whole, with what stands between its parts."""
        return f"multipart/form-data; boundary={self._boundary}"

    @property
    def head(self) -> bytes:
        """What goes before the file's bytes."""
        name, filename = _quoted(self.name), _quoted(self.filename)
        lines = (
            f"--{self._boundary}",
            f"Content-Disposition: form-data; name={name}; filename={filename}",
            f"Content-Type: {self.type}",
            "",
            "",
        )
        return "\r\n".join(lines).encode()

    @property
    def tail(self) -> bytes:
        """What goes after them."""
        return f"\r\n--{self._boundary}--\r\n".encode()

    @property
    def length(self) -> int:
        """The bytes of the whole."""
        return len(self.head) + self.file.length + len(self.tail)

    @property
    def _boundary(self) -> str:
        # the same for the same file, and in no file: none holds its own digest
        return hashlib.sha256(repr(self.file).encode()).hexdigest()[:32]


def _quoted(text: str) -> str:
    escaped = text.replace('"', "%22")
    return f'"{escaped}"'


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _whole(parsed: object) -> str:
    """Writes JSON again without half characters, which no file or journal takes.

    A vendor's text that was cut in the middle of an emoji ends in one.
    """
    text = _json.dumps(parsed, ensure_ascii=False)
    return text.encode(errors="replace").decode()


def _shown(value: object) -> str:
    return unsigned(repr(value))


def _texts(name: str, values: Mapping[str, object], kinds: type | UnionType) -> None:
    for value in (*values, *values.values()):
        if not isinstance(value, kinds):
            msg = f"{name}: {value!r} is not text"
            raise TypeError(msg)


@frozen
class Response:
    """Is a gateway's complete answer: status, headers in lower case, body bytes."""

    status: int
    headers: Mapping[str, str] = field(factory=dict, converter=_lowered)
    body: bytes = field(default=b"", repr=_shown)

    def json(self) -> JSON:
        """Returns the body as JSON; raises ``BadReply`` where it is none."""
        try:
            parsed: JSON = _json.loads(_whole(_json.loads(self.body)))
        except (ValueError, RecursionError) as error:
            kind = self.headers.get("content-type", "no declared type")
            message = f"The gateway answered {self.status} without JSON ({kind})."
            raise BadReply(message, paths=("reply",)) from error
        return parsed

    def into(self, cls: type[T]) -> T:
        """Returns the body as a ``cls``; raises ``BadReply`` naming what is missing."""
        return replies.read(self.json(), cls, source=f"The gateway ({self.status})")


@frozen
class Request(Effect[Response]):
    """Is one HTTP exchange to be had: a value, equal by value, without any secret.

    ``headers`` may hold a :class:`~shotcaller.secret.Secret` only in what
    ``shotcaller_authorize`` returns. At most one of ``json`` and ``content`` is set.
    """

    method: str
    url: str = field(repr=_shown)
    params: Mapping[str, str] = field(factory=dict, kw_only=True)
    headers: Mapping[str, str | Secret] = field(factory=dict, kw_only=True)
    json: JSON = field(default=None, kw_only=True)
    content: bytes | File | Multipart | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.json is not None and self.content is not None:
            msg = f"a request to {self.url} has both json and content"
            raise ValueError(msg)
        _texts("params", self.params, str)
        _texts("headers", self.headers, str | Secret)
        _json.dumps(self.json, allow_nan=False)  # or it could not be recorded

    def with_headers(self, **headers: str | Secret) -> Request:
        """Returns the same request with headers added; ``_`` in a name means ``-``."""
        added = {name.replace("_", "-"): value for name, value in headers.items()}
        return evolve(self, headers={**self.headers, **added})


@frozen
class Aside(Effect["Response | None"]):
    """Is a free question on the side, whose answer is welcome but not needed.

    The answer is None where there is none, or none that is an answer: a plugin asks so
    for what belongs on a receipt, and a gateway's trouble there keeps no clip back.
    """

    request: Request


@frozen(init=False)
class Work(Effect[R]):
    """Is a call on this machine, given a folder private to the take.

    The folder is the call's first argument, exists, and stays until the take ends.
    What the call raises is raised at the ``yield``.
    """

    call: Callable[..., R]
    args: tuple[Any, ...]

    def __init__(self, call: Callable[[Path, *Ts], R], *args: *Ts) -> None:
        object.__setattr__(self, "call", call)  # as attrs does for what is frozen
        object.__setattr__(self, "args", args)


Asked: TypeAlias = Request | Aside | Work[Any]
"""What a plugin may yield."""

Exchange: TypeAlias = Generator[Asked, Any, T]
"""What a plugin's operation is: it yields requests or work, and returns a ``T``."""
