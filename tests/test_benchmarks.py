"""The tables of the benchmarks judge what was measured."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from benchmarks import download, posts
from benchmarks.__main__ import NAMES, main
from benchmarks.buying import Bought
from benchmarks.tables import Row, compared


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (Row("a", "b", 3, 2), True),
        (Row("a", "b", 3, 2, most=3), True),
        (Row("a", "b", 3, 2, most=2.9), False),
        (Row("a", "b", 3, 2, ratio=1.5), True),
        (Row("a", "b", 3, 2, ratio=1.4), False),
        (Row("a", "b", 3, 2, most=3, ratio=1.4), False),
        (Row("a", "b", 3, None, ratio=1.5), False),
        (Row("a", "b", 3, 0, ratio=1.5), False),
    ],
)
def test_a_promise_is_kept_only_within_all_its_bounds(row: Row, kept: bool) -> None:
    assert row.kept is kept
    assert compared("t", [row]).broken == (not kept)


def test_a_table_shows_both_figures_their_ratio_and_the_promise() -> None:
    table = compared(
        "Title",
        [
            Row("ours", "theirs", 1, 4, "s", ratio=0.2),
            Row("alone", "nothing", 2.5, None, "MB", most=3),
        ],
        "As measured.",
    )

    assert str(table).splitlines() == [
        "Title",
        "",
        "measured  against  ours    theirs  ratio  promise",
        "ours      theirs   1 s     4 s     0.25   ratio at most 0.2: NOT KEPT",
        "alone     nothing  2.5 MB  -       -      at most 3 MB: kept",
        "",
        "As measured.",
    ]


@pytest.mark.parametrize(
    ("client", "posts_", "jobs", "kept"),
    [
        ("shotcaller, fal", 1, 1, True),
        ("shotcaller, fal", 2, 2, False),
        ("shotcaller, fal", 2, 1, False),
        ("shotcaller, heygen v3", 6, 1, True),
        ("shotcaller, heygen v3", 6, 2, False),
        ("fal-client", 10, 10, True),
    ],
)
def test_a_second_submit_breaks_the_promise_and_so_does_a_second_job_under_a_key(
    client: str, posts_: int, jobs: int, kept: bool
) -> None:
    assert posts.kept(client, [Bought(1, 1), Bought(posts_, jobs)]) is kept


def test_a_table_that_is_not_there_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["pots"]) == 2
    assert capsys.readouterr().out == (f"no table pots; there are {', '.join(NAMES)}\n")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells how much")
def test_a_large_clip_is_measured_beside_itself() -> None:
    table = download.table(8)

    (line,) = table.lines
    assert line[:2] == ("memory over the baseline", "the whole clip")
    assert line[3] == "8 MiB"
    assert line[5] == "at most 64 MiB: kept"
    assert table.broken == 0


def test_every_table_is_described_and_each_description_has_its_table() -> None:
    page = Path(__file__).parents[1] / "docs" / "explanation" / "benchmarks.md"
    heads = re.findall(r"^## (\w+): ", page.read_text("utf-8"), re.MULTILINE)

    assert tuple(heads) == NAMES
