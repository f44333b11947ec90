"""What keeps an account from new work is remembered, and forgotten in time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from shotcaller import (
    Brief,
    Budgets,
    NothingFits,
    ProjectBudget,
    Refused,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    Take,
    Uncertain,
)
from shotcaller.accounts import account
from shotcaller.availability import (
    LASTS,
    LONGEST_PAUSE,
    Outage,
    Sign,
    Trouble,
    after,
)
from shotcaller.effects import Judge
from shotcaller.plugin import (
    Exchange,
    Failed,
    Gateway,
    Model,
    Request,
    Secret,
    Ticket,
    hookimpl,
)
from tests.core.paper import API, GATEWAY, Blind, Paper
from tests.core.paper_server import PaperServer, Rule, accept_then_say, drop, say
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


def ones(label: str) -> Brief:
    return Brief(only=["paper/one"], again=label)


class Wordy(Paper):
    """Names the reason of a refusal as the server does."""

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        reply = yield from Request("POST", f"{API}/jobs", json={"prompt": shot.prompt})
        if reply.status != 200:
            told: Any = reply.json()
            raise Refused("Paper says no.", reason=str(told))
        accepted: Any = reply.json()
        return Ticket("paper", model.id, accepted["id"], {"at": f"{API}/jobs"})


class Checked(Wordy):
    """Says for free how an account stands."""

    @hookimpl
    def shotcaller_check(self, gateway: Gateway) -> Exchange[str]:
        reply = yield from Request("GET", f"{API}/account")
        if reply.status != 200:
            raise Refused("Paper says no.", reason=str(reply.json()))
        return "good"


Make = Callable[..., Shotcaller]


def refused(caller: Shotcaller, server: PaperServer, why: str, label: str = "") -> None:
    server.script["POST /jobs"] = [say(402, why)]
    with pytest.raises(Refused):
        caller.generate(SHOT, Brief(model="paper/one", again=label))


def codes(caller: Shotcaller) -> set[str]:
    found = caller.rank(SHOT, ones("x")).refused
    (one,) = (each for each in found if each.model == "paper/one")
    return {reason.code for reason in one.reasons}


@pytest.mark.parametrize(
    ("why", "code", "lasts", "words"),
    [
        ("credit", "no-credit", 900, "its account is out of credit"),
        ("key", "key-refused", 3_600, "its key was refused"),
    ],
)
def test_an_account_that_was_refused_gets_no_new_work_for_a_while(  # noqa: PLR0917  fixtures and cases
    make_caller: Make,
    server: PaperServer,
    clock: StepClock,
    why: str,
    code: str,
    lasts: float,
    words: str,
) -> None:
    caller = make_caller(Wordy())
    refused(caller, server, why)
    submits = server.submits

    with pytest.raises(NothingFits) as caught:
        caller.generate(SHOT, ones("2"))

    assert codes(caller) == {code}
    assert f"paper/one: {words} (Paper says no); it is left alone until 20" in str(
        caught.value
    )
    assert caught.value.next == (
        "`shotcaller doctor --online` looks again; --model tries it all the same."
    )
    assert server.submits == submits
    clock.time += lasts + 1
    assert caller.generate(SHOT, ones("2")).receipt.model == "paper/one"
    assert caller.outages() == {}


def test_a_model_that_is_named_is_tried_all_the_same(
    make_caller: Make, server: PaperServer
) -> None:
    caller = make_caller(Wordy())
    refused(caller, server, "credit")

    assert caller.generate(SHOT, ONE).receipt.model == "paper/one"
    assert caller.outages() == {}  # what is accepted proves that all is well


@pytest.mark.parametrize("why", ["content", "input"])
def test_what_is_wrong_with_a_shot_is_nothing_against_its_account(
    make_caller: Make, server: PaperServer, why: str
) -> None:
    caller = make_caller(Wordy())
    for number in range(4):
        refused(caller, server, why, str(number))

    assert caller.outages() == {}
    assert caller.rank(SHOT, ones("x")).candidates != ()


def test_three_failures_in_a_row_close_a_gateway(
    make_caller: Make, server: PaperServer, clock: StepClock
) -> None:
    caller = make_caller(Blind())
    rules: list[Rule] = [drop, accept_then_say(500), drop]
    server.script["POST /jobs"] = rules
    for label in "123":
        assert caller.outages() == {}
        with pytest.raises(Uncertain):
            caller.generate(SHOT, ones(label))

    assert codes(caller) == {"cooling-down"}
    outage = caller.outages()["paper"]
    assert outage.until == pytest.approx(clock.time + 30)
    assert "it failed 3 times in a row (the reply of paper" in outage.reason().message
    clock.time += 31
    assert caller.generate(SHOT, ones("4")).receipt.model == "paper/one"
    assert caller.outages() == {}


def test_an_answer_between_two_failures_starts_the_count_anew(
    make_caller: Make, server: PaperServer
) -> None:
    caller = make_caller(Blind())
    server.script["POST /jobs"] = [drop, drop, say(422), drop, drop]
    for label in "12345":
        with pytest.raises((Uncertain, Refused)):
            caller.generate(SHOT, Brief(model="paper/one", again=label))

    assert caller.outages() == {}


def test_a_gateway_that_asks_for_a_pause_gets_one(
    make_caller: Make, server: PaperServer, clock: StepClock
) -> None:
    caller = make_caller()
    server.script["POST /jobs"] = [say(429, **{"Retry-After": "90"})]
    run = caller.follow(SHOT, ONE)
    for take in run:
        if take.problem is not None:
            break
    run.close()

    outage = caller.outages()["paper"]

    assert (outage.trouble, outage.until) == (Trouble.BUSY, clock.time + 90)
    assert "it asked for a pause (paper is busy (429))" in outage.reason().message
    clock.time += 91
    assert caller.outages() == {}


def test_a_busy_gateway_that_names_no_time_is_only_asked_again(
    make_caller: Make, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(429)]

    caller = make_caller()
    caller.generate(SHOT, ONE)

    assert caller.outages() == {}


def test_a_take_that_is_under_way_is_asked_about_all_the_same(
    make_caller: Make, server: PaperServer
) -> None:
    caller = make_caller(Wordy())
    take = caller.submit(SHOT, ones("1"))
    refused(caller, server, "credit", "2")

    clip = caller.resume(take.id)

    assert clip.receipt.take == take.id
    assert codes(caller) == {"no-credit"}  # an answered question pays no debt


def job(take: Take) -> str:
    assert take.ticket is not None
    return take.ticket.remote_id


class Enough(Exception):
    """Is raised once a take was asked about often enough."""


def missed(caller: Shotcaller, id_: str, times: int) -> State:
    """Follows a take until so many questions had no answer; returns how it stands."""
    left = times

    def watch(take: Take) -> None:
        nonlocal left
        left -= take.problem is not None
        if not left:
            raise Enough

    with pytest.raises(Enough):
        caller.resume(id_, watch=watch)
    return caller.chain(id_)[-1].state


@pytest.mark.parametrize("answer", [say(503), say(401)])
def test_a_run_of_questions_without_an_answer_keeps_new_work_away(
    make_caller: Make, server: PaperServer, answer: Rule
) -> None:
    caller = make_caller()
    take = caller.submit(SHOT, ones("1"))
    server.script[f"GET /jobs/{job(take)}"] = [answer] * 3

    two = missed(caller, take.id, 2)
    before = caller.outages()
    three = missed(caller, take.id, 1)

    assert (two, before) == (State.SUBMITTED, {})
    assert (three, codes(caller)) == (State.SUBMITTED, {"cooling-down"})
    why = caller.outages()["paper"].reason().message
    assert why.startswith("it failed 3 times in a row (paper ")
    assert caller.resume(take.id).receipt.take == take.id
    assert caller.outages() == {}  # since it has answered


def test_too_many_questions_are_no_failure(
    make_caller: Make, server: PaperServer
) -> None:
    caller = make_caller()
    take = caller.submit(SHOT, ones("1"))
    server.script[f"GET /jobs/{job(take)}"] = [say(429)] * 5

    state = missed(caller, take.id, 4)

    assert (state, caller.outages()) == (State.SUBMITTED, {})
    assert caller.resume(take.id).receipt.take == take.id


def test_a_job_that_ends_for_lack_of_credit_is_remembered_too(
    make_caller: Make, server: PaperServer
) -> None:
    class Broke(Paper):
        @hookimpl
        def shotcaller_poll(self, ticket: Ticket) -> Exchange[Any]:
            yield from Request("GET", f"{API}/jobs/{ticket.remote_id}")
            return Failed("no funds", "no", "credit")

    caller = make_caller(Broke())
    with pytest.raises(Exception, match="no funds"):
        caller.generate(SHOT, ONE)

    assert codes(caller) == {"no-credit"}


def test_a_pause_that_is_over_is_ended_by_a_free_question_first(
    make_caller: Make, server: PaperServer, clock: StepClock
) -> None:
    caller = make_caller(Checked())
    refused(caller, server, "credit")
    clock.time += 901
    server.script["GET /account"] = [say(402, "credit")]
    submits = server.submits

    with pytest.raises(NothingFits, match="out of credit"):
        caller.generate(SHOT, ones("2"))

    assert server.submits == submits
    clock.time += 901
    server.script["GET /account"] = [say(200)]
    assert caller.generate(SHOT, ones("2")).receipt.model == "paper/one"
    assert server.routes("GET").count("/account") == 2


def test_a_free_question_that_gets_no_answer_lengthens_the_pause(
    make_caller: Make, server: PaperServer, clock: StepClock
) -> None:
    caller = make_caller(Checked())
    server.script["GET /account"] = [drop] * 99
    for _ in range(4):
        caller.check()
        clock.time += 31

    outage = caller.outages()["paper"]

    assert (outage.trouble, outage.failures) == (Trouble.FAILING, 4)
    server.script["GET /account"] = [say(200)]
    caller.check()
    assert caller.outages() == {}


def test_a_plugin_that_breaks_tells_nothing_of_the_account(make_caller: Make) -> None:
    class Torn(Paper):
        @hookimpl
        def shotcaller_check(self, gateway: Gateway) -> Exchange[str]:
            yield from ()
            raise LookupError

    caller = make_caller(Torn())

    assert [one.grade for one in caller.check()] == ["bad"]
    assert caller.outages() == {}


def test_the_doctor_tells_what_is_left_alone_and_what_is_left_to_spend(
    make_caller: Make, server: PaperServer
) -> None:
    caller = make_caller(Wordy())
    refused(caller, server, "credit")

    found = [one.message for one in caller.doctor() if one.about == "gateway paper"]

    assert any("its account is out of credit" in message for message in found)


def test_the_doctor_tells_a_project_that_no_budget_is_set_for(
    settings: Settings, server: PaperServer
) -> None:
    film = {"film": ProjectBudget(total=5)}
    known = evolve(settings, project="flim", budgets=Budgets(projects=film))
    with Shotcaller(settings=known, registry=Registry({"paper": Paper()})) as caller:
        wrong = [one.message for one in caller.doctor() if one.about == "budgets"]
    known = evolve(known, project="film")
    with Shotcaller(settings=known, registry=Registry({"paper": Paper()})) as caller:
        right = [one.message for one in caller.doctor() if one.about == "budgets"]

    assert wrong == ["project: 'flim' is not in the settings (there are film)."]
    assert right == [
        (
            "Of the budget of project film of $5.00, $0.00 is spent and $0.00 reserved:"
            " $5.00 is left."
        )
    ]


# -- the rules, without a journal


def outage(**changes: Any) -> Outage:
    known = {
        "account": "paper:KEY@here",
        "gateway": "paper",
        "mark": "m",
        "trouble": Trouble.FAILING,
        "message": "",
        "since": 0.0,
        "until": 0.0,
    }
    return Outage(**{**known, **changes})


FAILING = Sign(Trouble.FAILING, "no answer")


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    known, now, pauses = None, 0.0, []
    for _ in range(10):
        known = after(known, FAILING, outage(), now)
        assert known is not None
        pauses.append(known.until - now)
        now = known.until

    assert pauses == [0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert LONGEST_PAUSE == 900


def test_what_was_under_way_does_not_lengthen_a_pause() -> None:
    known = outage(failures=3, until=30.0)

    assert after(known, FAILING, outage(), 10.0) == known


@pytest.mark.parametrize("trouble", [Trouble.KEY, Trouble.CREDIT])
@pytest.mark.parametrize("sign", [FAILING, Sign(Trouble.BUSY, wait=9), Sign()])
def test_a_lasting_trouble_is_not_forgotten_for_a_passing_one(
    trouble: Trouble, sign: Sign
) -> None:
    known = outage(trouble=trouble, until=LASTS[trouble])

    assert after(known, sign, outage(), 1.0) == known
    assert after(known, Sign(accepted=True), outage(), 1.0) is None
    assert after(known, sign, outage(mark="new"), 1.0) != known


def test_an_outage_is_that_of_one_key_and_one_time() -> None:
    known = outage(trouble=Trouble.CREDIT, until=100.0)

    assert known.closed("m", 99.0)
    assert not known.closed("other", 99.0)
    assert not known.closed("m", 100.0)
    assert known.to_be_tried("m", 100.0)
    assert not known.to_be_tried("other", 100.0)
    assert known.reason().message == (
        "its account is out of credit; it is left alone until 1970-01-01 00:01:40 UTC"
    )


def test_another_key_has_another_mark_that_tells_nothing_of_it() -> None:
    first = account(GATEWAY, {"PAPER_KEY": Secret("s3cret")}, None)
    same = account(GATEWAY, {"PAPER_KEY": Secret("s3cret")}, None)
    other = account(GATEWAY, {"PAPER_KEY": Secret("another")}, None)

    assert first.mark == same.mark != other.mark
    assert len(first.mark) == 8
    assert first.fingerprint == other.fingerprint


def test_a_new_key_is_tried_at_once(make_caller: Make, server: PaperServer) -> None:
    caller = make_caller(Wordy())
    refused(caller, server, "key")
    setup = caller.setup
    theirs = evolve(setup.accounts["paper"], mark="another")
    caller.setup = evolve(setup, accounts={"paper": theirs})

    assert caller.outages() == {}
    assert caller.generate(SHOT, ones("2")).receipt.cost.quoted == Decimal("0.5")


def test_a_judgement_stands_for_every_process(
    make_caller: Make, clock: StepClock
) -> None:
    first, second = make_caller(), make_caller()
    known = first.setup.accounts["paper"]
    sign = Sign(Trouble.CREDIT, "no funds")
    first._world.journal.judge(Judge("paper", known.fingerprint, known.mark, sign))

    assert second.outages()["paper"].message == "no funds"
