from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from shotcaller import errors
from shotcaller.errors import (
    BadInput,
    BadReply,
    NothingFits,
    OverBudget,
    Refused,
    ShotcallerError,
    Unanswered,
)
from shotcaller.refusals import Reason, Refusal

TREE = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, ShotcallerError)
]
OWN_FIELDS: dict[str, dict[str, Any]] = {
    "BadInput": {"field": "ratio"},
    "NothingFits": {"refused": (Refusal("a/b", (Reason("ratio", "no"),)),)},
    "OverBudget": {"refused": (Refusal("a/b", (Reason("budget", "no"),)),)},
    "PluginError": {"plugin": "fal"},
    "Refused": {"reason": "content"},
    "BadReply": {"paths": ("reply.id",)},
    "Unanswered": {"wait": 3.0},
}
CODES = {
    "ShotcallerError": ("error", 4, True),
    "BadInput": ("bad-input", 2, True),
    "NothingFits": ("nothing-fits", 3, True),
    "OverBudget": ("over-budget", 7, True),
    "JournalError": ("journal", 2, True),
    "PluginError": ("plugin", 4, True),
    "GatewayError": ("gateway", 4, True),
    "Refused": ("refused", 4, True),
    "TakeFailed": ("failed", 4, False),
    "BadReply": ("bad-reply", 4, True),
    "Unanswered": ("unanswered", 4, True),
    "Uncertain": ("uncertain", 5, False),
    "StillRunning": ("still-running", 6, True),
    "Undelivered": ("undelivered", 6, True),
    "Cancelled": ("cancelled", 4, True),
}


def filled(cls: type[ShotcallerError]) -> ShotcallerError:
    own = OWN_FIELDS.get(cls.__name__, {})
    return cls("It broke.", "Mend it.", "take-1", "unknown", **own)


def fields(error: ShotcallerError) -> dict[str, object]:
    names = [
        "message",
        "next",
        "take",
        "charged",
        *OWN_FIELDS.get(type(error).__name__, {}),
    ]
    return {name: getattr(error, name) for name in names}


each = pytest.mark.parametrize("cls", TREE, ids=lambda cls: cls.__name__)


@each
def test_an_error_can_be_pickled_with_all_it_holds(cls: type[ShotcallerError]) -> None:
    error = filled(cls)

    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        back = pickle.loads(pickle.dumps(error, protocol))
        assert type(back) is cls
        assert fields(error) == fields(back)
        assert str(error) == str(back)


@each
def test_an_error_can_be_copied(cls: type[ShotcallerError]) -> None:
    error = filled(cls)

    for back in (copy.copy(error), copy.deepcopy(error)):
        assert type(back) is cls
        assert fields(error) == fields(back)


@each
def test_an_error_has_its_code_exit_code_and_word_on_repeats(
    cls: type[ShotcallerError],
) -> None:
    assert CODES[cls.__name__] == (cls.code, cls.exit_code, cls.repeat_safe)


@each
def test_an_error_is_its_sentence_and_what_to_do_next(
    cls: type[ShotcallerError],
) -> None:
    assert str(cls("It broke.", "Mend it.")) == "It broke. Mend it."
    assert str(cls("It broke.")) == "It broke."


@pytest.mark.parametrize("cls", [NothingFits, OverBudget])
def test_where_nothing_fits_every_model_has_its_reasons(cls: type[NothingFits]) -> None:
    ratio, sound = Reason("ratio", "does not offer 1:1"), Reason("sound", "is mute")
    refused = (Refusal("a/b", (ratio, sound)), Refusal("c/d", (ratio,)))

    error = cls("Nothing fits.", "Ask for less.", refused=refused)

    assert str(error) == (
        "Nothing fits.\n"
        "  c/d: does not offer 1:1\n"
        "  a/b: does not offer 1:1; is mute\n"
        "Ask for less."
    )


@each
def test_an_error_says_that_nothing_was_charged_unless_told(
    cls: type[ShotcallerError],
) -> None:
    plain = cls("It broke.")

    assert plain.charged == "no"
    assert plain.take is None
    assert plain.next == ""


@each
def test_the_tree_is_drawn_in_the_modules_docstring(
    cls: type[ShotcallerError],
) -> None:
    assert cls.__name__ in (errors.__doc__ or "")


def test_every_error_has_a_code_of_its_own() -> None:
    assert len(TREE) == len({cls.code for cls in TREE})
    assert {cls.__name__ for cls in TREE} == set(CODES)


def test_errors_are_equal_only_to_themselves_and_can_be_raised() -> None:
    error = BadInput("It broke.", field="ratio")

    assert error != BadInput("It broke.", field="ratio")
    with pytest.raises(BadInput, match=r"^It broke\.$") as caught:
        raise error
    assert caught.value is error


def test_an_error_can_carry_a_cause_and_notes() -> None:
    error = Refused("No.")
    error.add_note("noted")

    with pytest.raises(Refused) as caught:
        raise error from KeyError("why")

    assert isinstance(caught.value.__cause__, KeyError)
    assert caught.value.__notes__ == ["noted"]


def test_what_an_error_holds_by_itself_is_empty_unless_told() -> None:
    assert BadInput("a").field == ""
    assert NothingFits("a").refused == ()
    assert Refused("a").reason == "refused"
    assert BadReply("a").paths == ()
    assert Unanswered("a").wait is None
