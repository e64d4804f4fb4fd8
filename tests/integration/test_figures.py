"""What `/metrics` shows of the present: queues, outbox and dependencies, also while one of them is away."""

from __future__ import annotations

import httpx
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from kit.outbox import add, emit
from kit.runtime import Runtime
from modules.photos.events import PhotoErased
from modules.photos.jobs import ExpirePhoto
from tests.integration.conftest import Salon, another_api


async def figures(api: httpx.AsyncClient) -> dict[tuple[str, ...], float]:
    """Every sample of the page, by its name and its labels' values."""
    answer = await api.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_what_waits_is_shown_by_queue_and_kind(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon
) -> None:
    before = await figures(api)
    async with runtime.db.tenant(salon.business_id) as unit:
        await add(unit, ExpirePhoto("pho_none"))
        await emit(unit, PhotoErased("pho_none"))

    shown = await figures(api)

    assert shown["vernis_queue_depth", "cpu"] == before["vernis_queue_depth", "cpu"] + 1
    assert shown["vernis_outbox_events",] == before["vernis_outbox_events",] + 1
    assert shown["vernis_job_age_seconds", ExpirePhoto.kind] > 0
    assert shown["vernis_relay_lag_seconds",] > 0, "no relay runs here"
    assert shown["vernis_outbox_age_seconds",] > 0
    assert shown["vernis_workers_alive", "gpu"] == 0


async def test_routes_are_counted_by_their_template(api: httpx.AsyncClient, salon: Salon) -> None:
    where = ("vernis_http_requests_total", "GET", "/v1/photos/{photo_id}", "404")
    before = (await figures(api)).get(where, 0)
    await api.get("/v1/photos/pho_1", headers=salon.headers)
    await api.get("/v1/photos/pho_2", headers=salon.headers)
    await api.request("BREW", "/v1/pot")

    shown = await figures(api)

    assert shown[where] == before + 2
    assert not [labels for labels in shown if "BREW" in labels or "/v1/pot" in labels]


@pytest.mark.parametrize("away", ["redis", "storage"])
async def test_what_is_away_costs_its_own_figure_and_not_the_page(runtime: Runtime, away: str) -> None:
    settings = runtime.settings
    changes: dict[str, msgspec.Struct] = {}
    if away == "redis":
        changes["redis"] = msgspec.structs.replace(settings.redis, url="redis://127.0.0.1:1/0")
    else:
        nowhere = {
            "bucket": "none",
            "endpoint_url": "http://127.0.0.1:1",
            "access_key_id": "a",
            "secret_access_key": "b",
        }
        changes["storage"] = msgspec.structs.replace(settings.storage, **nowhere)
    async with another_api(settings, **changes) as api:
        shown = await figures(api)

    up = {name: shown["vernis_dependency_up", name] for name in ("database", "redis", "storage")}
    assert up == {"database": 1, "redis": 1, "storage": 1} | {away: 0}
    assert shown["vernis_queue_depth", "cpu"] >= 0
