"""What may cost something is agreed to before it is sent, and is not paid twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from shotcaller import Shotcaller, Take
from shotcaller.plugin import Lifecycle, Model, hookimpl


def test_over_the_budget(command: Any, studio: Any) -> None:
    command.install(studio=studio(price="0.40"))
    done = command("generate", "A fox", "--budget", "0.10", "--json")

    assert done.code == 7
    assert done.document["error"]["code"] == "over-budget"
    assert "may cost $0.40, more than the budget of $0.10" in done.err


def test_the_price_is_shown_before_it_is_spent(command: Any, studio: Any) -> None:
    command.install(studio=studio(price="0.405"))
    done = command("generate", "A fox", "--yes")

    assert done.code == 0
    first, *_ = done.err.splitlines()
    assert first == "This may cost up to $0.405 on studio/one."


def test_what_is_over_is_warned_of_before_it_is_paid(command: Any, studio: Any) -> None:
    over = Lifecycle(date(2026, 1, 31), "studio/two")
    command.install(studio=studio(price="0.40", lifecycle=over))
    done = command("generate", "A fox", "--model", "studio/one", "--yes")

    assert done.code == 0
    assert done.err.startswith(
        "warning: studio/one retired on 2026-01-31; then use studio/two\n"
        "This may cost up to $0.40 on studio/one.\n"
    )


def test_a_placeholder_is_told_to_be_one_before_it_is_made(
    command: Any, studio: Any
) -> None:
    class Sketchpad(studio):  # type: ignore[misc]
        @hookimpl
        def shotcaller_models(self) -> Sequence[Model]:
            (made,) = super().shotcaller_models()
            return [evolve(made, artificial=False)]

    command.install(studio=Sketchpad())
    done = command("generate", "A fox", "--new")
    draft = command("generate", "A fox", "--new", "--for", "draft")
    named = command("generate", "A fox", "--new", "--model", "studio/one")

    assert done.code == 0
    assert done.err.startswith(
        "warning: studio/one is no AI model; it leads because none can take the shot\n"
    )
    assert "warning" not in draft.err
    assert "it leads" not in named.err


def test_what_nobody_agreed_to_is_not_spent(command: Any, studio: Any) -> None:
    paid = studio(price="0.40")
    command.install(studio=paid)
    done = command("generate", "A fox", "--json")

    assert (done.code, paid.submits) == (7, 0)
    assert done.document["error"]["code"] == "over-budget"
    assert done.err == (
        "This may cost up to $0.40 on studio/one.\n"
        "error: The price was not agreed to, so nothing was sent.\n"
        "next: --budget sets a limit, --yes agrees without asking.\n"
    )


def test_a_budget_agrees_to_a_price(command: Any, studio: Any) -> None:
    command.install(studio=studio(price="0.40"))
    done = command("generate", "A fox", "--budget", "1")

    assert done.code == 0
    assert done.err.startswith("This may cost up to $0.40 on studio/one.\n")


def test_a_budget_in_the_settings_agrees_to_a_price(
    command: Any, studio: Any, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text("budget = 0.50")
    command.install(studio=studio(price="0.40"))
    done = command("generate", "A fox")

    assert done.code == 0
    assert done.err.startswith("This may cost up to $0.40 on studio/one.\n")


def test_a_repeat_says_that_nothing_more_is_paid(command: Any, studio: Any) -> None:
    command.install(studio=studio(price="0.40"))
    take = command("generate", "A fox", "--yes", "--json").document["take"]
    done = command("generate", "A fox")

    assert done.code == 0
    assert done.err.startswith(
        f"Take {take} has this shot already: nothing more is paid;"
        " --new makes another.\n"
    )
    assert "may cost" not in done.err


def test_a_repeat_of_a_free_shot_says_so(command: Any) -> None:
    take = command("generate", "A fox", "--json").document["take"]
    done = command("generate", "A fox")

    assert done.err.startswith(
        f"Take {take} has this shot already; --new makes another.\n"
    )


def test_a_dearer_model_that_may_step_in_is_named(command: Any, studio: Any) -> None:
    command.install(first=studio("first"), second=studio("second", price="0.40"))
    done = command("generate", "A fox", "--for", "draft")

    assert done.code == 7
    assert done.err.startswith(
        "This is free on first/one;"
        " if another model has to step in, it may cost up to $0.40.\n"
    )


@pytest.mark.parametrize("policy", ["none", "ask"])
def test_nobody_is_priced_who_may_not_step_in(
    command: Any, studio: Any, policy: str
) -> None:
    first = studio("first", price="0.10")
    command.install(first=first, second=studio("second", price="0.40"))
    done = command("generate", "A fox", "--for", "draft", "--fallback", policy)

    assert done.err.startswith("This may cost up to $0.10 on first/one.\n")


def test_new_says_what_it_is_paid_beside(command: Any, studio: Any) -> None:
    paid = studio(price="0.40")
    command.install(studio=paid)
    take = command("generate", "A fox", "--yes", "--json").document["take"]
    unasked = command("generate", "A fox", "--new")
    done = command("generate", "A fox", "--new", "--yes")

    assert (unasked.code, done.code, paid.submits) == (7, 0, 2)
    assert unasked.err.startswith(
        f"Take {take} is done and paid for ($0.40 quoted); this pays for the shot once"
        " more.\n"
        "This may cost up to $0.40 on studio/one.\n"
    )


def test_a_repeat_of_what_is_in_doubt_names_what_finds_it(
    command: Any, vendor: Any
) -> None:
    command.install(vendor=vendor)
    lost = command("generate", "A fox", "--yes", "--json").document["error"]["take"]
    done = command("generate", "A fox")

    assert done.code == 5
    assert done.err.startswith(
        f"Take {lost} has this shot already, and may be billed for it: nothing more is"
        f" paid; `shotcaller resume {lost}` looks for it, `shotcaller retake {lost}`"
        " pays anew.\n"
    )


def test_an_unknown_price_wants_a_yes(command: Any, studio: Any) -> None:
    command.install(studio=studio(price=None))
    refused = command("generate", "A fox")
    done = command("generate", "A fox", "--yes")

    assert refused.code == 3
    assert "its price is unknown, which is not zero" in refused.err
    assert done.code == 0
    assert done.err.startswith("This costs an unknown amount on studio/one.\n")
    assert "price unknown" in done.err


class Hasty:
    """Presses Ctrl-C as soon as a take is on record."""

    @hookimpl
    def shotcaller_observe(self, take: Take) -> None:
        if take.state == "queued":
            raise KeyboardInterrupt


def _queued(command: Any, studio: Any) -> tuple[Any, Any]:
    """Returns a gateway with a price, and how a take of it stayed in the queue."""
    paid = studio(price="0.40")
    command.install(studio=paid, hasty=Hasty())
    done = command("generate", "A fox", "--yes", "--json")
    command.install(studio=paid)
    return paid, done


def test_ctrl_c_before_a_take_was_sent(command: Any, studio: Any) -> None:
    paid, done = _queued(command, studio)
    error = done.document["error"]
    take = error["take"]

    assert (done.code, paid.submits) == (130, 0)
    assert (error["charged"], error["repeat_safe"]) == ("no", True)
    assert done.err.endswith(
        f"error: Interrupted; take {take} on studio/one was not sent;"
        " nothing was charged.\n"
        f"next: `shotcaller resume {take}` sends it,"
        f" `shotcaller cancel {take}` drops it.\n"
    )


def test_a_take_that_was_not_sent_is_asked_about_again(
    command: Any, studio: Any
) -> None:
    paid, left = _queued(command, studio)
    take = left.document["error"]["take"]
    done = command("generate", "A fox")
    agreed = command("generate", "A fox", "--yes", "--json")

    assert (done.code, agreed.code, paid.submits) == (7, 0, 1)
    assert done.err.startswith(
        f"Take {take} has this shot already; --new makes another.\n"
        "This may cost up to $0.40 on studio/one.\n"
        "error: The price was not agreed to"
    )
    assert agreed.document["take"] == take


def test_resume_sends_what_was_not_sent(command: Any, studio: Any) -> None:
    paid, left = _queued(command, studio)
    done = command("resume", left.document["error"]["take"])

    assert (done.code, paid.submits) == (0, 1)


def test_cancel_drops_what_was_not_sent(command: Any, studio: Any) -> None:
    paid, left = _queued(command, studio)
    take = left.document["error"]["take"]
    done = command("cancel", take)

    assert (done.code, done.out) == (0, f"Take {take} is cancelled.\n")
    assert paid.submits == 0


def test_detach_says_that_a_take_still_waits_to_be_sent(
    command: Any, studio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, left = _queued(command, studio)
    take = left.document["error"]["take"]

    def submit(caller: Shotcaller, *_: object, **__: object) -> Take:
        return caller.chain(take)[-1]

    monkeypatch.setattr(Shotcaller, "submit", submit)
    done = command("generate", "A fox", "--detach", "--yes")

    assert (done.code, done.out) == (6, "")
    assert f"error: Take {take} on studio/one " in done.err
    assert "(queued).\n" in done.err
    assert f"`shotcaller resume {take}`" in done.err
