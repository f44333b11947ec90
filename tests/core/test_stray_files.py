"""A file of this machine in an option would go out as text, so it is refused."""

from __future__ import annotations

import pytest
from attrs import evolve

from shotcaller import Brief, Shot
from shotcaller.catalog import strays
from shotcaller.fitting import reasons
from shotcaller.plugin import JSON, Form, Option
from tests.core.offers import capable, gateway, model, offer

OPTIONS = (
    Option("mask_url", "a mask", form=Form.TEXT),
    Option("image_urls", "pictures", form=Form.LIST),
    Option("elements", "who is seen", form=Form.LIST),
    Option("style", "a word", form=Form.TEXT),
)
CAN = model(capabilities=capable(options=OPTIONS))


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("mask_url", "./mask.png", ["./mask.png"]),
        ("mask_url", "/tmp/mask.png", ["/tmp/mask.png"]),
        ("mask_url", "file:///mask.png", ["file:///mask.png"]),
        ("mask_url", r"C:\mask.png", [r"C:\mask.png"]),
        ("mask_url", "https://a.example/mask.png", []),
        ("mask_url", "HTTP://a.example/mask.png", []),
        ("mask_url", "data:image/png;base64,AAAA", []),
        ("mask_url", None, []),
        ("image_urls", ["https://a.example/1.png", "2.png"], ["2.png"]),
        ("elements", [{"frontal_image_url": "a.png", "name": "b.png"}], ["a.png"]),
        ("style", "./mask.png", []),
        ("curl", "tight", []),
    ],
)
def test_where_an_address_is_wanted_nothing_else_goes(
    name: str, value: JSON, found: list[str]
) -> None:
    assert [text for _, text in strays(name, value)] == found


def test_a_path_in_an_option_is_a_reason_that_names_it() -> None:
    shot = Shot("a fox", options={"paper": {"mask_url": "./mask.png"}})

    (reason,) = reasons(offer(CAN), shot, Brief())

    assert reason.code == "option"
    assert reason.message == (
        "option mask_url: './mask.png' is no address, and files on this machine are no"
        " options: give it as a picture or a reference"
    )


def test_a_model_that_is_not_listed_is_held_to_it_as_well() -> None:
    shot = Shot("a fox", options={"paper": {"anything_url": "mask.png"}})
    unlisted = evolve(CAN, listed=False, id="paper:one")

    found = [one.code for one in reasons(offer(unlisted), shot, Brief())]

    assert "option" in found


def test_a_gateway_on_this_machine_may_read_its_files() -> None:
    local = evolve(offer(CAN).account, gateway=gateway(api_hosts=(), uploads=()))
    shot = Shot("a fox", options={"paper": {"mask_url": "./mask.png"}})

    assert reasons(offer(CAN, account=local), shot, Brief()) == ()
