"""Things that a request can be about: for each parameter, values that lead somewhere."""

from __future__ import annotations

import itertools
from typing import Any

import httpx

from benchmarks.journey import CONSENT
from tests.contract.conftest import EACH, Callers
from tests.faults.service import RED
from tests.integration.desk import PRODUCT, SERVICE
from tests.security.things import BUNDLE

HOOK = "https://localhost:1/hook"

Values = dict[str, list[str]]


async def things(http: httpx.AsyncClient, callers: Callers) -> Values:
    """Values by parameter, as schemathesis names them (`path.photo_id`, `body.email`)."""
    names = itertools.count()

    async def made(path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {callers.key}"}
        answer = await http.post(path, json=body, headers=headers)
        found: dict[str, Any] = answer.raise_for_status().json()
        return {**found, **found.get("webhook", {})}

    async def many(path: str, body: dict[str, Any] | None) -> list[str]:
        return [(await made(path, body))["id"] for _ in range(EACH)]

    customer = (await made("/v1/visitors"))["customer_id"]
    consents = await many("/v1/consents", {**CONSENT, "customer_id": customer})
    photos = await many("/v1/sample-photos/open_05_left", {"consent_id": consents[0]})
    tryons = await many("/v1/tryons", {"photo_id": photos[0], "looks": [{"designs": [RED]}]})
    leaving = (await made("/v1/visitors"))["customer_id"]
    webhooks = await many("/v1/webhooks", {"url": HOOK})
    deliveries = [(await made(f"/v1/webhooks/{webhooks[0]}/ping"))["id"] for _ in range(EACH)]
    emails = [f"somebody{next(names)}@salon.example" for _ in range(EACH)]
    invited = [(await made("/v1/staff/invitations", {"email": email, "role": "stylist"})) for email in emails]
    return {
        "path.consent_id": consents[1:],
        "body.consent_id": consents[:1],
        "path.photo_id": photos[1:],
        "body.photo_id": photos[:1],
        "path.sample_id": ["open_05_left"],
        "path.tryon_id": tryons,
        "path.design_id": [RED],
        "path.customer_id": [customer],
        "path.export_id": await many(f"/v1/customers/{customer}/export", None),
        "path.erasure_id": [(await made(f"/v1/customers/{leaving}/erasure"))["id"]],
        "path.bundle_id": await many("/v1/catalog/bundles", BUNDLE),
        "path.service_id": await many("/v1/catalog/services", SERVICE),
        "path.product_id": [
            (await made("/v1/catalog/products", {**PRODUCT, "sku": f"SKU-{number}"}))["id"]
            for number in range(EACH)
        ],
        "query.hex": ["b5201f"],
        "header.If-Match": ["*"],
        "body.service": ["srv_gel_manicure"],
        "path.webhook_id": webhooks,
        "path.delivery_id": deliveries,
        "path.key_id": await many("/v1/keys", {"name": "made"}),
        "path.kiosk_id": await many("/v1/kiosks", {"name": "made"}),
        "path.invitation_id": [one["id"] for one in invited],
        "body.email": [f"newcomer{next(names)}@salon.example" for _ in range(EACH)],
        "body.text_version": [CONSENT["text_version"]],
        "body.language": ["en"],
        "body.url": [HOOK],
        "body.customer_id": [customer],
        "body.business_id": [callers.business_id],
        "query.finish": ["cream"],
    }
