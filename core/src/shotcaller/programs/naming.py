"""Holds the names in a brief to what there is, so that none is dropped unread; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from shotcaller import ranking
from shotcaller.catalog import Candidate, Model
from shotcaller.errors import BadInput, near, unknown_name
from shotcaller.programs.context import Context
from shotcaller.ranking import Intent
from shotcaller.shot import Brief, Shot

MOST = 3
"""How many models are named that a word may stand for."""


def named(context: Context, shot: Shot, brief: Brief) -> Intent | None:
    """Returns the intent that a brief names; raises ``BadInput`` for unknown names.

    An intent may also be a trait that a model declares, or a profile of the user's.
    """
    for gateway in shot.options:
        if gateway not in context.accounts:
            rule = "is no installed gateway"
            raise unknown_name("options", gateway, rule, context.accounts)
    _known_model(context, brief.model)
    _known(context, "only", brief.only)
    _known(context, "avoid", brief.avoid)
    words: set[str] = set(context.profiles)
    if brief.intent is not None:
        words.update(*(model.traits for model in context.registry.models))
    return ranking.intent(brief.intent, words)


def weighed(
    context: Context, profile: Mapping[str, float], candidates: Sequence[Candidate]
) -> None:
    """Refuses a profile that weighs what nobody votes on, be it a slip of the pen.

    A plugin may vote on some shots only, so that where there is one a name has to be
    near that of a vote, or the only one that the profile weighs.
    """
    cast = {vote.by for one in candidates for vote in one.votes}
    unknown = [name for name in profile if name not in cast]
    if not cast or not unknown:
        return
    void = not any(weight for name, weight in profile.items() if name in cast)
    for name in unknown:
        if void or near(name, cast) or not context.registry.opinionated:
            raise unknown_name("weights", name, "is no vote that is cast", cast)


def _known_model(context: Context, name: str | None) -> None:
    """Refuses a model that an installed gateway does not have, or that names none.

    Of a gateway that is not installed nobody knows its models: no model fits then.
    """
    if name is None or context.registry.model(name) is not None:
        return
    gateway = _gateway(name)
    if gateway in context.accounts or gateway == name:
        message = f"model: {name!r} is offered by no installed plugin."
        models = context.registry.models
        question = _alike(name, models) or near(name, (model.id for model in models))
        hint = f"{question[:1].upper()}{question[1:]} " if question else ""
        hint += "`shotcaller models` lists those that are."
        raise BadInput(message, hint, field="model")


def _known(context: Context, field: str, names: Collection[str]) -> None:
    """Refuses names that are neither a model, nor a gateway, nor a maker."""
    if not names:
        return
    models = context.registry.models
    known = {name for one in models for name in (one.id, one.gateway, one.maker)}
    known |= set(context.accounts)
    for name in names:
        if name in known or (":" in name and _gateway(name) in context.accounts):
            continue
        makers = {one.maker for one in models}
        rule = "is no model, gateway or maker that is installed"
        error = unknown_name(field, name, rule, known, {*context.accounts, *makers})
        hint = _alike(name, models)
        hint = f"{hint[:1].upper()}{hint[1:]}" or error.next
        raise BadInput(error.message, hint, field=field)


def _alike(name: str, models: Sequence[Model]) -> str:
    """Returns the models whose names a word is, or is a part of, as a question.

    People say what a model is called, and leave out where it is to be had.
    """
    word = name.lower().replace(" ", "-")
    called = [
        (one.id.lower().replace(":", "/").partition("/")[2], one) for one in models
    ]
    found = [one for called_, one in called if called_ == word]
    found = found or [one for called_, one in called if word in called_]
    if not word or not found:
        return ""
    makers = {one.maker for one in found}
    made = f" (made by {makers.pop()})" if len(makers) == 1 else ""
    return f"did you mean {' or '.join(one.id for one in found[:MOST])}{made}?"


def _gateway(name: str) -> str:
    return name.replace(":", "/").partition("/")[0]
