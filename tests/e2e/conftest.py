"""The whole service as real processes, unharmed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from cli.trial import FRONT, GPU, Running, serving
from kit.settings import Settings
from tests.faults.service import ground


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    with ground() as complete:
        yield complete


@pytest.fixture(scope="session")
async def service(settings: Settings) -> AsyncIterator[Running]:
    async with serving(settings, (*FRONT, GPU)) as here:
        yield here
