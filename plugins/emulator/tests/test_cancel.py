"""A job that waits is removed, one that runs is stopped, one that is over is over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shotcaller_emulator.fal import Fate


def test_a_job_that_waits_is_removed_and_not_billed(ask: Any) -> None:
    job = ask.submit()
    said = ask("PUT", job["cancel_url"])
    again = ask("PUT", job["cancel_url"])
    status = ask.status(job, "?logs=1").json()
    result = ask("GET", job["response_url"])

    assert (said.status, said.json()) == (200, {"success": True})
    assert (again.status, again.json()) == (400, {"status": "ALREADY_COMPLETED"})
    assert (status["status"], status["logs"]) == ("COMPLETED", [])
    assert status["error_type"] == "client_cancelled"
    assert result.status == 499
    assert result.headers["x-fal-error-type"] == "client_cancelled"
    assert result.json() == {
        "detail": "The request was cancelled by the client.",
        "error_type": "client_cancelled",
    }
    (line,) = ask.vendor.settled
    assert (line.state, line.billed) == ("cancelled", 0)


def test_a_job_that_runs_is_stopped_and_billed(ask: Any) -> None:
    job = ask.submit(duration="4s")
    ask.pass_(10)
    said = ask("PUT", job["cancel_url"])

    assert (said.status, said.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
    assert ask("GET", job["response_url"]).status == 499
    (line,) = ask.vendor.ledger
    assert (line.state, line.billed) == ("cancelled", Decimal("0.6"))


def test_a_deaf_job_goes_on(ask: Any) -> None:
    ask.vendor.script("job", Fate(deaf=True))
    job = ask.submit()
    ask.pass_(10)
    said = ask("PUT", job["cancel_url"])
    still = ask.status(job).json()["status"]
    ask.pass_(60)

    assert (said.status, still) == (202, "IN_PROGRESS")
    assert ask("GET", job["response_url"]).status == 200
    assert ask.vendor.ledger[0].state == "done"
