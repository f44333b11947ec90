"""Holds what the programs know of the world: plugins, accounts, profiles, the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from shotcaller.accounts import Account
from shotcaller.availability import Memory
from shotcaller.catalog import Gateway, History, Model
from shotcaller.errors import BadInput, PluginError
from shotcaller.pacing import Deadlines
from shotcaller.registry import Registry
from shotcaller.take import Take


@frozen
class Context:
    """Is what every program is given; it holds no secret and no clock.

    ``memory`` is what the journal knew when the choice was made, ``histories`` what is
    on record here of models, by their ids.
    """

    registry: Registry
    accounts: Mapping[str, Account]
    profiles: Mapping[str, Mapping[str, float]]
    today: date
    memory: Memory = field(factory=Memory)
    histories: Mapping[str, History] = field(factory=dict)
    deadlines: Deadlines = field(factory=Deadlines)

    def gateway(self, take: Take) -> Gateway:
        """Returns a take's gateway; raises if its plugin is gone or its account new."""
        account = self.accounts.get(take.gateway)
        if account is None:
            message = f"Take {take.id} needs the plugin of {take.gateway}"
            message += f" ({take.plugin}), which is not installed."
            raise PluginError(message, "Install it, then resume.", take.id)
        if not account.ready:
            message = f"Take {take.id} cannot go on: {account.missing}."
            raise BadInput(message, "Then resume it.", take.id, field="credentials")
        if account.fingerprint != take.account:
            message = f"Take {take.id} belongs to {take.account},"
            message += f" but {take.gateway} is now set up as {account.fingerprint}."
            hint = "Set the old key and address again to go on with it."
            raise BadInput(message, hint, take.id, field="account")
        return account.gateway

    def mark(self, take: Take) -> str:
        """Returns the mark of the key with which a take is sent now."""
        account = self.accounts.get(take.gateway)
        return "" if account is None else account.mark

    def same_key(self, take: Take) -> bool:
        """Whether its gateway is set up with the key that a take was sent with.

        Another key may be another account's. Takes of old have no mark.
        """
        return take.mark in {"", self.mark(take)}

    def model(self, take: Take) -> Model:
        """Returns a take's model; raises if no plugin offers it any more."""
        model = self.registry.model(take.model)
        if model is None:
            message = f"Take {take.id} needs the model {take.model}"
            message += f" ({take.plugin}), which no installed plugin offers."
            raise PluginError(message, "Install it, then resume.", take.id)
        return model
