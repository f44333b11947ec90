from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shotcaller.catalog import Quote
from shotcaller.plugin import FREE, Lengths, Price, Rate, Surcharge, Unit
from shotcaller.take import Cost, Footage
from shotcaller_cli import screen, words

DAY = date(2026, 1, 1)
D1 = Decimal(1)
AT_720P = {"resolution": "720p"}


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("1.5", "$1.50"),
        ("0.004", "$0.004"),
        ("0.4051", "$0.406"),
        ("0.20000000001", "$0.20"),
        ("1.9098", "$1.91"),
        ("1234.5678", "$1234.57"),
    ],
)
def test_an_amount_has_cents_and_below_a_dollar_one_digit_more(
    amount: str, text: str
) -> None:
    assert text == words.usd(Decimal(amount))


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (Cost(Decimal(1), Decimal(2)), "$2.00 billed"),
        (Cost(Decimal(1), Decimal(0)), "free"),
        (Cost(Decimal(1)), "$1.00 quoted"),
        (Cost(Decimal(0)), "free"),
        (Cost(None), "price unknown"),
    ],
)
def test_what_was_billed_goes_before_what_was_quoted(cost: Cost, text: str) -> None:
    assert text == words.cost(cost)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        (Quote(Decimal(1), Decimal(2), Decimal(3)), "$1.00 to $3.00"),
        (Quote(Decimal(1), Decimal(1), Decimal(1)), "$1.00"),
        (Quote(Decimal(0), Decimal(0), Decimal(0)), "free"),
        (Quote(None, None, None), "price unknown"),
    ],
)
def test_a_quote_is_a_range_where_it_is_one(quote: Quote, text: str) -> None:
    assert text == words.quote(quote)


def test_a_price_names_each_unit() -> None:
    rates = [Rate("0.2"), Rate("0.1"), Rate("3", Unit.CLIP)]

    assert words.price(Price(rates, "", date(2026, 1, 1))) == (
        "$0.10 to $0.20 per second, $3.00 per clip"
    )


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (Price(FREE, "", DAY), "free"),
        (Price([Rate("0.000014", Unit.TOKEN)], "", DAY), "$14.00 per million tokens"),
        (
            Price(
                [
                    Rate("0.0000084", Unit.TOKEN, when=AT_720P, pixels=1280 * 736),
                    Rate("0.000014", Unit.TOKEN, when=AT_720P, pixels=1280 * 736),
                    Rate("0.000014", Unit.TOKEN, when={"resolution": "4k"}, pixels=9),
                    Rate("0.000014", Unit.TOKEN, when=AT_720P),
                ],
                "",
                DAY,
            ),
            (
                "$8.40 to $14.00 per million tokens,"
                " about $0.19 to $0.31 per second at 720p"
            ),
        ),
        (Price(FREE, "", DAY, (Surcharge("0.08"),)), "$0.00 per clip"),
        (None, "unknown"),
    ],
)
def test_a_price_is_never_rounded_to_nothing(price: Price | None, text: str) -> None:
    assert words.price(price) == text


@pytest.mark.parametrize(
    ("offered", "text"),
    [
        (Lengths(4, 12, 1), "4 to 12 s"),
        (Lengths.of(4, 8), "4 or 8 s"),
        (Lengths(4, 8, asked=False), "4 to 8 s, as it decides"),
    ],
)
def test_lengths_are_told_in_short(offered: Lengths, text: str) -> None:
    assert words.lengths(offered) == text


@pytest.mark.parametrize(
    ("footage", "text"),
    [
        (Footage("x.mp4", 12_345, ""), "12 kB"),
        (
            Footage("x.mp4", 12_345_678, "", 2.5, 64, 36, 24.0, sound=True),
            "64x36, 2.50 s, 24 fps, with sound, 12.3 MB",
        ),
    ],
)
def test_a_clip_is_described_as_far_as_its_file_tells(
    footage: Footage, text: str
) -> None:
    assert text == words.footage(footage)


def test_time_is_minutes_and_seconds() -> None:
    assert words.span(3_725.9) == "62:05"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\u202eb\x9bc", "a\\u202eb\\x9bc"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("  kept [bold]", "  kept [bold]"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("lone \udcff", "lone \\udcff"),
    ],
)
def test_nothing_is_printed_that_a_terminal_obeys(text: str, shown: str) -> None:
    assert shown == screen.safe(text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        (Quote(None, None, None), ""),
        (Quote(D1, D1, D1, rate=Decimal("0.20"), per="second", seconds=5), "$0.20/s"),
        (Quote(D1, D1, D1, rate=Decimal(1), per="clip"), "$1.00/clip"),
        (Quote(D1, D1, D1, rate=Decimal("1E-5"), per="token", seconds=5), "$0.20/s"),
    ],
)
def test_tokens_are_shown_as_what_a_second_costs(quote: Quote, text: str) -> None:
    assert words.rate(quote) == text
