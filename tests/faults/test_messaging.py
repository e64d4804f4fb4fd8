"""Real workers are killed while the mail server is about to answer: the letter comes twice, and never a third time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from benchmarks.chaos import kill
from benchmarks.patience import until
from cli.trial import FRONT, GPU, Running, serving
from kit import clock
from kit.settings import Mail, Settings, Workers
from modules.messaging import service
from modules.messaging.contexts import SharedLook
from modules.messaging.kinds import Kind
from modules.messaging.service import Recipient
from tests.faults.service import children, ground
from tests.integration.conftest import open_salon
from tests.integration.mailbox import HANG, Mailbox, receiving


@pytest.fixture(scope="module")
async def mailbox() -> AsyncIterator[Mailbox]:
    async with receiving() as listening:
        yield listening


@pytest.fixture(scope="module")
def settings(mailbox: Mailbox) -> Iterator[Settings]:
    mail = Mail(
        host="127.0.0.1", port=mailbox.port, security="none", sender="post@vernis.example", timeout_s=60
    )
    with ground(workers=Workers(lease_s=3, drain_s=5), mail=mail) as complete:
        yield complete


@pytest.fixture(scope="module")
async def running(settings: Settings) -> AsyncIterator[Running]:
    async with serving(settings, (*FRONT, GPU)) as here:
        yield here


@pytest.mark.slow
async def test_workers_killed_between_sending_and_writing_cost_one_duplicate(
    running: Running, mailbox: Mailbox
) -> None:
    salon = await open_salon(running.runtime)
    mailbox.at_data += [HANG, HANG]
    look = SharedLook(url="https://salon.example/s/1", by="Mara", look="Red", expires_at=clock.now())
    async with running.runtime.db.tenant(salon.business_id) as unit:
        message_id = await service.send(unit, Kind.SHARED_LOOK, Recipient("a@guest.example"), look, key="1")

    for arrived in (1, 2):
        await until(lambda arrived=arrived: len(mailbox.letters) == arrived)  # type: ignore[misc]
        (master,) = [one for one in running.stack.services if one.name == "worker-cpu"]
        (worker,) = children(master.process.pid)
        kill(worker)

    async def given_up() -> bool:
        log = await running.http.get(f"/v1/messages/{message_id}", headers=salon.headers)
        return (log.json()["message"]["state"], log.json()["message"]["error"]) == ("failed", "worker_lost")

    await until(given_up)
    assert len(mailbox.letters) == 2
    assert len(set(mailbox.ids)) == 1
