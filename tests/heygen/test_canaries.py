"""A key and a signature that are watched for are seen nowhere, whatever happens."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shotcaller import Brief, Shot, Shotcaller, ShotcallerError, Take, documents
from shotcaller.plugin import Request, hookimpl
from shotcaller_cli import run
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.faults import Drop, Say
from shotcaller_emulator.heygen import KEY, Fate, HeyGen
from shotcaller_emulator.heygen.jobs import Ending
from tests.core.pictures import png
from tests.fal.test_end_to_end import noted
from tests.heygen.conftest import PLUGINS, Make

VIDEO = Brief(model="heygen/video-1", budget="5", deadline=900, fallback=False)
SIGNATURE = "c4n4ry-s1gn4tur3"
SIGNED = f"https://elsewhere.example/a.mp4?X-Amz-Expires=60&X-Amz-Signature={SIGNATURE}"

Scene = Callable[[HeyGen], None]


def nothing(heygen: HeyGen) -> None:
    """Lets everything go well."""


def redirected(heygen: HeyGen) -> None:
    heygen.script("download", Say(302, b"", {"location": SIGNED}))


def unreachable(heygen: HeyGen) -> None:
    heygen.script("download", *[Drop()] * 9)


def out_of_reach(heygen: HeyGen) -> None:
    heygen.script("download", *[Say(500)] * 900)


def blamed(heygen: HeyGen) -> None:
    said = f"see {SIGNED}, asked for with {KEY}"
    heygen.script("job", Fate(Ending("failed", {}, "generation_failed", said)))


def echoed(heygen: HeyGen) -> None:
    said = {"error": {"code": "invalid", "message": f"{KEY} may not read {SIGNED}"}}
    heygen.script("submit", Say(400, said, {"x-key": KEY}))


def lost(heygen: HeyGen) -> None:
    heygen.script("submit", *[Say(500, f"{KEY} {SIGNED}".encode())] * 9)


def unanswered(heygen: HeyGen) -> None:
    heygen.script("video", *[Drop()] * 9)


class Onlooker:
    """Is a plugin that breaks over every take, and tells all that it knows of it."""

    @hookimpl
    def shotcaller_observe(self, take: Take) -> None:
        raise RuntimeError(f"{take} is not what I expected; {SIGNED}; key {KEY}")


def spilled(caller: Shotcaller, home: Path, caplog: pytest.LogCaptureFixture) -> str:
    """Returns all that can be read of a run by those who have no business with it."""
    logged = [caplog.text, *(repr(record.__dict__) for record in caplog.records)]
    (take,) = caller.takes()
    story = documents.story(caller.chain(take.id), caller.events(take.id))
    told = [repr(take), json.dumps(story), json.dumps(documents.takes([take]))]
    kept = [
        path.read_bytes().decode("latin-1")
        for path in home.rglob("*")
        if path.is_file()
    ]
    assert any(take.id in text for text in kept)
    return "\n".join((*logged, *told, *kept))


def traced(error: BaseException) -> str:
    """Returns an error with everything that a debugger's traceback would show."""
    full = traceback.TracebackException.from_exception(error, capture_locals=True)
    return f"{error!r} {error} {''.join(full.format())}"


def signatures(asked: list[Request]) -> set[str]:
    """Returns every signature that the vendor gave out and got back."""
    found = {SIGNATURE}
    for request in asked:
        query = parse_qs(urlsplit(request.url).query) | {
            name: [value] for name, value in request.params.items()
        }
        found |= {one for name in query if name == "signature" for one in query[name]}
    return found


@pytest.mark.parametrize(
    "scene",
    [
        nothing,
        redirected,
        unreachable,
        out_of_reach,
        blamed,
        echoed,
        lost,
        unanswered,
    ],
)
def test_no_canary_is_seen(  # noqa: PLR0917  fixtures
    scene: Scene,
    make: Make,
    heygen: HeyGen,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOTCALLER_DEBUG", "1")
    caplog.set_level(logging.DEBUG)
    plugins = {**PLUGINS, "onlooker": Onlooker()}
    caller, seen = make(plugins=plugins)
    scene(heygen)

    try:
        caller.generate(Shot("A paper boat"), VIDEO)
        trace = ""
    except ShotcallerError as error:
        trace = traced(error)
    (take,) = caller.takes()
    for words in (["show"], ["show", "--json"], ["resume", "--wait", "0", "--json"]):
        run(
            [words[0], take.id, *words[1:]],
            registry=caller.setup.registry,
            settings=caller.setup.settings,
        )
    printed = capfd.readouterr()
    text = spilled(caller, tmp_path / "home", caplog) + trace
    text += printed.out + printed.err

    canaries = signatures(seen.asked)
    found = [
        text[max(0, text.index(canary) - 200) : text.index(canary) + 40]
        for canary in (KEY, *canaries)
        if canary in text
    ]
    assert found == []
    assert len(canaries) > 1 or scene not in {nothing, redirected, unreachable}


def test_what_is_uploaded_to_a_signed_address_leaves_no_trace_of_it(
    make: Make,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    fal = Fal(lambda film: b"")
    fal.script("upload", *[Drop()] * 9)
    caller, _ = make(fal=fal)
    picture = tmp_path / "boat.png"
    picture.write_bytes(noted(png(640, 360), 200_000))
    told: list[Any] = []
    brief = Brief(model="fal/veo-3.1", budget="9", deadline=600, fallback=False)

    try:
        caller.generate(Shot("It sails off", image=picture), brief, watch=told.append)
    except ShotcallerError as error:
        told.append(traced(error))

    text = spilled(caller, tmp_path / "home", caplog) + repr(told)
    secrets = [upload.secret for upload in fal.account.uploads.values()]
    assert secrets
    assert [secret for secret in secrets if secret in text] == []
