"""Real engines, one API over them, and a fresh salon for each test that asks."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest
from msgspec import Struct
from sqlalchemy import text

from api.app import create_app
from benchmarks import roomy
from benchmarks.journey import Visitor, new_visitor
from kit.db.prepare import prepare
from kit.db.unit import Unit
from kit.embedded import discard
from kit.runtime import Runtime, attach, connected, furnished
from kit.settings import Settings
from kit.storage import ObjectMissing, Storage
from modules.accounts import service as accounts

if TYPE_CHECKING:
    from tests.integration.house import House
    from tests.integration.working import Worker

ROOMY, LONG = roomy.LIMITS, roomy.QUEUE
"""Tests share one address and one queue that nobody serves; those of limits and queues set their own."""


class Salon(Struct, frozen=True):
    """A business of its own and its key."""

    business_id: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


async def is_stored(storage: Storage, key: str) -> bool:
    """Whether an object is there; raises StorageAway when nobody can say."""
    try:
        await storage.stat(key)
    except ObjectMissing:
        return False
    return True


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
    async with another_api(runtime.settings) as client:
        yield client


@asynccontextmanager
async def another_api(settings: Settings, **changes: Struct) -> AsyncIterator[httpx.AsyncClient]:
    """One more API over the same engines, with some settings changed.

    Requests run side by side on the test's own loop; litestar's test client would block it for each of them.
    """
    app = create_app(msgspec.structs.replace(settings, **changes))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("testclient", 1))  # type: ignore[arg-type]
    stopping, started = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def live() -> None:
        async with app.lifespan():
            started.set_result(None)
            await stopping.wait()

    life = asyncio.create_task(live())  # a task of its own: fixtures begin and end in different ones
    await asyncio.wait((life, started), return_when=asyncio.FIRST_COMPLETED)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", timeout=60) as client:
            yield client
    finally:
        stopping.set()
        await life


async def open_salon(runtime: Runtime) -> Salon:
    business_id = await accounts.create_business(runtime.db, "Salon")
    async with runtime.db.tenant(business_id) as unit:
        return Salon(business_id, (await accounts.create_key(unit, "test")).secret)


async def somebody_waits(unit: Unit) -> None:
    """Return when another transaction waits for a lock."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with asyncio.timeout(10):
        while not (await unit.execute(waiting)).scalar_one():
            await asyncio.sleep(0.01)


@pytest.fixture
async def salon(runtime: Runtime) -> Salon:
    return await open_salon(runtime)


@pytest.fixture
async def other_salon(runtime: Runtime) -> Salon:
    return await open_salon(runtime)


@pytest.fixture
async def visitor(api: httpx.AsyncClient, salon: Salon) -> Visitor:
    return await new_visitor(api, salon.key)


@pytest.fixture
def attached(runtime: Runtime) -> Iterator[Runtime]:
    """This process as a worker: actors find the runtime."""
    attach(runtime)
    yield runtime
    attach(None)


@pytest.fixture
def worker(attached: Runtime, salon: Salon) -> Worker:
    """A worker that does the salon's jobs when it is told to."""
    from tests.integration.working import Worker  # imports the models

    return Worker(attached, salon.business_id)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """A server that speaks S3; it takes any signature."""
    from moto.server import ThreadedMotoServer  # takes a second to import

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module", params=["local", "s3"])
async def house(
    request: pytest.FixtureRequest, runtime: Runtime, api: httpx.AsyncClient
) -> AsyncIterator[House]:
    """The service over each kind of store."""
    from tests.integration.house import House, attached, over_a_bucket  # imports this file, and boto3

    if request.param == "local":
        async with attached(runtime) as here:
            yield House(api, here)
    else:
        async with over_a_bucket(runtime, request.getfixturevalue("s3_endpoint")) as here:
            yield here


@pytest.fixture(scope="session")
def hand_photo() -> bytes:
    folder = Path(__file__).parents[2] / "assets" / "samples" / "hands"
    return sorted(folder.glob("*.jpg"))[0].read_bytes()
