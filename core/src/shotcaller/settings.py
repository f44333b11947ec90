"""Reads the settings: what is said explicitly, then the environment, then a file."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from attrs import evolve, field, frozen

from shotcaller import budgets as limits
from shotcaller.accounts import loopback
from shotcaller.budgets import Budgets
from shotcaller.catalog.choices import HEAVIEST
from shotcaller.errors import BadInput
from shotcaller.secret import Secret
from shotcaller.shot import checks

FILE = "settings.toml"
_URL = re.compile(r"SHOTCALLER_([A-Z0-9_]+)_URL")
_HOST = re.compile(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+")
_SCHEME = re.compile(r"[a-z]+://", re.IGNORECASE)
_NO_ADDRESS = SplitResult("", "", "", "", "")


_KNOWN = frozenset(
    {
        "budget",
        "budgets",
        "disable",
        "output",
        "plugins",
        "project",
        "urls",
        "weights",
    }
)


def _absolute(home: Path | str) -> Path:
    return _path("home", home).absolute()


def _addresses(urls: Mapping[str, str]) -> dict[str, str]:
    return {name: _url(f"urls.{name}", url) for name, url in urls.items()}


@frozen(kw_only=True)
class Settings:
    """Is how this installation is set up.

    ``home`` holds journal and settings file; ``plugins`` are the only ones to load,
    ``disable`` those not to; ``urls`` replace scheme and host of a gateway's API
    hosts; ``weights`` are the user's own profiles; ``budget`` is in USD for a shot
    whose brief names none, ``budgets`` is for all shots together, and ``project`` is
    whose they are where the brief names none; ``output`` is the folder for clips, by
    default the working directory; ``keys`` are credentials by environment name. Raises
    :class:`~shotcaller.errors.BadInput` for an address that may not see a key.
    """

    home: Path = field(converter=_absolute)
    plugins: tuple[str, ...] | None = None
    disable: tuple[str, ...] = ()
    urls: Mapping[str, str] = field(factory=dict, converter=_addresses)
    weights: Mapping[str, Mapping[str, float]] = field(factory=dict)
    budget: Decimal | None = None
    budgets: Budgets = field(factory=Budgets)
    project: str | None = None
    output: Path | None = None
    keys: Mapping[str, Secret] = field(factory=dict, repr=False)

    @classmethod
    def load(
        cls, home: Path | str | None = None, environ: Mapping[str, str] | None = None
    ) -> Settings:
        """Returns the settings of a home folder as the environment changes them.

        Raises :class:`~shotcaller.errors.BadInput` naming the setting and its value.
        A ``.env`` file is never read.
        """
        env = os.environ if environ is None else environ
        place = _home(home, env)
        return _from_environment(_from_file(place), env)


def _home(home: Path | str | None, env: Mapping[str, str]) -> Path:
    chosen = home or env.get("SHOTCALLER_HOME")
    if chosen:
        return _absolute(chosen)
    import platformdirs

    return platformdirs.user_data_path("shotcaller", appauthor=False)


def _path(name: str, value: Path | str) -> Path:
    try:
        path = Path(value).expanduser()
    except RuntimeError as error:  # ~somebody, who is not here
        raise checks.bad(name, str(value), "is in the home of nobody here") from error
    if "\0" in str(path):
        raise checks.bad(name, str(value), "holds a NUL, which no path can")
    return path


def _from_environment(settings: Settings, env: Mapping[str, str]) -> Settings:
    urls = dict(settings.urls)
    for name, value in env.items():
        found = _URL.fullmatch(name)
        if found and value:
            gateway = found[1].lower().replace("_", "-")
            urls[gateway] = _url(name, value)
    plugins = settings.plugins
    if env.get("SHOTCALLER_PLUGINS"):
        plugins = _names(env["SHOTCALLER_PLUGINS"])
    disable = settings.disable + _names(env.get("SHOTCALLER_DISABLE", ""))
    keys = {name: Secret(value) for name, value in env.items() if value}
    return evolve(
        settings,
        plugins=plugins,
        disable=disable,
        urls=urls,
        keys=keys,
        budgets=_daily(settings.budgets, env.get("SHOTCALLER_BUDGET_DAY")),
        project=env.get("SHOTCALLER_PROJECT") or settings.project,
    )


def _daily(budgets: Budgets, day: str | None) -> Budgets:
    if not day:
        return budgets
    return evolve(budgets, day=checks.usd(day, "SHOTCALLER_BUDGET_DAY"))


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _from_file(home: Path) -> Settings:
    path = home / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return Settings(home=home)
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(path, f"cannot be read ({error})") from error
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _bad(path, f"is not TOML ({error})") from error
    return _checked(home, path, data)


def _checked(home: Path, path: Path, data: Mapping[str, Any]) -> Settings:
    for name in data:
        if name not in _KNOWN:
            hint = ", ".join(sorted(_KNOWN))
            raise _bad(path, f"has an unknown setting {name!r} (there are {hint})")
    plugins = data.get("plugins")
    output = data.get("output")
    if output is not None and (not isinstance(output, str) or not output):
        raise _bad(path, f"output: {output!r} is not a folder's path")
    return Settings(
        home=home,
        plugins=None if plugins is None else _list(path, "plugins", plugins),
        disable=_list(path, "disable", data.get("disable", [])),
        urls=_urls(path, data.get("urls", {})),
        weights=_weights(path, data.get("weights", {})),
        budget=_budget(path, data.get("budget")),
        budgets=_budgets(path, data.get("budgets", {})),
        project=_project(path, data.get("project")),
        output=None if output is None else _path(f"{path}: output", output),
    )


def _list(path: Path, name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise _bad(path, f"{name}: {value!r} is not a list of names")


def _urls(path: Path, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _bad(path, f"urls: {value!r} is not a table")
    return {name: _url(f"{path}: urls.{name}", url) for name, url in value.items()}


def _url(name: str, value: object) -> str:
    parts = _split(value)
    safe = parts.scheme == "https" or loopback(parts.hostname)
    if not _HOST.fullmatch(parts.hostname or "") or not safe:
        rule = "is not an https address (http is for this machine only)"
        raise checks.bad(name, _unsigned(value), rule)
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        rule = "holds more than scheme and host, which are all that is replaced"
        raise checks.bad(name, _unsigned(value), rule)
    return f"{parts.scheme}://{parts.netloc}"


def _unsigned(value: object) -> object:
    """Returns an address without what is before its last @: it may be a password."""
    if not isinstance(value, str) or "@" not in value:
        return value
    scheme = _SCHEME.match(value)
    return (scheme[0] if scheme else "") + value.rpartition("@")[2]


def _split(value: object) -> SplitResult:
    """Splits a web address; what is none has neither scheme nor host."""
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        parts.port  # noqa: B018  raises where it is no number
    except ValueError:
        return _NO_ADDRESS
    return parts if parts.scheme in {"http", "https"} else _NO_ADDRESS


def _weights(path: Path, value: object) -> dict[str, dict[str, float]]:
    if not isinstance(value, dict):
        raise _bad(path, f"weights: {value!r} is not a table")
    return {name: _profile(path, name, profile) for name, profile in value.items()}


def _profile(path: Path, name: str, profile: object) -> dict[str, float]:
    if not isinstance(profile, dict) or not profile:
        raise _bad(path, f"weights.{name}: {profile!r} is not a table of numbers")
    for key, weight in profile.items():
        number = isinstance(weight, int | float) and not isinstance(weight, bool)
        if not number or not 0 <= weight <= HEAVIEST:
            rule = f"is not a number from 0 to {HEAVIEST:g}"
            shown = checks.shown(weight)
            raise _bad(path, f"weights.{name}.{key}: {shown} {rule}")
    if not any(profile.values()):
        raise _bad(path, f"weights.{name}: {profile!r} weighs nothing")
    return {key: float(weight) for key, weight in profile.items()}


def _budget(path: Path, value: object) -> Decimal | None:
    if value is not None and not isinstance(value, int | float):
        raise _bad(path, f"budget: {value!r} is not an amount in USD")
    try:
        return checks.usd(value)
    except BadInput as error:
        raise _bad(path, error.message.rstrip(".")) from error


def _budgets(path: Path, value: object) -> Budgets:
    try:
        return limits.read(value)
    except BadInput as error:
        raise _bad(path, error.message.rstrip(".")) from error


def _project(path: Path, value: object) -> str | None:
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    raise _bad(path, f"project: {value!r} is not a name")


def _bad(path: Path, why: str) -> BadInput:
    return BadInput(f"{path} {why}.", "Mend or remove it.", field=FILE)
