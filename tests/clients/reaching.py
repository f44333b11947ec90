"""Lets clients that know only fal's own hosts reach the stage."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from trustme import CA

from shotcaller_emulator.serving import Clock, Vendor, serve
from tests.clients.stage import HOSTS, At, Stage
from tests.clients.tunnel import tunnel

FETCHED = ("queue.fal.run", "fal.run", "rest.fal.ai", "v3b.fal.media")
"""The hosts that fal's JavaScript client wants."""


class Timed(Vendor, Protocol):
    """Is a vendor with a clock of its own."""

    @property
    def clock(self) -> Clock:
        """Tells when a request comes."""


@contextmanager
def by_proxy(
    stage: Timed, authority: CA, certified: Collection[str] = HOSTS
) -> Iterator[None]:
    """Leads this process to the stage by what anybody may set: nothing is patched.

    Hosts that are not ``certified`` cannot show who they are.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*certified).configure_cert(context)
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        serve(stage, ssl_context=context, clock=stage.clock) as server,
    ):
        trusted = Path(folder) / "authority.pem"
        authority.cert_pem.write_to_path(str(trusted))
        with tunnel(HOSTS, int(server.url.rpartition(":")[2])) as proxy:
            patch.setenv("HTTPS_PROXY", proxy)
            patch.setenv("NO_PROXY", "")
            patch.setenv("SSL_CERT_FILE", str(trusted))
            yield


@contextmanager
def by_address(stage: Stage) -> Iterator[Mapping[str, str]]:
    """Serves hosts at an address of its own each, without TLS; returns them by host."""
    with ExitStack() as stack:
        servers = {
            host: stack.enter_context(serve(At(host, stage), clock=stage.clock))
            for host in FETCHED
        }
        yield {host: server.url for host, server in servers.items()}
