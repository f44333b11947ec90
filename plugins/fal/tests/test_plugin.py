"""The plugin as the core meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points

import pluggy
import pytest

import shotcaller_fal
from shotcaller import Registry
from shotcaller.plugin import (
    Aside,
    AuthorizeHook,
    CancelHook,
    FindHook,
    GatewayHooks,
    Hooks,
    Request,
    ResolveHook,
    Shot,
    Ticket,
    UploadHook,
)


def test_the_plugin_keeps_to_the_specification() -> None:
    gateway: GatewayHooks = shotcaller_fal
    resolve: ResolveHook = shotcaller_fal
    cancel: CancelHook = shotcaller_fal
    find: FindHook = shotcaller_fal
    upload: UploadHook = shotcaller_fal
    authorize: AuthorizeHook = shotcaller_fal
    manager = pluggy.PluginManager("shotcaller")
    manager.add_hookspecs(Hooks)
    manager.register(shotcaller_fal)
    manager.check_pending()

    assert gateway.shotcaller_gateways() == (shotcaller_fal.GATEWAY,)
    assert resolve.shotcaller_resolve("fal/veo-3.1") is None
    assert callable(cancel.shotcaller_cancel)
    assert callable(find.shotcaller_find)
    assert callable(upload.shotcaller_upload)
    assert callable(authorize.shotcaller_authorize)


def test_the_plugin_is_found_by_its_entry_point() -> None:
    (found,) = entry_points(group="shotcaller", name="fal")

    assert found.load() is shotcaller_fal


def test_the_registry_asks_the_gateway_for_whatever_is_fals(ticket: Ticket) -> None:
    registry = Registry({"fal": shotcaller_fal})
    model = registry.model("fal:fal-ai/veo3.1")
    assert model is not None

    submit = registry.submit(model, Shot("a fox", seconds=8), "k")
    cancel = registry.cancel(ticket)

    assert registry.plugins[0].broken == ""
    assert cancel is not None
    queue = "https://queue.fal.run"
    shot = {"prompt": "a fox", "duration": "8s", "resolution": "720p"}
    assert [next(one) for one in (submit, registry.poll(ticket), cancel)] == [
        Request(
            "POST", f"{queue}/fal-ai/veo3.1", json={**shot, "generate_audio": True}
        ),
        Aside(Request("GET", f"{queue}{ticket.data['status']}", params={"logs": "1"})),
        Request("PUT", f"{queue}{ticket.data['cancel']}"),
    ]


@pytest.mark.parametrize("status", [402, 408, 425, 429, 499, 500, 502, 503, 504])
def test_a_status_that_may_stand_for_a_job_that_was_taken_refuses_nothing(
    status: int,
) -> None:
    assert status not in shotcaller_fal.GATEWAY.refusals


def test_importing_the_plugin_loads_nothing_slow() -> None:
    heavy = {"asyncio", "cattrs", "email", "httpx", "jsonschema", "sqlite3"}
    program = f"import sys, shotcaller_fal; print(sorted({heavy} & {{*sys.modules}}))"
    # measuring coverage loads things of its own
    plain = {name: value for name, value in os.environ.items() if "COV" not in name}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=plain,
    )

    assert done.stdout == "[]\n"
