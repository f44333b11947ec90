"""Takes in doubt: listed, adopted, made anew, given up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from shotcaller.plugin import (
    Done,
    Exchange,
    Failed,
    Running,
    Status,
    Take,
    Ticket,
    Work,
    hookimpl,
)

WAYS = (
    "next: `shotcaller resume TAKE` looks for it at its gateway, where that can be"
    " asked;\n"
    "next: `shotcaller adopt TAKE ID` goes on with it as the gateway's job of that"
    " id;\n"
    "next: `shotcaller retake TAKE` pays anew;\n"
    "next: `shotcaller discard TAKE` gives it up.\n"
)


@pytest.fixture
def lost(command: Any, vendor: Any, studio: Any) -> str:
    """A take that the vendor hung up on; afterwards it knows the jobs asked about."""
    return _lost(command, _remembering(vendor, studio))


@pytest.fixture
def listing(command: Any, vendor: Any, studio: Any) -> str:
    """A take that the vendor hung up on, and that is in its list all the same."""

    class Listing(_remembering(vendor, studio)):  # type: ignore[misc]
        @hookimpl
        def shotcaller_find(self, take: Take) -> Exchange[Sequence[Ticket]]:
            yield from ()
            return [Ticket("vendor", take.model, "job-1")]

    return _lost(command, Listing)


def _remembering(vendor: Any, studio: Any) -> Any:
    clip = studio().movie

    class Remembering(type(vendor)):  # type: ignore[misc]
        said: Sequence[Status] = ()

        @hookimpl
        def shotcaller_ticket(self, take: Take, remote_id: str) -> Ticket:
            return Ticket("vendor", take.model, remote_id)

        @hookimpl
        def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
            if ticket.remote_id == "nope":
                return Failed("no such job", code="expired")
            return (yield from Work(self._look))

        def _look(self, folder: Path) -> Status:
            path = folder / "clip.mp4"
            path.write_bytes(clip)
            return Done(path=str(path))

    return Remembering


def _lost(command: Any, vendor: Any) -> str:
    command.install(vendor=vendor())
    done = command("generate", "A fox", "--yes", "--json")
    assert done.code == 5
    take: str = done.document["error"]["take"]
    return take


def test_an_uncertain_take_names_the_ways_out(command: Any, lost: str) -> None:
    done = command("resume", lost)

    assert done.code == 5
    assert done.err.endswith(
        f"next: It is not sent again. `shotcaller resume {lost}` looks for it, where"
        " the gateway can be asked, with `--wait 60` for a minute; `shotcaller adopt"
        f" {lost} ID` takes your word for which job it is, `shotcaller retake {lost}`"
        f" pays anew, `shotcaller discard {lost}` gives it up.\n"
    )


def test_uncertain_takes_are_listed_with_what_can_be_done(
    command: Any, lost: str, studio: Any
) -> None:
    done = command("takes", "--uncertain")
    document = command("takes", "--uncertain", "--json")

    assert done.code == 0
    assert done.out.splitlines()[1].startswith(f"{lost}  uncertain")
    assert done.err == WAYS
    assert [row["take"] for row in document.document] == [lost]
    assert document.err == WAYS
    both = command("takes", "--uncertain", "--state", "done")
    assert (both.code, both.err) == (
        2,
        "error: state: --uncertain is a state by itself; leave one of the two out.\n",
    )


def test_where_nothing_is_uncertain_nothing_is_to_be_done(command: Any) -> None:
    command("generate", "A fox")
    done = command("takes", "--uncertain")

    assert (done.code, done.out, done.err) == (0, "", "No take is uncertain.\n")


def test_adopt_brings_the_clip_of_the_job(command: Any, lost: str, place: Path) -> None:
    done = command("adopt", lost[:8], "job-1", "--output", "fox.mp4")

    assert (done.code, done.out) == (0, f"{place / 'fox.mp4'}\n")
    assert done.err.startswith(f"Take {lost} is now the job job-1 at vendor.\n")
    assert (place / "fox.mp4").stat().st_size > 0
    assert command("show", lost, "--json").document["state"] == "done"


def test_adopt_as_json_is_the_document_of_resume(command: Any, lost: str) -> None:
    document = command("adopt", lost, "job-1", "--json").document

    assert document["take"] == lost
    assert document["clip"]["bytes"] > 0
    assert document == command("resume", lost, "--json").document


def test_a_job_that_is_not_there_is_not_adopted(command: Any, lost: str) -> None:
    done = command("adopt", lost, "nope", "--json")

    assert done.code == 2
    error = done.document["error"]
    assert error["message"] == (
        "remote_id: vendor does not confirm the job nope: no such job."
    )
    assert error["charged"] == "unknown"
    assert command("show", lost, "--json").document["state"] == "uncertain"


def test_retake_says_what_may_be_billed_and_asks(command: Any, lost: str) -> None:
    done = command("retake", lost)

    assert done.code == 7
    assert done.err == (
        f"Take {lost} is uncertain; it may be billed as well, for up to $1.00, which"
        " nobody knows.\n"
        "warning: vendor/film retires on 2999-01-01; then use vendor/next\n"
        "This may cost up to $1.00 on vendor/film.\n"
        "error: The price was not agreed to, so nothing was sent.\n"
        "next: --yes agrees without asking.\n"
    )
    assert len(command("takes", "--json").document) == 1


def test_retake_pays_once_it_is_agreed_to(command: Any, lost: str) -> None:
    done = command("retake", lost, "--yes", "--json")
    again = command("retake", lost, "--json")

    new = done.document["error"]["take"]
    assert done.code == again.code == 5  # the vendor hangs up on every submit
    assert again.document["error"]["take"] == new != lost
    assert again.err.startswith(
        f"Take {new} was made anew beside {lost} already: nothing more is paid;"
        f" `shotcaller retake {new}` makes another.\n"
    )
    assert command("show", new, "--json").document["retakes"] == lost
    assert f"retakes  {lost}" in command("show", new).out
    assert f"made anew as take {new}" in command("show", lost).out


@pytest.mark.parametrize(
    ("price", "script", "said"),
    [
        (
            "0.40",
            [],
            "is done and paid for ($0.40 quoted); this pays for the shot once more.",
        ),
        ("0", [], "is done; nothing was charged for it."),
        ("0.40", [Failed("no ink", "no")], "failed; nothing was charged for it."),
    ],
)
def test_retake_of_what_is_over_says_what_it_cost(
    command: Any, studio: Any, price: str, script: Sequence[Status], said: str
) -> None:
    command.install(studio=studio(price=price, script=script))
    command("generate", "A fox", "--yes")
    (before,) = command("takes", "--json").document
    done = command("retake", before["take"], "--yes")

    assert done.code == 0
    assert done.err.startswith(f"Take {before['take']} {said}\n")
    assert len(command("takes", "--json").document) == 2


def test_retake_of_what_runs_is_refused(command: Any) -> None:
    command.studio.script = [Running(wait=60)]
    take = command("generate", "A fox", "--detach").out.strip()
    done = command("retake", take)

    assert done.code == 2
    assert done.err == (
        f"error: take: {take} is submitted, so it is not made anew.\n"
        f"next: `shotcaller resume {take}` goes on with it without paying again.\n"
    )


def test_discard_asks_first_and_says_what_it_may_cost(command: Any, lost: str) -> None:
    done = command("discard", lost)

    assert (done.code, done.out) == (7, "")
    assert done.err == (
        f"Take {lost} on vendor/film may be billed, for up to $1.00, and counts as"
        " spent; given up, it is looked for no more.\n"
        f"error: It was not agreed to, so take {lost} is kept.\n"
        "next: --yes agrees without asking.\n"
    )
    assert command("show", lost, "--json").document["state"] == "uncertain"


def test_discard(command: Any, lost: str) -> None:
    done = command("discard", lost, "--yes")
    document = command("discard", lost, "--json").document

    assert (done.code, done.out, done.err) == (
        0,
        f"Take {lost} is given up: $1.00 counted, charge unknown.\n",
        f"next: `shotcaller adopt {lost} ID` goes on with its job after all.\n",
    )
    assert "$1.00 counted, charge unknown" in command("show", lost).out
    assert "$1.00 counted, charge unknown" in command("takes").out
    assert document["state"] == "cancelled"
    assert document["attempts"][0]["charged"] == "unknown"
    assert command("takes", "--uncertain", "--json").document == []


def test_what_was_given_up_is_adopted_after_all(
    command: Any, lost: str, place: Path
) -> None:
    command("discard", lost, "--yes")
    done = command("adopt", lost, "job-1", "--output", "fox.mp4")

    assert (done.code, done.out) == (0, f"{place / 'fox.mp4'}\n")
    assert done.err.startswith(f"Take {lost} is now the job job-1 at vendor.\n")


def test_what_the_gateway_has_after_all_is_not_given_up(
    command: Any, listing: str
) -> None:
    done = command("discard", listing, "--yes")

    assert (done.code, done.out) == (6, "")
    assert done.err == (
        f"error: Take {listing} is not given up: vendor has it as the job job-1.\n"
        f"next: `shotcaller resume {listing}` brings the clip, `shotcaller cancel"
        f" {listing}` asks to stop it.\n"
    )
    assert command("resume", listing).code == 0


def test_discard_of_what_is_known_is_refused(command: Any) -> None:
    command("generate", "A fox")
    (take,) = command("takes", "--json").document
    done = command("discard", take["take"])

    assert done.code == 2
    assert done.err.startswith(f"error: take: {take['take']} is done, not uncertain.\n")
