"""Drives a plugin's generator: free questions, and the one request that spends."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Generic, TypeVar

from attrs import frozen

from shotcaller.effects import Do, Lost, Program, Send, Unsent
from shotcaller.errors import PluginError, Unanswered
from shotcaller.pacing import retry_after
from shotcaller.wire import Aside, Asked, Exchange, Request, Response, Work

T = TypeVar("T")

TOO_MANY = 429
ASK_AGAIN = frozenset({401, 403, 408, 425, TOO_MANY})
"""The statuses that, like all 5xx, do not answer a free question."""


@frozen
class Returned(Generic[T]):
    """Is how an exchange ended, where it could have yielded a request instead."""

    value: T


def question(
    gateway: str,
    exchange: Exchange[T],
    take: str | None,
    verdicts: Collection[str] = (),
) -> Program[T]:
    """Returns the answer to a free question, however many requests it takes.

    Raises ``Unanswered`` where the transport failed or the status is no answer, and
    whatever the plugin raises. Whatever bears one of the headers ``verdicts`` is an
    answer.
    """
    step = yield from onward(exchange, None, take, gateway)
    while isinstance(step, Request):
        answer = _usable(gateway, (yield from Send(gateway, step)), verdicts)
        step = yield from onward(exchange, answer, take, gateway)
    return step.value


def onward(
    exchange: Exchange[T],
    answer: Response | None,
    take: str | None,
    gateway: str | None = None,
) -> Program[Request | Returned[T]]:
    """Sends an answer in, does the work asked for, returns the next request or the end.

    The first call sends None. Questions on the side are put to ``gateway``; without
    one there are none, as before a spend.
    """
    go_on: Callable[[], Asked] = partial(exchange.send, answer)
    while True:
        try:
            asked = go_on()
        except StopIteration as stop:
            return Returned(stop.value)
        except SystemExit as error:  # a plugin does not end the program
            message = f"A plugin wanted to exit ({error.code})."
            raise PluginError(message, "Report this to its author.") from error
        if isinstance(asked, Request):
            return asked
        if isinstance(asked, Aside) and gateway is not None:
            told = _welcome((yield from Send(gateway, asked.request)))
            go_on = partial(exchange.send, told)
            continue
        work = _work(asked)
        try:
            done = yield from Do(work, take)
        except Exception as error:  # noqa: BLE001  the plugin's to know
            go_on = partial(exchange.throw, error)
        else:
            go_on = partial(exchange.send, done)


def _work(asked: object) -> Work[Any]:
    if isinstance(asked, Work):
        return asked
    message = f"A plugin yielded {asked!r}, which is no request and no work here."
    raise PluginError(message, "Report this to its author.")


def _welcome(answer: Response | Unsent | Lost) -> Response | None:
    if isinstance(answer, Response) and answer.status < 300:  # noqa: PLR2004  2xx
        return answer
    return None


def _usable(
    gateway: str, answer: Response | Unsent | Lost, verdicts: Collection[str]
) -> Response:
    if not isinstance(answer, Response):
        raise Unanswered(f"{gateway} gave no answer ({answer.reason}).")
    broken = answer.status >= 500  # noqa: PLR2004  what HTTP calls server errors
    meant = bool(answer.headers.keys() & set(verdicts))
    if (broken or answer.status in ASK_AGAIN) and not meant:
        message = f"{gateway} answered {answer.status}."
        busy = answer.status == TOO_MANY
        raise Unanswered(message, wait=retry_after(answer.headers), busy=busy)
    return answer
