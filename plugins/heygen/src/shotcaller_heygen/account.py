"""Asks how the account stands, which is free, and words it."""

from __future__ import annotations

from attrs import frozen

from shotcaller.plugin import JSON, Exchange, Refused, Request
from shotcaller_heygen import words
from shotcaller_heygen.gateway import API


@frozen
class Wallet:
    """Is what was paid in ahead; all but the rest of it may be missing."""

    remaining_balance: float
    currency: str = "usd"


@frozen
class Subscription:
    """Is a plan with credits."""

    plan: JSON = None
    credits: JSON = None


@frozen
class Me:
    """Is an account; how it pays says which of the parts is there."""

    billing_type: str
    wallet: Wallet | None = None
    subscription: Subscription | None = None


@frozen
class Answer:
    """Is the answer to who one is."""

    data: Me


def check() -> Exchange[str]:
    """Says what is left on the account; raises ``Refused`` where nothing is."""
    reply = yield from Request("GET", f"{API}/v3/users/me")
    if not words.good(reply):
        raise words.refusal(reply)
    me = reply.into(Answer).data
    if me.wallet is None:
        plan = me.subscription.plan if me.subscription else None
        named = f" {plan}" if isinstance(plan, str) else ""
        how = "for what is used"  # "usage_based"; any other is a word of its own
        if me.billing_type != "usage_based":
            how = f"by {me.billing_type.replace('_', ' ')}"
        return f"the key is good; it pays {how}{named}"
    left = f"{me.wallet.remaining_balance:g} {me.wallet.currency}"
    if me.wallet.remaining_balance <= 0:
        hint = "Add funds at HeyGen."
        raise Refused(f"The API wallet is empty ({left}).", hint, reason="credit")
    return f"the key is good; {left} are left in the API wallet"
