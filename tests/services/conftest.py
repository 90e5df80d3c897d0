"""Servers for a session of tests: started before the first that needs them, gone whatever becomes of it.

`make test-services` installs what is missing. A test fails, it never skips, when its server cannot start.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto.server import ThreadedMotoServer

from tests.services.servers import Postgres, Sshd, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL; a test that stops it starts it again."""
    yield from running(Postgres())


@pytest.fixture(scope="session")
def sshd_of_session() -> Iterator[Sshd]:
    """A running sshd."""
    yield from running(Sshd())


@pytest.fixture
def sshd(sshd_of_session: Sshd, monkeypatch: pytest.MonkeyPatch) -> Sshd:
    """A running sshd that this test's home knows, and the key for it."""
    monkeypatch.setenv("HOME", str(sshd_of_session.home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return sshd_of_session


@pytest.fixture(scope="session")
def s3_of_session() -> Iterator[str]:
    """Address of a running S3 made of memory (moto)."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture
def s3(s3_of_session: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Address of a running S3, as the environment of this test has it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_of_session)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up-secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return s3_of_session
