"""Words every way to fail: one sentence, what to do next, an exit code."""

from __future__ import annotations

import traceback

import click

from shotcaller import documents, refusals
from shotcaller.accounts import secrets
from shotcaller.errors import BadInput, NothingFits, ShotcallerError
from shotcaller.redaction import redacted
from shotcaller.refusals import Refusal
from shotcaller_cli import screen
from shotcaller_cli.session import Session

UNFORESEEN = 1
"""The exit code for what nobody foresaw."""


class Interrupted(ShotcallerError):
    """Says that the wait was interrupted; a take that was sent is kept."""

    code = "interrupted"
    exit_code = 130


class Terminated(Interrupted):
    """Says that this process was asked to end."""

    exit_code = 143


class Unforeseen(ShotcallerError):
    """Says that something broke that should not have, here or in a plugin."""

    code = "unforeseen"
    exit_code = UNFORESEEN
    repeat_safe = False


def told(raised: Exception, session: Session) -> int:
    """Tells a failure, as a document if one was asked for; returns the exit code."""
    error = worded(raised)
    if session.debug:
        screen.say_as_is(_traced(raised, session))
    for line in lines(error):
        screen.say(line)
    if session.json:
        screen.answer_document(documents.error(error))
    return error.exit_code


def _traced(raised: Exception, session: Session) -> str:
    trace = "".join(traceback.format_exception(raised))
    try:
        keys = secrets(session.registry.gateways, session.settings.keys)
    except ShotcallerError:  # that they cannot be read is what is told
        return trace
    return redacted(trace, keys)


def worded(raised: Exception) -> ShotcallerError:
    """Returns whatever was raised as an error that says what to do next."""
    if isinstance(raised, ShotcallerError):
        return raised
    if isinstance(raised, click.Abort):
        return Interrupted(
            "Interrupted.", "`shotcaller takes` shows what is on record."
        )
    if isinstance(raised, click.ClickException):
        return _misused(raised)
    message = f"Sorry, this should not happen: {type(raised).__name__}: {raised}"
    hint = "`shotcaller takes` shows what is on record;"
    hint += " SHOTCALLER_DEBUG=1 shows where it broke."
    return Unforeseen(message, hint, charged="unknown")


def _misused(raised: click.ClickException) -> BadInput:
    context = getattr(raised, "ctx", None)
    path = context.command_path if context is not None else "shotcaller"
    return BadInput(raised.format_message(), f"See `{path} --help`.")


def lines(error: ShotcallerError) -> list[str]:
    """Returns an error line by line: what happened, the reasons, what to do next."""
    found = [f"error: {_as_typed(error)}"]
    hints = [error.next] if error.next else []
    if isinstance(error, NothingFits):
        found += [f"  {line}" for line in refusals.summary(error.refused)]
        hints += _keys(error)
    return found + [f"next: {hint}" for hint in hints]


_TYPED = {"last_image": "--last-image", "intent": "--for", "remote_id": "REMOTE_ID"}
"""What fields are called on the command line, where that is not their name."""


def _as_typed(error: ShotcallerError) -> str:
    """Returns the message with the field's name as it is on the command line."""
    name = error.field if isinstance(error, BadInput) else ""
    if name in _TYPED and error.message.startswith(f"{name}:"):
        return f"{_TYPED[name]}{error.message.removeprefix(name)}"
    return error.message


def _keys(error: NothingFits) -> list[str]:
    """Returns which keys would help: those that alone are missing."""
    alone = [one.reasons[0].message for one in error.refused if _only_a_key(one)]
    return [f"{message}." for message in dict.fromkeys(alone)]


def _only_a_key(refusal: Refusal) -> bool:
    return {reason.code for reason in refusal.reasons} == {"no-key"}
