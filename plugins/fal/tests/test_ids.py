"""Which texts are ids of endpoints, and which addresses they have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shotcaller_fal
from shotcaller_fal import ids
from shotcaller_fal.catalogue import endpoints

PARTS = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,9}", fullmatch=True)


@pytest.mark.parametrize(
    ("written", "good"),
    [
        ("fal-ai/veo3.1", True),
        ("minimax/h3-max/text-to-video", True),
        ("110602490-my-app", True),
        ("workflows/me/mine", True),
        ("workflows/me", False),
        ("comfy/me", False),
        ("veo3", False),
        ("fal-ai/", False),
        ("/veo3", False),
        ("a//b", False),
        ("a/../b", False),
        ("a/b c", False),
        ("a/b?c", False),
        ("a/b#c", False),
        ("a/é", False),
        ("", False),
    ],
)
def test_an_id_is_owner_alias_and_perhaps_a_path(written: str, good: bool) -> None:
    assert ids.is_id(written) is good


def test_the_old_spelling_of_an_id_is_read() -> None:
    assert ids.submit_url("110602490-my-app") == (
        "https://queue.fal.run/110602490/my-app"
    )
    assert ids.request_path("110602490-my-app", "r1") == (
        "/110602490/my-app/requests/r1"
    )
    assert ids.parts("12-app/more") == ["12-app", "more"]


@given(st.lists(PARTS, min_size=2, max_size=5), st.uuids().map(str))
def test_a_job_is_asked_for_under_the_start_of_its_id(
    parts: list[str], request_id: str
) -> None:
    endpoint = "/".join(parts)
    if not ids.is_id(endpoint):
        return
    path = ids.request_path(endpoint, request_id)
    base, _, rest = path.partition("/requests/")

    assert f"/{endpoint}".startswith(base)
    assert base.count("/") == (3 if parts[0] in ids.NAMESPACES else 2)
    assert rest == request_id
    assert ids.own_path(f"https://any{path}/status", request_id, "") == f"{path}/status"


@given(st.text())
def test_a_text_is_an_endpoint_by_name_or_nothing(text: str) -> None:
    model = shotcaller_fal.shotcaller_resolve(f"fal:{text}")

    assert (model is not None) is ids.is_id(text)
    assert shotcaller_fal.shotcaller_resolve(text.replace(":", "/")) is None


@pytest.mark.parametrize("id_", sorted(endpoints()))
def test_every_endpoint_that_is_known_resolves_by_its_name(id_: str) -> None:
    model = shotcaller_fal.shotcaller_resolve(f"fal:{id_}")

    assert model is not None
    assert (model.id, model.gateway, model.price) == (f"fal:{id_}", "fal", None)
    assert model.listed is False
    assert model.maker == id_.partition("/")[0]
    assert model.title == f"fal {id_} (by its name)"
    assert model.capabilities.operations == set(model.by_operation)
