"""The API as a process of its own, over engines of its own, with somebody of every kind to call it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from msgspec import Struct

from benchmarks.journey import new_visitor
from cli.trial import Running, serving
from kit.settings import Settings, Webhooks
from modules.accounts.scopes import Role
from tests.faults.service import ground
from tests.integration.callers import hire, pair_kiosk
from tests.integration.conftest import open_salon

EACH = 4
"""Things of each kind that are there to be read, changed and deleted."""


class Callers(Struct, frozen=True):
    """Where the service is, and a credential for each of the document's security schemes.

    leaver: of a member of staff who may sign out without ending anybody else's session.
    """

    url: str
    key: str
    staff: str
    kiosk: str
    visitor: str
    leaver: str
    business_id: str


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    with ground(webhooks=Webhooks(allow_private=True)) as complete:
        yield complete


@pytest.fixture(scope="session")
async def running(settings: Settings) -> AsyncIterator[Running]:
    """The API alone: no relay, no worker."""
    async with serving(settings, (("api",),), ready=alive) as here:
        yield here


@pytest.fixture(scope="session")
async def callers(running: Running) -> Callers:
    salon = await open_salon(running.runtime)
    owner, leaver = [await hire(running.runtime, salon, Role.OWNER) for _ in range(2)]
    kiosk = await pair_kiosk(running.http, salon)
    visitor = await new_visitor(running.http, salon.key)
    return Callers(
        running.settings.public_url,
        salon.key,
        owner.access,
        kiosk.token,
        visitor.token,
        leaver.access,
        salon.business_id,
    )


async def alive(http: httpx.AsyncClient) -> bool:
    return (await http.get("/health/live")).status_code == 200
