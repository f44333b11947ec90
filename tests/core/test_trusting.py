"""Who a server is, is proven by the same authorities for all clients of a process."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from shotcaller.transport.trusting import trusted


def test_the_authorities_are_read_once() -> None:
    assert trusted() is trusted()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_other_authorities_are_trusted_as_soon_as_they_are_named(
    name: str, tmp_path: Path
) -> None:
    authority = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(authority)
    usual = trusted()

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv(name, str(authority if name == "SSL_CERT_FILE" else tmp_path))
        own = trusted()

    assert trusted() is usual
    assert own is not usual
    if name == "SSL_CERT_FILE":  # those of a folder are read when one is asked for
        assert len(own.get_ca_certs()) == 1
