"""A real worker is killed while a receiver answers it: the message comes again under the same id."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import select

from benchmarks.chaos import kill
from benchmarks.patience import until
from benchmarks.receiver import HANG, receiving
from cli.trial import FRONT, GPU, Running, serving
from kit.outbox.tables import jobs
from kit.settings import Settings, Webhooks, Workers
from modules.webhooks.jobs import DeliverWebhook
from tests.faults.service import children, ground
from tests.integration.conftest import Salon, open_salon


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with ground(
        workers=Workers(lease_s=3, drain_s=5), webhooks=Webhooks(allow_private=True, timeout_s=60)
    ) as complete:
        yield complete


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Running]:
    async with serving(settings, (*FRONT, GPU)) as here:
        yield here


@pytest.mark.slow
async def test_a_worker_killed_between_sending_and_writing_sends_again(service: Running) -> None:
    salon: Salon = await open_salon(service.runtime)
    async with receiving() as receiver:
        receiver.will(HANG)
        made = await service.http.post("/v1/webhooks", json={"url": receiver.url}, headers=salon.headers)
        path = f"/v1/webhooks/{made.json()['webhook']['id']}"
        delivery = (await service.http.post(f"{path}/ping", headers=salon.headers)).json()
        await until(lambda: len(receiver.received) == 1)

        (master,) = [one for one in service.stack.services if one.name == "worker-cpu"]
        (worker,) = children(master.process.pid)
        kill(worker)

        await until(lambda: len(receiver.received) == 2)
        first, second = receiver.received
        assert (first.id, first.body) == (second.id, second.body)
        assert first.signed_with(made.json()["secret"])
        assert second.signed_with(made.json()["secret"])

        async def delivered() -> bool:
            log = await service.http.get(f"{path}/deliveries/{delivery['id']}", headers=salon.headers)
            return bool(log.json()["delivery"]["state"] == "delivered")

        await until(delivered)


@pytest.mark.slow
async def test_a_worker_that_must_end_hands_its_job_back(service: Running) -> None:
    salon: Salon = await open_salon(service.runtime)
    async with receiving() as receiver:
        receiver.will(HANG)
        made = await service.http.post("/v1/webhooks", json={"url": receiver.url}, headers=salon.headers)
        await service.http.post(f"/v1/webhooks/{made.json()['webhook']['id']}/ping", headers=salon.headers)
        await until(lambda: len(receiver.received) == 1)

        (master,) = [one for one in service.stack.services if one.name == "worker-cpu"]
        master.process.terminate()

        await until(lambda: len(receiver.received) == 2)
        assert any("jobs_handed_back" in line for line in service.log)

        async def done_at_the_first_attempt() -> bool:
            mine = (jobs.c.business_id == salon.business_id, jobs.c.kind == DeliverWebhook.kind)
            async with service.runtime.db.system() as unit:
                job = (await unit.execute(select(jobs.c.state, jobs.c.attempts).where(*mine))).one()
            return bool(tuple(job) == ("done", 1))

        await until(done_at_the_first_attempt)
