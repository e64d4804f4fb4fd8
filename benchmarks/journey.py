"""A visitor's way through the service over HTTP: token, consent, photo, try-on, pictures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from benchmarks.patience import Patient
from kit.db.engine import Database
from modules.accounts import service as accounts

ENDED = frozenset({"done", "nothing_found", "failed", "cancelled"})
CONSENT = {"text_version": "2026-11", "purposes": ["try_on", "share"], "signature": "tapped"}


class Visitor:
    """One customer's device. Methods raise httpx.HTTPStatusError on any answer that is not a success."""

    def __init__(self, http: httpx.AsyncClient, token: str, consent_id: str) -> None:
        self._http, self.token, self.consent_id = http, token, consent_id
        self.headers = {"Authorization": f"Bearer {token}"}

    async def upload(self, photo: bytes) -> str:
        """Upload a photo under the visitor's consent; returns its id."""
        files, form = {"file": ("photo", photo)}, {"consent_id": self.consent_id}
        return str((await self._send("POST", "/v1/photos", files=files, data=form))["id"])

    async def request(
        self, photo_id: str, looks: Sequence[Sequence[str]], *, key: str | None = None
    ) -> dict[str, Any]:
        """Ask for one picture for each list of design ids; once only under an Idempotency-Key."""
        body = {"photo_id": photo_id, "looks": [{"designs": [*designs]} for designs in looks]}
        own = {} if key is None else {"Idempotency-Key": key}
        return await self._send("POST", "/v1/tryons", json=body, headers=self.headers | own)

    async def read(self, tryon_id: str) -> dict[str, Any]:
        """The try-on as it is now."""
        return await self._send("GET", f"/v1/tryons/{tryon_id}")

    async def finished(self, tryon_id: str, *, within_s: float = 60) -> dict[str, Any]:
        """Follow the event stream until the try-on ends; raises TimeoutError."""
        async with asyncio.timeout(within_s):
            async with self._http.stream(
                "GET", f"/v1/tryons/{tryon_id}/events", headers=self.headers
            ) as stream:
                stream.raise_for_status()
                async for _ in stream.aiter_lines():
                    pass
            while (tryon := await self.read(tryon_id))["status"] not in ENDED:
                await asyncio.sleep(0.2)
        return tryon

    async def ended(self, tryon_id: str, *, within_s: float = 240) -> dict[str, Any]:
        """Ask again and again until the try-on has ended, as a client without a stream does; raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while (tryon := await self.read(tryon_id))["status"] not in ENDED:
                await asyncio.sleep(1)
        return tryon

    async def picture(self, url: str) -> bytes:
        """Fetch a signed picture."""
        response = await self._http.get(url)
        response.raise_for_status()
        return response.content

    async def _send(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        response = await self._http.request(method, path, **{"headers": self.headers, **content})
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found


async def new_salon(db: Database, name: str = "Bench") -> tuple[str, str]:
    """A business and the secret of its key."""
    business_id = await accounts.create_business(db, name)
    async with db.tenant(business_id) as unit:
        return business_id, (await accounts.create_key(unit, name)).secret


async def new_visitor(http: httpx.AsyncClient, key: str) -> Visitor:
    """A new customer with a token and a consent to try on and share."""
    minted = await http.post("/v1/visitors", headers={"Authorization": f"Bearer {key}"})
    minted.raise_for_status()
    token = minted.json()["token"]
    given = await http.post("/v1/consents", json=CONSENT, headers={"Authorization": f"Bearer {token}"})
    given.raise_for_status()
    return Visitor(http, token, given.json()["id"])


@asynccontextmanager
async def open_visitor(base_url: str, key: str) -> AsyncIterator[Visitor]:
    """A new customer of the service at this address, who comes back when she is told to."""
    async with httpx.AsyncClient(base_url=base_url, timeout=30, transport=Patient()) as http:
        yield await new_visitor(http, key)
