"""A test of a program that uses Shotcaller gets fal for nothing."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from shotcaller_emulator.faults import Drop
from shotcaller_emulator.fixtures import fal_emulator, heygen_emulator

__all__ = ["fal_emulator", "heygen_emulator"]


def ask(method: str, url: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Key {os.environ['FAL_KEY']}"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request) as said:
        return json.loads(said.read())


def test_the_environment_leads_to_it(fal_emulator: Any) -> None:
    url = os.environ["SHOTCALLER_FAL_URL"]
    wish = {"prompt": "a fox", "duration": "4s", "generate_audio": False}
    job = ask("POST", f"{url}/fal-ai/veo3.1", wish)
    while ask("GET", job["status_url"])["status"] != "COMPLETED":
        time.sleep(0.05)
    clip = ask("GET", job["response_url"])["video"]
    with urllib.request.urlopen(clip["url"]) as said:
        movie = said.read()

    assert url == fal_emulator.url
    assert movie[4:8] == b"ftyp"
    assert len(movie) == clip["file_size"]
    (line,) = fal_emulator.ledger
    assert (line.state, str(line.billed)) == ("done", "0.8")
    assert fal_emulator.vendor.leaks == ()


def test_it_can_be_scripted(fal_emulator: Any) -> None:
    fal_emulator.script("submit", Drop())

    with pytest.raises(ConnectionResetError):
        ask("POST", f"{fal_emulator.url}/fal-ai/veo3.1", {"prompt": "a fox"})
    assert not fal_emulator.ledger


def test_each_test_has_its_own(fal_emulator: Any) -> None:
    assert not fal_emulator.ledger


def test_the_environment_leads_to_heygen(heygen_emulator: Any) -> None:
    url = os.environ["SHOTCALLER_HEYGEN_URL"]
    headers = {"X-Api-Key": os.environ["HEYGEN_API_KEY"]}
    wish = {"model": "heygen-video-1", "mode": "text_to_video", "prompt": "a fox"}
    heygen_emulator.script("submit", Drop())

    def submitted() -> Any:
        body = json.dumps(wish).encode()
        asked = urllib.request.Request(f"{url}/v3/models/videos", body, headers)
        with urllib.request.urlopen(asked) as said:
            return json.loads(said.read())

    with pytest.raises(ConnectionResetError):
        submitted()
    taken = submitted()

    assert url == heygen_emulator.url
    (line,) = heygen_emulator.ledger
    assert line.request_id == taken["data"]["video_id"]
    assert heygen_emulator.vendor.leaks == ()
