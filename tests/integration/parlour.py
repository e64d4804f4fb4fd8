"""A salon that can be booked: one place in Berlin, its team and its things, asked over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from kit import clock
from kit.outbox.tables import outbox
from kit.runtime import Runtime
from tests.integration.conftest import Salon

ZONE = ZoneInfo("Europe/Berlin")
EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
GEL, COLOUR = "srv_gel_manicure", "srv_hair_colour"


def hours(start: str = "09:00", end: str = "18:00") -> dict[str, Any]:
    """The same hours every day."""
    return {"weekly": [{"weekday": day, "start": start, "end": end} for day in EVERY_DAY]}


def next_monday(weeks: int = 1) -> date:
    """A Monday that lies well ahead."""
    today = clock.now().astimezone(ZONE).date()
    return today + timedelta(days=7 - today.weekday() + 7 * (weeks - 1))


def at(day: date, reading: str) -> str:
    """A reading of Berlin's clock as RFC 3339."""
    wall = datetime.combine(day, datetime.strptime(reading, "%H:%M").time(), ZONE)
    return wall.astimezone(UTC).isoformat()


def reading(moment: str) -> str:
    """What Berlin's clock shows."""
    return f"{datetime.fromisoformat(moment).astimezone(ZONE):%H:%M}"


class Parlour:
    """What callers of one salon ask; every answer's status is checked."""

    def __init__(self, runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> None:
        self.runtime, self.api, self.salon = runtime, api, salon
        self.location = ""
        self.stylists: dict[str, str] = {}

    async def ask(
        self,
        method: str,
        path: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Any:
        given = {"If-Match": "*", **(self.salon.headers if headers is None else headers)}
        answer = await self.api.request(method, path, headers=given, **more)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def open(self, *names: str, schedule: dict[str, Any] | None = None, **location: Any) -> Parlour:
        """Open the place, with a team of these names."""
        body = {"name": "Mitte", "zone": "Europe/Berlin", **location}
        self.location = (await self.ask("POST", "/v1/locations", 201, json=body))["id"]
        for name in names:
            await self.hire(name, schedule=schedule or hours())
        return self

    async def hire(self, name: str, **more: Any) -> str:
        """Somebody who can be booked."""
        body = {"location_id": self.location, "name": name, "schedule": hours(), **more}
        self.stylists[name] = (await self.ask("POST", "/v1/schedules", 201, json=body))["id"]
        return self.stylists[name]

    async def furnish(self, kind: str, count: int = 1) -> None:
        """Things of a kind."""
        for number in range(count):
            body = {"location_id": self.location, "kind": kind, "name": f"{kind} {number + 1}"}
            await self.ask("POST", "/v1/resources", 201, json=body)

    async def rules(self, service: str, **rules: Any) -> None:
        """How a service is done."""
        await self.ask("PUT", f"/v1/service-rules/{service}", json=rules)

    async def policy(self, **policy: Any) -> None:
        await self.ask("PUT", "/v1/booking-rules", json={"policy": policy})

    async def book(self, starts_at: str, *services: str, status: int = 201, **more: Any) -> Any:
        headers = more.pop("headers", None)
        body = {"location_id": self.location, "starts_at": starts_at, **more}
        if not more.keys() & {"tryon_id", "designs"}:
            body["services"] = services or (GEL,)
        return await self.ask("POST", "/v1/bookings", status, headers=headers, json=body)

    async def slots(self, first: str, until: str, *services: str, **query: Any) -> list[dict[str, Any]]:
        headers = query.pop("headers", None)
        asked = {"location_id": self.location, "from": first, "until": until, **query}
        if "tryon_id" not in query:
            asked["services"] = [*(services or (GEL,))]
        found = await self.ask("GET", "/v1/slots", headers=headers, params=asked)
        items: list[dict[str, Any]] = found["items"]
        return items

    async def readings(self, day: date, *services: str, **query: Any) -> list[str]:
        """When services can begin on a day, on Berlin's clock."""
        found = await self.slots(at(day, "00:00"), at(day + timedelta(days=1), "00:00"), *services, **query)
        return [reading(slot["starts_at"]) for slot in found]

    async def told(self) -> list[str]:
        """Topics of what is told of appointments and the waiting list, oldest first."""
        from sqlalchemy import select

        async with self.runtime.db.system() as unit:
            query = select(outbox.c.topic).where(outbox.c.business_id == self.salon.business_id)
            rows = await unit.all(query.order_by(outbox.c.id))
        return [row.topic for row in rows if row.topic.startswith(("appointment.", "waitlist."))]
