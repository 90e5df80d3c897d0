"""What every test needs: a link key of its own, so that none is made among the settings of whoever tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def link_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """CHISO_LINK_KEY_FILE names a file of this test session."""
    before = os.environ.get("CHISO_LINK_KEY_FILE")
    os.environ["CHISO_LINK_KEY_FILE"] = str(tmp_path_factory.mktemp("key") / "link.key")
    yield
    if before is None:
        del os.environ["CHISO_LINK_KEY_FILE"]
    else:
        os.environ["CHISO_LINK_KEY_FILE"] = before
