"""One loaded Studio for all golden tests."""

from __future__ import annotations

import pytest

from models.pipeline import Studio


@pytest.fixture(scope="session")
def studio() -> Studio:
    return Studio.load()
