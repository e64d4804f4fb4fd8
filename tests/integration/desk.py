"""A salon at its desk: its catalogue over HTTP, and a worker that does at once what is due for it."""

from __future__ import annotations

from typing import Any

import dramatiq
import httpx
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select

from kit.outbox import Command
from kit.outbox.tables import jobs, outbox
from kit.runtime import Runtime, attach
from modules.catalog.jobs import DrawPreviews
from modules.exchange.jobs import ExpireImport, RunImport
from tests.integration.conftest import Salon

dramatiq.set_broker(StubBroker())

from modules.catalog import tasks as catalog  # noqa: E402  (actors register with the broker that is set)
from modules.exchange import tasks as exchange  # noqa: E402

ACTORS = {
    DrawPreviews.kind: catalog.draw_previews,
    RunImport.kind: exchange.run_import,
    ExpireImport.kind: exchange.expire_import,
}
POLISH = {
    "kind": "nail_polish",
    "name": "Salon Red",
    "sku": "OWN-1",
    "colours": ["#b5201f"],
    "finish": "gel",
    "service": "srv_gel_manicure",
    "minutes": 60,
    "price": {"amount": 4500, "currency": "EUR"},
}
PRODUCT = {
    "sku": "GEL-7",
    "name": "Gel 7 ml",
    "brand": "Own",
    "kind": "nails",
    "price": {"amount": 990, "currency": "EUR"},
    "stock": 5,
    "low_stock": 2,
}
SERVICE = {
    "name": "Bridal Manicure",
    "kind": "manicure",
    "minutes": 120,
    "price": {"amount": 9900, "currency": "EUR"},
}


class Desk:
    """What a caller of one salon asks; every answer's status is checked."""

    def __init__(self, runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> None:
        self.runtime, self.api, self.salon = runtime, api, salon

    async def ask(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        headers = {**self.salon.headers, **more.pop("headers", {})}
        answer = await self.api.request(method, f"/v1/catalog{path}", headers=headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def add(self, path: str, body: dict[str, Any], **more: Any) -> Any:
        return await self.ask("POST", path, 201, json={**body, **more})

    async def change(self, path: str, version: int | str, status: int = 200, **more: Any) -> Any:
        return await self.ask("PATCH", path, status, json=more, headers={"If-Match": f'"{version}"'})

    async def send(self, subject: str, data: bytes, status: int = 202, **query: str) -> Any:
        """Import a file."""
        return await self.ask(
            "POST", "/imports", status, params={"subject": subject, **query}, files={"file": ("table", data)}
        )

    async def saved(self, subject: str, form: str = "csv") -> bytes:
        """An export."""
        query = {"subject": subject, "format": form}
        answer = await self.api.get("/v1/catalog/exports", params=query, headers=self.salon.headers)
        assert answer.status_code == 200, answer.text
        return answer.content

    async def work(self, *kinds: type[Command]) -> None:
        """Do the jobs of these kinds, or of the whole catalogue, until there are none."""
        attach(self.runtime)
        try:
            while due := await self._due([kind.kind for kind in kinds] or [*ACTORS]):
                for job_id, kind in due:
                    await ACTORS[kind].fn.__wrapped__(job_id)  # type: ignore[attr-defined]
        finally:
            attach(None)

    async def told(self) -> list[tuple[str, Any]]:
        """What is told of the catalogue and the stock, oldest first."""
        async with self.runtime.db.system() as unit:
            query = select(outbox.c.topic, outbox.c.payload).where(
                outbox.c.business_id == self.salon.business_id
            )
            rows = await unit.all(query.order_by(outbox.c.id))
        return [(row.topic, row.payload) for row in rows if row.topic.startswith(("design.", "stock."))]

    async def audited(self) -> list[str]:
        """Actions on the catalogue in the audit log, oldest first."""
        answer = await self.api.get("/v1/audit?limit=100", headers=self.salon.headers)
        actions = [entry["action"] for entry in reversed(answer.json()["items"])]
        return [action for action in actions if not action.startswith(("business.", "key.", "staff."))]

    async def _due(self, kinds: list[str]) -> list[tuple[str, str]]:
        async with self.runtime.db.tenant(self.salon.business_id) as unit:
            query = select(jobs.c.id, jobs.c.kind).where(
                jobs.c.state == "queued", jobs.c.kind.in_(kinds), jobs.c.run_at <= jobs.c.created_at
            )
            return [(row.id, row.kind) for row in await unit.all(query.order_by(jobs.c.id))]
