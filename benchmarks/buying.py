"""Buys one clip with one client while the reply to every submit is lost.

It is a program, `python -m benchmarks.buying fal-client dropped`, since a client reads
the environment of its process: it serves the vendor itself, leads the client there,
and prints what reached it. Each client has its own settings for repeating; only its
read time-out is set, and its pauses are shortened.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from attrs import asdict, frozen

from benchmarks.clocks import Hurried, hurry
from benchmarks.vendors import Careless, Counted, settings, sketched
from shotcaller import Brief, Shot, Shotcaller, ShotcallerError
from shotcaller_emulator.fal import KEY, Fal
from shotcaller_emulator.faults import After, Drop, Stall
from shotcaller_emulator.heygen import HeyGen
from shotcaller_emulator.serving import serve

SPEED = 20.0
"""By how much the pauses between attempts are shortened, on all sides alike."""

READ = 0.5
SILENCE = 5.0
"""For how long a client waits for a reply, and nothing comes, in seconds."""

PATIENCE = 120.0
"""How long our client goes on where a repeat buys nothing, in seconds of its own."""

ENOUGH = 100
"""How many replies are lost: more than any client asks for."""

PROMPT = "a lighthouse at dusk"

LOSSES: Mapping[str, Stall | None] = {"dropped": None, "unanswered": Stall(SILENCE)}
"""What becomes of each reply once its job was taken; None drops the connection."""


@frozen
class Bought:
    """Is what one client did at a vendor: submits that arrived, jobs that they made."""

    posts: int
    jobs: int


def fal(loss: Stall | None) -> Bought:
    """Buys at fal, which reads no key, with Shotcaller."""
    vendor = Fal(sketched)
    vendor.script("submit", *[After(loss or Drop())] * ENOUGH)
    return _shotcaller(vendor, "fal", "fal/veo-3.1-fast")


def workflows(loss: Stall | None) -> Bought:
    """Buys from HeyGen's old workflows, which read no key, with Shotcaller."""
    vendor = HeyGen(sketched)
    vendor.script("execute", *[After(loss or Drop())] * ENOUGH)
    return _shotcaller(vendor, "heygen", "heygen/veo-3.1")


def v3(loss: Stall | None) -> Bought:
    """Buys from HeyGen's v3, which honours a key for a day, with Shotcaller."""
    vendor = HeyGen(sketched)
    vendor.script("submit", *[After(loss or Drop())] * ENOUGH)
    return _shotcaller(vendor, "heygen", "heygen/video-1")


def _shotcaller(vendor: Fal | HeyGen, gateway: str, model: str) -> Bought:
    from shotcaller.transport import wording

    wording.SPEND_TIMEOUT = httpx.Timeout(10.0, read=READ)
    brief = Brief(
        model=model,
        budget="20",
        unknown_price=True,
        fallback=False,
        deadline=PATIENCE,
    )
    counted = Counted(vendor)
    with tempfile.TemporaryDirectory() as folder, serve(counted) as server:
        known = settings(Path(folder), gateway, server.url)
        caller = Shotcaller(settings=known, clock=Hurried(SPEED))
        with caller, suppress(ShotcallerError):
            caller.generate(Shot(PROMPT), brief)
    return Bought(counted.count("POST"), len(vendor.ledger))


def fal_client(loss: Stall | None) -> Bought:
    """Buys at fal with fal's own client, which is led there as by a proxy."""
    from fal_client import SyncClient
    from trustme import CA

    from tests.clients.reaching import by_proxy
    from tests.clients.stage import INPUT, VEO, Stage

    vendor = Fal(sketched)
    vendor.script("submit", *[After(loss or Drop())] * ENOUGH)
    stage = Stage(vendor)
    with by_proxy(stage, CA()):
        client = SyncClient(key=KEY, default_timeout=READ)
        with suppress(Exception):
            client.submit(VEO, INPUT)
    return Bought(len(stage.sent("POST", "queue")), len(vendor.ledger))


def openai(loss: Stall | None) -> Bought:
    """Buys a video from OpenAI with OpenAI's client."""

    def buy(url: str) -> None:
        from openai import OpenAI

        client = OpenAI(api_key="k", base_url=url, timeout=READ)
        client.videos.create(prompt=PROMPT)  # type: ignore[deprecated]  # it is here yet

    return _bought(loss, buy)


def runwayml(loss: Stall | None) -> Bought:
    """Buys a video from Runway with Runway's client."""

    def buy(url: str) -> None:
        from runwayml import RunwayML

        client = RunwayML(api_key="k", base_url=url, timeout=READ)
        client.text_to_video.create(
            model="veo3.1", prompt_text=PROMPT, ratio="1280:720", duration=4
        )

    return _bought(loss, buy)


def replicate(loss: Stall | None) -> Bought:
    """Buys a prediction from Replicate with Replicate's client."""

    def buy(url: str) -> None:
        from replicate.client import Client

        client = Client("k", base_url=url, timeout=httpx.Timeout(READ))
        client.predictions.create(version="0" * 64, input={"prompt": PROMPT})

    return _bought(loss, buy)


def _bought(loss: Stall | None, buy: Callable[[str], Any]) -> Bought:
    vendor = Careless(loss)
    counted = Counted(vendor)
    with serve(counted) as server, suppress(Exception):
        buy(server.url)
    return Bought(counted.count("POST"), len(vendor.jobs))


CLIENTS: Mapping[str, Callable[[Stall | None], Bought]] = {
    "shotcaller, fal": fal,
    "shotcaller, heygen workflows": workflows,
    "shotcaller, heygen v3": v3,
    "fal-client": fal_client,
    "openai": openai,
    "runwayml": runwayml,
    "replicate": replicate,
}


def main(client: str, loss: str) -> None:
    """Prints what one client did, as JSON."""
    hurry(SPEED)
    print(json.dumps(asdict(CLIENTS[client](LOSSES[loss]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
