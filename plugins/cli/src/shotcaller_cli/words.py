"""Words amounts, times and the state of a take for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_UP, Decimal

from shotcaller.budgets import held
from shotcaller.catalog import Lengths, Price, Quote, Unit, dollars
from shotcaller.pricing import FRAMES_PER_SECOND, PIXELS_PER_TOKEN
from shotcaller.programs import outcomes
from shotcaller.take import Cost, Footage, Running, State, Take

_CENT, _MILL = Decimal("0.01"), Decimal("0.001")


def usd(amount: Decimal) -> str:
    """Returns an amount in cents, below a dollar with one digit more, rounded up.

    What arithmetic leaves behind the ninth digit is no part of it.
    """
    exact = round(amount, 9)
    digits = _CENT if exact >= 1 else _MILL
    return dollars(exact.quantize(digits, ROUND_UP))


def cost(known: Cost) -> str:
    """Returns what was billed, or else quoted."""
    if known.billed is not None:
        return f"{usd(known.billed)} billed" if known.billed else "free"
    if known.quoted is None:
        return "price unknown"
    return f"{usd(known.quoted)} quoted" if known.quoted else "free"


def price_of(take: Take) -> str:
    """Returns what a take was billed or quoted, or what it counts for at its end."""
    known, (attempt,) = outcomes.cost(take), outcomes.attempts((take,))
    if take.state.settled and known.billed is None and known.quoted != 0:
        counted = held(take)
        unknown = "" if counted is None else f"{usd(counted)} counted, "
        ended = {"no": "not charged", "unknown": f"{unknown}charge unknown"}
        return ended.get(attempt.charged, cost(known))
    return cost(known)


def quote(known: Quote) -> str:
    """Returns what a shot would cost, as a range where it is one."""
    if known.expected is None or known.low is None or known.high is None:
        return "price unknown"
    if not known.high:
        return "free"
    if known.low == known.high:
        return usd(known.expected)
    return f"{usd(known.low)} to {usd(known.high)}"


def cents(amount: Decimal) -> str:
    """Returns an amount in whole cents, rounded up, for a column of them."""
    return f"${amount.quantize(Decimal('0.01'), ROUND_UP):f}"


def rate(known: Quote) -> str:
    """Returns what is charged for a second or a clip; tokens by the second."""
    if known.rate is None or known.high is None:
        return ""
    if known.per == Unit.TOKEN and known.seconds:
        return f"{cents(known.high / Decimal(str(known.seconds)))}/s"
    short = {Unit.SECOND: "s"}.get(Unit(known.per or Unit.CLIP), "clip")
    return f"{dollars(known.rate)}/{short}"


def price(listed: Price | None) -> str:
    """Returns a price list in short: from the lowest rate of each unit."""
    if listed is None:
        return "unknown"
    surcharges = [one.usd for one in listed.surcharges]
    if not any([*surcharges, *(rate.usd for rate in listed.rates)]):
        return "free"
    found = []
    for unit in dict.fromkeys(rate.per for rate in listed.rates):
        rates = sorted({rate.usd for rate in listed.rates if rate.per is unit})
        if unit is Unit.TOKEN:
            found.append(
                f"{_span([each * 10**6 for each in rates])} per million tokens"
            )
            found += _by_the_second(listed)
        else:
            found.append(f"{_span(rates)} per {unit}")
    return ", ".join(found)


def _span(amounts: Sequence[Decimal]) -> str:
    lowest, highest = min(amounts), max(amounts)
    if lowest == highest:
        return dollars(lowest)
    return f"{dollars(lowest)} to {dollars(highest)}"


def _by_the_second(listed: Price) -> list[str]:
    """Returns what tokens come to in a second of 720p, as nobody counts in tokens."""
    seconds = [
        rate.usd * rate.pixels * FRAMES_PER_SECOND / PIXELS_PER_TOKEN
        for rate in listed.rates
        if rate.pixels is not None and rate.when.get("resolution") == "720p"
    ]
    cents = [amount.quantize(Decimal("0.01"), ROUND_UP) for amount in seconds]
    return [f"about {_span(cents)} per second at 720p"] if cents else []


def lengths(offered: Lengths) -> str:
    """Returns how long a clip may be, in short."""
    span = f"{offered.low:g} to {offered.high:g} s"
    if not offered.asked:
        return f"{span}, as it decides"
    return f"{offered} s" if offered.choices else span


def moment(at: float) -> str:
    """Returns seconds since 1970 as day and time here."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def minute(at: float) -> str:
    """Returns seconds since 1970 as day and time here, without the seconds."""
    return moment(at)[:-3]


def span(seconds: float) -> str:
    """Returns a length of time as minutes and seconds."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def footage(delivered: Footage) -> str:
    """Returns what is in a clip, as far as the file tells."""
    facts = []
    if delivered.width is not None and delivered.height is not None:
        facts.append(f"{delivered.width}x{delivered.height}")
    if delivered.seconds is not None:
        facts.append(f"{delivered.seconds:.2f} s".replace(".00", ""))
    if delivered.fps is not None:
        facts.append(f"{delivered.fps:g} fps")
    if delivered.sound is not None:
        facts.append("with sound" if delivered.sound else "no sound")
    facts.append(size(delivered.bytes))
    return ", ".join(facts)


def size(count: int) -> str:
    """Returns a number of bytes in the unit that suits it."""
    if count < 1_000_000:  # noqa: PLR2004  a megabyte
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


def note(take: Take) -> str:
    """Returns what a take waits for or does; empty if nothing is known."""
    if take.problem is not None:
        return take.problem.message
    status = take.status
    if not isinstance(status, Running):
        return ""
    queue = "" if "queue" in status.note else " in the queue"
    ahead = f"{status.ahead} ahead{queue}" if status.ahead else ""
    return ", ".join(part for part in (status.note, ahead) if part)


def share(take: Take) -> float | None:
    """Returns how much of a take is done, from 0 to 1; None if nothing is known."""
    if take.state in {State.READY, State.DONE}:
        return 1.0
    if isinstance(take.status, Running) and take.status.fraction is not None:
        return min(max(take.status.fraction, 0.0), 1.0)
    return None


def attempts(chain: Sequence[Take]) -> list[str]:
    """Returns a sentence for each take of a chain but the last."""
    return [
        f"{one.model} {one.state}: {one.reason} (charged: {one.charged})"
        for one in outcomes.attempts(tuple(chain))[:-1]
    ]
