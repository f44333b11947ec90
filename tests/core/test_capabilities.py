from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given

from shotcaller.catalog import (
    Capabilities,
    Form,
    Lengths,
    Operation,
    Option,
    Pictures,
)
from shotcaller.errors import BadInput
from shotcaller.shot import Kind
from tests.core import offerings

NAME = Option("name", "What to call them", form=Form.TEXT)
AGE = Option("age", "In years", form=Form.WHOLE, high=150)
PERSON = Option("person", "Who it is", form=Form.TABLE, fields=(NAME, AGE))
PEOPLE = Option("people", "Who is there", form=Form.LIST, each=PERSON)


def capable(**changes: Any) -> Capabilities:
    return Capabilities(
        **{"operations": {Operation.TEXT}, "seconds": Lengths(1, 10), **changes}
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"ratios": ("16:9", "wide")}, "ratios: 'wide' is not a ratio such as 16:9."),
        (
            {"default_ratio": "auto"},
            "default_ratio: 'auto' is not a ratio such as 16:9.",
        ),
        (
            {"resolutions": ("HD",)},
            "resolutions: 'HD' is not a resolution such as 720p or 4k.",
        ),
        (
            {"default_resolution": "2K"},
            "default_resolution: '2K' is not a resolution such as 720p or 4k.",
        ),
    ],
)
def test_a_model_offers_only_what_can_be_asked_for(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        capable(**fields)

    assert caught.value.message == message


def test_a_models_usual_length_is_one_that_it_offers() -> None:
    assert capable(default_seconds=5).default_seconds == 5
    with pytest.raises(
        ValueError, match=r"^default_seconds 11 is not among 1 to 10 s$"
    ):
        capable(default_seconds=11)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"operations": ()}, "operations: a model starts from something"),
        ({"operations": {"txet"}}, "'txet' is not a valid Operation"),
        ({"references": {Kind.IMAGE: -1}}, "references: -1 is no number for image"),
        ({"references": {"picture": 1}}, "'picture' is not a valid Kind"),
        ({"media_bytes": {Kind.SOUND: -5}}, "media_bytes: -5 is no number for sound"),
        ({"most_references": -1}, "'most_references' must be >= 0: -1"),
        ({"prompt": 0}, "'prompt' must be >= 1: 0"),
        ({"cuts": -1}, "'cuts' must be >= 0: -1"),
        (
            {"options": (Option("b", ""), Option("a", ""), Option("b", ""))},
            "options: b is there twice",
        ),
    ],
)
def test_abilities_that_make_no_sense_are_refused(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  compared below
        capable(**fields)

    assert str(caught.value) == message


def test_words_of_abilities_become_what_they_stand_for() -> None:
    made = capable(operations=["image"], references={"sound": 2})

    assert [type(one) for one in made.operations] == [Operation]
    assert [type(one) for one in made.references] == [Kind]


@pytest.mark.parametrize(
    ("option", "value", "wrong"),
    [
        (Option("o", "", (1, "a")), 1, ""),
        (Option("o", "", (1, "a")), 1.0, ""),
        (Option("o", "", (1, "a")), True, "is not one of 1, 'a'"),
        (Option("o", "", (True,)), 1, "is not one of True"),
        (Option("o", ""), {"a": [None]}, ""),
        (Option("o", "", form=Form.FLAG), False, ""),
        (Option("o", "", form=Form.FLAG), 0, "is not true or false"),
        (Option("o", "", form=Form.WHOLE), -3, ""),
        (Option("o", "", form=Form.WHOLE), 3.0, "is not a whole number"),
        (Option("o", "", form=Form.WHOLE), True, "is not a whole number"),
        (Option("o", "", form=Form.NUMBER), 3, ""),
        (Option("o", "", form=Form.NUMBER), 0.5, ""),
        (Option("o", "", form=Form.NUMBER), "3", "is not a number"),
        (Option("o", "", form=Form.NUMBER), False, "is not a number"),
        (Option("o", "", form=Form.TEXT), "", ""),
        (Option("o", "", form=Form.TEXT), None, "is not text"),
        (Option("o", "", form=Form.LIST), [1, "a"], ""),
        (Option("o", "", form=Form.LIST), "ab", "is not a list"),
        (Option("o", "", form=Form.LIST), {}, "is not a list"),
        (Option("o", "", form=Form.LIST, high=2), ["a", "b"], ""),
        (
            Option("o", "", form=Form.LIST, high=2),
            ["a", "b", "c"],
            "has 3 items, which is more than 2",
        ),
        (
            Option("o", "", form=Form.LIST, low=1),
            [],
            "has 0 items, which is less than 1",
        ),
        (Option("o", "", form=Form.LIST, each=NAME), [], ""),
        (
            Option("o", "", form=Form.LIST, each=NAME),
            ["a", 1],
            "has an item 2 that is not text",
        ),
        (Option("o", "", form=Form.TABLE), {"a": [1]}, ""),
        (Option("o", "", form=Form.TABLE), ["a"], "is not a table"),
        (PEOPLE, [{}, {"name": "Ann", "age": 150}], ""),
        (PEOPLE, ["Ann"], "has an item 1 that is not a table"),
        (
            PEOPLE,
            [{}, {"hat": "red"}],
            "has an item 2 that has an unknown field 'hat' (it takes name, age)",
        ),
        (
            PEOPLE,
            [{"name": "Ann", "age": 200}],
            "has an item 1 that has a field 'age' that is more than 150",
        ),
        (Option("o", "", low=1, high=2.5), 1, ""),
        (Option("o", "", low=1, high=2.5), 2.5, ""),
        (Option("o", "", low=1, high=2.5), 0.99, "is less than 1"),
        (Option("o", "", low=1, high=2.5), 3, "is more than 2.5"),
        (Option("o", "", low=1), 10**9, ""),
        (Option("o", "", high=1), -(10**9), ""),
        (Option("o", "", low=2), "a", ""),
        (Option("o", "", low=2), True, ""),
    ],
)
def test_an_option_says_what_is_wrong_with_a_value(
    option: Option, value: Any, wrong: str
) -> None:
    assert option.wrong(value) == wrong


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"low": 2, "high": 1}, "option o: no number is from 2 to 1"),
        ({"low": math.nan}, "option o: no number is from nan to inf"),
        ({"form": Form.TEXT, "low": 1}, "option o: text has no bounds"),
        ({"form": Form.FLAG, "high": 1}, "option o: true or false has no bounds"),
        (
            {"form": Form.TEXT, "choices": ("a", 1)},
            "option o: the choice 1 is not text",
        ),
        ({"low": 2, "choices": (2, 1)}, "option o: the choice 1 is less than 2"),
    ],
)
def test_an_option_that_no_value_suits_is_refused(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Option("o", "", **fields)

    assert str(caught.value) == message


@given(offerings.options())
def test_every_choice_of_an_option_is_right(option: Option) -> None:
    assert [
        option.wrong(choice) for choice in option.choices if option.wrong(choice)
    ] == []


def test_pictures_are_not_narrower_than_narrow() -> None:
    with pytest.raises(ValueError, match=r"no picture is from 2 to 1 wide"):
        Pictures(narrowest=2, widest=1)

    assert Pictures(narrowest=2).widest is None
