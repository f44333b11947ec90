from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from shotcaller.errors import BadInput
from shotcaller.secret import Secret
from shotcaller.settings import Settings

NO_ADDRESS = "is not an https address (http is for this machine only)."
TOO_MUCH = "holds more than scheme and host, which are all that is replaced."
EVERYTHING = """
plugins = ["fal", "animatic"]
disable = ["heygen"]
budget = 2.50
output = "/clips"

[urls]
fal = "https://proxy.test/"
heygen = "http://127.0.0.1:8080"

[weights.mine]
fit = 1
cost = 0.5
"""


def load(home: Path, text: str = "", **environ: str) -> Settings:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(text, encoding="utf-8")
    return Settings.load(home, environ)


def refused(home: Path, text: str = "", **environ: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        load(home, text, **environ)
    return caught.value


def test_without_a_file_everything_is_as_usual(tmp_path: Path) -> None:
    found = Settings.load(tmp_path / "none", {})

    assert found == Settings(home=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_every_setting_is_read_from_the_file(tmp_path: Path) -> None:
    expected = Settings(
        home=tmp_path,
        plugins=("fal", "animatic"),
        disable=("heygen",),
        urls={"fal": "https://proxy.test", "heygen": "http://127.0.0.1:8080"},
        weights={"mine": {"fit": 1.0, "cost": 0.5}},
        budget=Decimal("2.5"),
        output=Path("/clips"),
    )

    assert load(tmp_path, EVERYTHING) == expected


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        EVERYTHING,
        SHOTCALLER_PLUGINS="veo, kling,",
        SHOTCALLER_DISABLE="kling",
        SHOTCALLER_FAL_URL="https://other.test",
        SHOTCALLER_TWO_WORDS_URL="https://[::1]:99/",
    )

    assert found.plugins == ("veo", "kling")
    assert found.disable == ("heygen", "kling")
    assert found.urls == {
        "fal": "https://other.test",
        "heygen": "http://127.0.0.1:8080",
        "two-words": "https://[::1]:99",
    }


def test_what_is_empty_in_the_environment_says_nothing(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        EVERYTHING,
        SHOTCALLER_PLUGINS="",
        SHOTCALLER_DISABLE="",
        SHOTCALLER_FAL_URL="",
        SHOTCALLER_HOME="",
        FAL_KEY="",
    )

    assert found == load(tmp_path, EVERYTHING)
    assert "FAL_KEY" not in found.keys


def test_an_explicit_home_goes_before_the_environment(tmp_path: Path) -> None:
    environ = {"SHOTCALLER_HOME": str(tmp_path / "env")}

    assert Settings.load(None, environ).home == tmp_path / "env"
    assert Settings.load(tmp_path / "arg", environ).home == tmp_path / "arg"
    assert Settings.load(str(tmp_path / "arg"), environ).home == tmp_path / "arg"


def test_the_environment_of_the_process_is_read_where_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTCALLER_HOME", str(tmp_path / "env"))
    monkeypatch.setenv("FAL_KEY", "s3cret")

    found = Settings.load()

    assert found.home == tmp_path / "env"
    assert found.keys["FAL_KEY"] == Secret("s3cret")


def test_a_relative_home_becomes_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert Settings.load("here", {}).home == tmp_path / "here"


def test_without_a_home_the_systems_own_place_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))

    home = Settings.load(None, {}).home

    assert home.name == "shotcaller"
    assert home.is_relative_to(tmp_path)


def test_a_home_and_an_output_may_begin_with_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "calls").mkdir()

    found = load(tmp_path / "calls", 'output = "~/clips"')

    assert found.output == tmp_path / "clips"
    assert Settings.load("~/calls", {}).home == tmp_path / "calls"


def test_a_dot_env_file_is_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("FAL_KEY=s3cret\nSHOTCALLER_DISABLE=fal\n")

    found = load(tmp_path)

    assert found.keys == {}
    assert found.disable == ()


def test_keys_do_not_show(tmp_path: Path) -> None:
    found = load(tmp_path, FAL_KEY="s3cret")

    assert "s3cret" not in repr(found)
    assert "FAL_KEY" not in repr(found)
    assert found.keys["FAL_KEY"].reveal() == "s3cret"


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xef\xbb\xbfbudget = 1")

    assert Settings.load(tmp_path, {}).budget == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "colour = 1",
            (
                "has an unknown setting 'colour' "
                "(there are budget, budgets, disable, output, plugins, project, "
                "urls, weights)"
            ),
        ),
        ('plugins = "fal"', "plugins: 'fal' is not a list of names"),
        ("plugins = [1]", "plugins: [1] is not a list of names"),
        ("disable = {a = 1}", "disable: {'a': 1} is not a list of names"),
        ("output = 5", "output: 5 is not a folder's path"),
        ('output = ""', "output: '' is not a folder's path"),
        ("urls = 5", "urls: 5 is not a table"),
        ("weights = [1]", "weights: [1] is not a table"),
        ("weights.mine = 5", "weights.mine: 5 is not a table of numbers"),
        ("[weights.mine]", "weights.mine: {} is not a table of numbers"),
        (
            'weights.mine.fit = "much"',
            "weights.mine.fit: 'much' is not a number from 0 to 1000",
        ),
        (
            "weights.mine.fit = true",
            "weights.mine.fit: True is not a number from 0 to 1000",
        ),
        (
            "weights.mine.fit = -1",
            "weights.mine.fit: -1 is not a number from 0 to 1000",
        ),
        (
            "weights.mine.fit = nan",
            "weights.mine.fit: nan is not a number from 0 to 1000",
        ),
        (
            "weights.mine.fit = inf",
            "weights.mine.fit: inf is not a number from 0 to 1000",
        ),
        (
            "weights.mine.fit = 1e308",
            "weights.mine.fit: 1e+308 is not a number from 0 to 1000",
        ),
        ("weights.mine.fit = 0", "weights.mine: {'fit': 0} weighs nothing"),
        ('budget = "5"', "budget: '5' is not an amount in USD"),
        ("budget = true", "budget: True is not an amount in USD"),
        ("budget = -1", "budget: -1 is not an amount in USD from 0 to 1000000"),
        ("budget = nan", "budget: nan is not an amount in USD from 0 to 1000000"),
        ("budget = inf", "budget: inf is not an amount in USD from 0 to 1000000"),
        (
            "budget = 2026-01-31",
            "budget: datetime.date(2026, 1, 31) is not an amount in USD",
        ),
    ],
)
def test_a_setting_that_is_wrong_is_named_with_its_value(
    tmp_path: Path, text: str, why: str
) -> None:
    error = refused(tmp_path, text)

    assert error.message == f"{tmp_path / 'settings.toml'} {why}."
    assert error.next == "Mend or remove it."
    assert error.field == "settings.toml"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("budget =", "is not TOML (Invalid value"),
        ("budget = 1\nbudget = 2", "is not TOML (Cannot overwrite a value"),
        (f"budget = {'9' * 5_000}", "is not TOML (Exceeds the limit"),
        (f"plugins = {'[' * 5_000}", "is not TOML ("),
    ],
    ids=["cut", "twice", "huge", "deep"],
)
def test_a_file_that_is_no_toml_says_so(tmp_path: Path, text: str, why: str) -> None:
    error = refused(tmp_path, text)

    assert error.message.startswith(f"{tmp_path / 'settings.toml'} {why}")


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    place = tmp_path / "settings.toml"
    place.write_bytes(b"budget = '\xff'")
    with pytest.raises(BadInput) as caught:
        Settings.load(tmp_path, {})
    assert caught.value.message.startswith(f"{place} cannot be read ('utf-8' codec")

    place.unlink()
    place.mkdir()
    with pytest.raises(BadInput) as caught:
        Settings.load(tmp_path, {})
    assert caught.value.message.startswith(f"{place} cannot be read ([Errno ")


def test_a_home_that_is_a_file_has_no_settings(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    assert Settings.load(tmp_path / "file", {}).budget is None


@pytest.mark.parametrize(
    ("home", "why"),
    [
        ("~nobody-of-that-name/x", "is in the home of nobody here"),
        ("a\0b", "holds a NUL, which no path can"),
    ],
)
def test_a_home_that_cannot_be_is_refused(home: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        Settings.load(home, {})

    assert caught.value.message == f"home: {home!r} {why}."
    assert caught.value.field == "home"


def test_an_output_that_cannot_be_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, 'output = "~nobody-of-that-name/x"')

    place = tmp_path / "settings.toml"
    assert error.message == (
        f"{place}: output: '~nobody-of-that-name/x' is in the home of nobody here."
    )


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://proxy.test", "https://proxy.test"),
        ("https://proxy.test:8443/", "https://proxy.test:8443"),
        ("HTTPS://Proxy.Test", "https://Proxy.Test"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.2", "http://127.0.0.2"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_an_address_is_scheme_and_host(tmp_path: Path, url: str, kept: str) -> None:
    assert load(tmp_path, SHOTCALLER_FAL_URL=url).urls == {"fal": kept}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://proxy.test", NO_ADDRESS),
        ("http://localhost.proxy.test", NO_ADDRESS),
        ("http://0.0.0.0", NO_ADDRESS),
        ("ftp://localhost", NO_ADDRESS),
        ("proxy.test", NO_ADDRESS),
        ("https://", NO_ADDRESS),
        ("https://:8080", NO_ADDRESS),
        ("https://[oops", NO_ADDRESS),
        ("https://proxy.test:port", NO_ADDRESS),
        ("https://proxy.test:99999", NO_ADDRESS),
        ("https://proxy test", NO_ADDRESS),
        ("https://proxy.test/path", TOO_MUCH),
        ("https://proxy.test?a=b", TOO_MUCH),
        ("https://proxy.test#a", TOO_MUCH),
    ],
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str, why: str) -> None:
    error = refused(tmp_path, SHOTCALLER_FAL_URL=url)
    assert error.message == f"SHOTCALLER_FAL_URL: {url!r} {why}"
    assert error.field == "SHOTCALLER_FAL_URL"

    error = refused(tmp_path, f'urls.fal = "{url}"')
    assert error.message == f"{tmp_path / 'settings.toml'}: urls.fal: {url!r} {why}"


@pytest.mark.parametrize("user", ["me:s3cret", ":s3cret", "s3cret"])
def test_an_address_with_a_password_is_refused_without_showing_it(
    tmp_path: Path, user: str
) -> None:
    error = refused(tmp_path, SHOTCALLER_FAL_URL=f"https://{user}@proxy.test")

    assert error.message == f"SHOTCALLER_FAL_URL: 'https://proxy.test' {TOO_MUCH}"
    assert "s3cret" not in str(error)


def test_an_address_that_is_no_text_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, "urls.fal = 5")

    assert error.message == f"{tmp_path / 'settings.toml'}: urls.fal: 5 {NO_ADDRESS}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:s3cret@proxy.test", "http://proxy.test"),
        ("ftp://me:s3cret@localhost", "ftp://localhost"),
        ("https://me:s3/cret@proxy.test", "https://proxy.test"),
        ("me:s3cret@proxy.test", "proxy.test"),
    ],
)
def test_an_address_that_is_none_shows_no_password_either(
    tmp_path: Path, url: str, shown: str
) -> None:
    error = refused(tmp_path, SHOTCALLER_FAL_URL=url)

    assert error.message == f"SHOTCALLER_FAL_URL: {shown!r} {NO_ADDRESS}"


@pytest.mark.parametrize(
    ("url", "shown", "why"),
    [
        ("http://proxy.test", "http://proxy.test", NO_ADDRESS),
        ("https://proxy.test/v1", "https://proxy.test/v1", TOO_MUCH),
        ("https://me:s3cret@proxy.test", "https://proxy.test", TOO_MUCH),
    ],
)
def test_an_address_given_in_python_is_checked_too(
    tmp_path: Path, url: str, shown: str, why: str
) -> None:
    with pytest.raises(BadInput) as caught:
        Settings(home=tmp_path, urls={"fal": url})

    assert caught.value.message == f"urls.fal: {shown!r} {why}"
    assert caught.value.field == "urls.fal"


def test_settings_made_in_python_are_as_those_that_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    found = Settings(home=Path("here"), urls={"fal": "HTTPS://proxy.test/"})

    assert found.home == tmp_path / "here"
    assert found.urls == {"fal": "https://proxy.test"}
