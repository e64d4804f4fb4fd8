"""The whole service as real processes, unharmed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.faults.service import FRONT, GPU, Running, ground, serving


@pytest.fixture(scope="session")
async def service() -> AsyncIterator[Running]:
    with ground() as settings:
        async with serving(settings, (*FRONT, GPU)) as here:
            yield here
