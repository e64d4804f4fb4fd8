"""Real engines, one API over them, and a fresh salon for each test that asks."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar.testing import AsyncTestClient
from msgspec import Struct

from api.app import create_app
from benchmarks.journey import Visitor, new_visitor
from kit.db.prepare import prepare
from kit.embedded import discard
from kit.runtime import Runtime, connected, furnished
from kit.settings import Limits, Queue, Settings, Uploads
from modules.accounts import service as accounts


ROOMY = Limits(*[1_000_000] * 4)
LONG = Queue(depth=1_000_000, depth_per_business=1_000_000, age_s=1_000_000)
"""Tests share one address and one queue that nobody serves; those of limits and queues set their own."""


class Salon(Struct, frozen=True):
    """A business of its own and its key."""

    business_id: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="vernis-test-") as folder:
        with furnished(Settings(data_dir=folder, limits=ROOMY, queue=LONG)) as complete:
            yield complete
        discard(Path(folder))


@pytest.fixture(scope="session")
async def runtime(settings: Settings) -> AsyncIterator[Runtime]:
    await prepare(settings.database)
    async with connected(settings) as here:
        yield here


@pytest.fixture(scope="session")
async def api(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncTestClient(create_app(runtime.settings), raise_server_exceptions=False) as client:
        yield client


@asynccontextmanager
async def another_api(settings: Settings, **changes: Struct) -> AsyncIterator[httpx.AsyncClient]:
    """One more API over the same engines, with some settings changed."""
    own = msgspec.structs.replace(settings, uploads=Uploads(decoders=1))
    async with AsyncTestClient(
        create_app(msgspec.structs.replace(own, **changes)), raise_server_exceptions=False
    ) as client:
        yield client


async def open_salon(runtime: Runtime) -> Salon:
    business_id = await accounts.create_business(runtime.db, "Salon")
    async with runtime.db.tenant(business_id) as unit:
        return Salon(business_id, (await accounts.create_key(unit, "test")).secret)


@pytest.fixture
async def salon(runtime: Runtime) -> Salon:
    return await open_salon(runtime)


@pytest.fixture
async def other_salon(runtime: Runtime) -> Salon:
    return await open_salon(runtime)


@pytest.fixture
async def visitor(api: httpx.AsyncClient, salon: Salon) -> Visitor:
    return await new_visitor(api, salon.key)


@pytest.fixture(scope="session")
def hand_photo() -> bytes:
    folder = Path(__file__).parents[2] / "assets" / "samples" / "hands"
    return sorted(folder.glob("*.jpg"))[0].read_bytes()
