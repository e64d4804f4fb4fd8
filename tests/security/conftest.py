"""The engines and the API of the integration tests, and one cast of callers for all of the matrix."""

from __future__ import annotations

import httpx
import pytest

from kit.runtime import Runtime
from tests.integration.conftest import api, runtime, settings
from tests.security.cast import Cast, assemble

__all__ = ["api", "runtime", "settings"]


@pytest.fixture(scope="session")
async def cast(api: httpx.AsyncClient, runtime: Runtime) -> Cast:
    return await assemble(api, runtime)
