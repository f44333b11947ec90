"""Shotcaller and fal's own client ask the same server for the same job.

What reaches the server is recorded on both sides. Where the two differ it is meant, and
listed with the reason; nothing else differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import pytest
from attrs import asdict, field, frozen
from fal_client import SyncClient
from PIL import Image

from shotcaller.plugin import JSON
from shotcaller_cli import run
from shotcaller_emulator.fal import KEY
from shotcaller_emulator.fal.asking import Asked
from shotcaller_emulator.fal.routes import routed
from tests.clients.javascript import Node
from tests.clients.stage import AT_ONCE, WAITS, Stage

Ours: TypeAlias = Callable[..., Sequence["Sent"]]
Theirs: TypeAlias = Callable[[str, Mapping[str, JSON]], Sequence["Sent"]]
Query: TypeAlias = tuple[tuple[str, str], ...]
Alone: TypeAlias = Mapping[tuple[str, Query], str]

STILL = "https://example.com/still.png"


def picture(folder: Path) -> Path:
    """Returns a picture that is too large to go into a request."""
    path = folder / "still.png"
    noise = Random(1).randbytes(3 * 180 * 320)
    Image.frombytes("RGB", (180, 320), noise).save(path)
    return path


@frozen
class Sent:
    """Is a request as its server got it; ids and links are called by what they are.

    ``server`` is which of fal's it was meant for. In a ``body`` of JSON the order of
    the fields is always the same.
    """

    step: str
    method: str
    server: str
    path: str
    query: Query
    body: str
    auth: str | None


@frozen
class Difference:
    """Is a field of a step's request in which the two differ, and why they are to."""

    step: str
    name: str
    ours: Any
    theirs: Any
    why: str = field(eq=False, default="")


@frozen
class Job:
    """Is a job in the words of both: those of our command, and those of fal's pages."""

    words: Sequence[str]
    endpoint: str
    input: Mapping[str, JSON]


JOBS = {
    "Veo from words": Job(
        (
            *("a lighthouse at dusk", "--model", "fal/veo-3.1-fast", "--no-sound"),
            *("--seconds", "4", "--ratio", "16:9", "--resolution", "720p"),
        ),
        "fal-ai/veo3.1/fast",
        {
            "prompt": "a lighthouse at dusk",
            "duration": "4s",
            "aspect_ratio": "16:9",
            "resolution": "720p",
            "generate_audio": False,
        },
    ),
    "Veo from a still": Job(
        (
            *("it turns", "--model", "fal/veo-3.1", "--image", STILL, "--sound"),
            *("--seconds", "4", "--ratio", "9:16", "--resolution", "720p"),
        ),
        "fal-ai/veo3.1/image-to-video",
        {
            "prompt": "it turns",
            "image_url": STILL,
            "duration": "4s",
            "aspect_ratio": "9:16",
            "resolution": "720p",
            "generate_audio": True,
        },
    ),
    "Seedance from words": Job(
        (
            *("a lighthouse", "--model", "fal/seedance-2.0", "--sound"),
            *("--seconds", "4", "--ratio", "1:1", "--resolution", "480p"),
        ),
        "bytedance/seedance-2.0/text-to-video",
        {
            "prompt": "a lighthouse",
            "duration": "4",
            "aspect_ratio": "1:1",
            "resolution": "480p",
            "generate_audio": True,
        },
    ),
    "Kling from a still": Job(
        (
            *("it turns", "--model", "fal/kling-v3-standard", "--image", STILL),
            *("--seconds", "5", "--no-sound"),
        ),
        "fal-ai/kling-video/v3/standard/image-to-video",
        {
            "prompt": "it turns",
            "start_image_url": STILL,
            "duration": "5",
            "generate_audio": False,
        },
    ),
    "an endpoint by its id": Job(
        (
            *("a lighthouse", "--model", "fal:fal-ai/wan/v2.7/text-to-video"),
            *("--seconds", "2", "--ratio", "16:9", "--resolution", "720p"),
        ),
        "fal-ai/wan/v2.7/text-to-video",
        {
            "prompt": "a lighthouse",
            "duration": 2,
            "aspect_ratio": "16:9",
            "resolution": "720p",
        },
    ),
}

MEANT = (
    Difference(
        "status",
        "query",
        (("logs", "1"),),
        (("logs", "true"),),
        "fal takes both; ours is the spelling of its pages and its JavaScript client",
    ),
)
"""All in which the requests for a job differ."""

MEANT_OF_UPLOADS = (
    Difference(
        "initiate",
        "query",
        (("storage_type", "fal-cdn-v3"),),
        (("storage_type", "gcs"),),
        "the Python client comes this way only where another failed, and asks for the "
        "storage of before; the JavaScript client asks as we do",
    ),
    Difference(
        "upload",
        "auth",
        None,
        f"Key {KEY}",
        "a signed link needs no key, and whoever holds the files should not get it; "
        "the Python client sends it along",
    ),
    *MEANT,
)
"""All in which they differ where a file has to be uploaded first."""

ONLY_OURS: Alone = {
    ("platform", (("endpoint_id", "ENDPOINT"),)): "a receipt says what was billed, for "
    "which it takes the price of a unit",
    ("download", ()): "fal's clients leave the clip to their callers; we deliver it",
}
ONLY_THEIRS: Alone = {
    ("status", (("logs", "false"),)): "it asks once more before it asks for the result",
}
"""Requests, by step and query, that one side sends and the other has no need of."""


def recorded(stage: Stage) -> Sequence[Sent]:
    """Returns what was sent, in order and each request once, and forgets it."""
    names = {line.request_id: "ID" for line in stage.ledger}
    for path, upload in stage.fal.account.uploads.items():
        names |= {path: "/FILE", upload.secret: "SECRET"}
    within = {**names, **{line.endpoint: "ENDPOINT" for line in stage.ledger}}
    sent = dict.fromkeys(_sent(each, names, within) for each in stage.heard)
    stage.heard.clear()
    return list(sent)


def _sent(seen: Asked, names: Mapping[str, str], within: Mapping[str, str]) -> Sent:
    """Returns a request with names in it; ``within`` are those within its query."""
    body = _named(seen.body.decode("latin-1"), names)
    return Sent(
        routed(seen)[0],
        seen.method,
        seen.server,
        _named(seen.path, names),
        tuple((name, _named(value, within)) for name, value in seen.query),
        json.dumps(json.loads(body), sort_keys=True) if body[:1] == "{" else body,
        seen.headers.get("authorization"),
    )


def _named(text: str, names: Mapping[str, str]) -> str:
    """Calls what is new in every run by what it is, and this machine by its role."""
    for value, name in names.items():
        text = text.replace(value, name)
    return re.sub(r"https?://(127\.0\.0\.1:[0-9]+|v3b\.fal\.media)/", "media:/", text)


def differences(ours: Sequence[Sent], theirs: Sequence[Sent]) -> Sequence[Difference]:
    """Returns in what two recordings of the same steps differ."""
    assert [each.step for each in ours] == [each.step for each in theirs]
    return [
        Difference(one.step, name, value, asdict(other)[name])
        for one, other in zip(ours, theirs, strict=True)
        for name, value in asdict(one).items()
        if value != asdict(other)[name]
    ]


def without(sent: Sequence[Sent], meant: Alone) -> Sequence[Sent]:
    """Returns what is left without what one side alone is to send, and did."""
    assert set(meant) <= {(each.step, each.query) for each in sent}
    return [each for each in sent if (each.step, each.query) not in meant]


@pytest.fixture
def ours(
    stage: Stage, stage_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Ours:
    """Runs ``shotcaller``; returns what it sent."""
    monkeypatch.setenv("SHOTCALLER_FAL_URL", stage_url)
    monkeypatch.setenv("FAL_KEY", KEY)
    monkeypatch.chdir(tmp_path)

    def ran(*args: str, ends: int = 0) -> Sequence[Sent]:
        assert ends == run(args)
        return recorded(stage)

    return ran


@pytest.fixture
def theirs(stage: Stage, fal: SyncClient) -> Theirs:
    """Does a whole job with fal's client; returns what it sent."""

    def done(endpoint: str, given: Mapping[str, JSON]) -> Sequence[Sent]:
        handle = fal.submit(endpoint, dict(given))
        for _ in handle.iter_events(with_logs=True):
            pass
        handle.get()
        return recorded(stage)

    return done


@pytest.mark.parametrize("name", JOBS)
def test_a_job_is_asked_for_in_the_same_way(
    ours: Ours, theirs: Theirs, stage: Stage, name: str
) -> None:
    job = JOBS[name]
    stage.fal.script("job", AT_ONCE, AT_ONCE)

    by_us = without(ours("generate", *job.words, "--yes"), ONLY_OURS)
    by_them = without(theirs(job.endpoint, job.input), ONLY_THEIRS)

    assert [each.step for each in by_us] == ["submit", "status", "result"]
    assert list(MEANT) == differences(by_us, by_them)


def test_a_job_is_cancelled_in_the_same_way(
    ours: Ours,
    fal: SyncClient,
    stage: Stage,
    capsys: pytest.CaptureFixture[str],
) -> None:
    job = JOBS["Veo from words"]
    stage.fal.script("job", WAITS, WAITS)

    by_us = [
        *ours("generate", *job.words, "--yes", "--detach"),
        *ours("cancel", capsys.readouterr().out.strip(), ends=6),
    ]
    fal.submit(job.endpoint, dict(job.input)).cancel()
    by_them = recorded(stage)

    assert [each.step for each in by_us] == ["submit", "cancel"]
    assert differences(by_us, by_them) == []


def test_a_file_is_brought_in_the_same_way(
    ours: Ours, theirs: Theirs, fal: SyncClient, stage: Stage, tmp_path: Path
) -> None:
    job = JOBS["Veo from a still"]
    stage.fal.script("job", AT_ONCE, AT_ONCE)
    still = picture(tmp_path)
    words = [str(still) if word == STILL else word for word in job.words]

    by_us = without(ours("generate", *words, "--yes"), ONLY_OURS)
    url = fal.upload_file(still, repository="fal")
    by_them = without(
        theirs(job.endpoint, {**job.input, "image_url": url}), ONLY_THEIRS
    )

    assert [each.step for each in by_us] == [
        "initiate",
        "upload",
        "submit",
        "status",
        "result",
    ]
    assert list(MEANT_OF_UPLOADS) == differences(by_us, by_them)


def test_a_file_is_brought_as_fals_javascript_client_brings_it(
    ours: Ours,
    node: Node,
    hosts: Mapping[str, str],
    stage: Stage,
    tmp_path: Path,
) -> None:
    job = JOBS["Veo from a still"]
    stage.fal.script("job", AT_ONCE)
    still = picture(tmp_path)
    words = [str(still) if word == STILL else word for word in job.words]

    by_us = ours("generate", *words, "--yes")
    node.run(hosts, "uploadFile", path=str(still), type="image/png")
    by_them = recorded(stage)

    assert [each.step for each in by_them] == ["initiate", "upload"]
    assert differences(by_us[:2], by_them) == []
