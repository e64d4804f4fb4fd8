"""Exports: all that is kept of a person in one archive, for a day and for nobody else."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import httpx
import pytest

from benchmarks.journey import Visitor
from kit.runtime import Runtime
from modules.privacy import exporting
from modules.privacy.registry import PERSONAL
from modules.tryon import tasks as tryon_tasks
from tests.integration.conftest import Salon, is_stored
from tests.integration.working import Worker
from workers.sweeper import sweep

NOT_HANDED_OUT = {"erasures", "idempotency_keys", "jobs", "outbox", "webhook_deliveries", "webhook_attempts"}
"""What stands while she is erased, copies of answers, and the sending of messages that are handed out themselves."""


async def ask(api: httpx.AsyncClient, visitor: Visitor) -> dict[str, Any]:
    answer = await api.post("/v1/me/export", headers=visitor.headers)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def read(api: httpx.AsyncClient, visitor: Visitor, export_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get(f"/v1/exports/{export_id}", headers=visitor.headers)).json()
    return found


async def archives(runtime: Runtime, export_id: str) -> list[str]:
    return [stored.key async for stored in runtime.storage.list("exports/") if export_id in stored.key]


async def test_the_archive_holds_all_that_is_kept_of_her_and_nothing_secret(
    api: httpx.AsyncClient, salon: Salon, visitor: Visitor, hand_photo: bytes, worker: Worker
) -> None:
    tryon_tasks.warm()
    photo_id = await visitor.upload(hand_photo)
    tryon_id = (await visitor.request(photo_id, [["des_polish_lacquer_red"]]))["id"]
    await worker.work()

    asked = await ask(api, visitor)
    await worker.work()
    done = await read(api, visitor, asked["id"])
    answer = await api.get(done["url"])
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    tables = {name[8:-5]: json.loads(archive.read(name)) for name in archive.namelist() if "records/" in name}

    assert (asked["status"], asked["url"], done["status"]) == ("pending", None, "done")
    assert done["size_bytes"] == len(answer.content)
    assert answer.headers["content-disposition"].endswith(f"{asked['id']}.zip")
    assert archive.read(f"photos/{photo_id}.jpeg") == hand_photo
    assert {name for name in archive.namelist() if tryon_id in name} == {
        f"tryons/{tryon_id}/{name}.jpg" for name in ("1-full", "1-preview", "1-thumbnail", "before")
    }
    assert set(tables) == {kept.table for part in PERSONAL for kept in part.KEPT} - NOT_HANDED_OUT
    assert tables["consents"][0]["signature"] == "tapped"
    assert tables["tryons"][0]["id"] == tryon_id
    assert "hash" not in str(tables["visitor_tokens"] + tables["tickets"])
    assert visitor.token not in str(tables)
    entries = (await api.get("/v1/audit", headers=salon.headers)).json()["items"]
    assert ("person.export_asked", asked["id"], "visitor") in {
        (entry["action"], entry["subject"], entry["actor_kind"]) for entry in entries
    }


async def test_an_archive_is_deleted_after_a_day(
    runtime: Runtime, api: httpx.AsyncClient, visitor: Visitor, worker: Worker
) -> None:
    asked = await ask(api, visitor)
    await worker.work()
    url = (await read(api, visitor, asked["id"]))["url"]
    assert await archives(runtime, asked["id"])

    await worker.expire("exports", asked["id"])
    over = await read(api, visitor, asked["id"])

    assert (over["status"], over["url"]) == ("expired", None)
    assert await archives(runtime, asked["id"]) == []
    assert (await api.get(url)).status_code == 404


async def test_what_went_meanwhile_is_left_out(
    runtime: Runtime, api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes, worker: Worker
) -> None:
    photo_id = await visitor.upload(hand_photo)
    asked = await ask(api, visitor)
    async for stored in runtime.storage.list("photos/"):
        if photo_id in stored.key:
            await runtime.storage.delete(stored.key)
    await worker.work()

    done = await read(api, visitor, asked["id"])
    names = zipfile.ZipFile(io.BytesIO((await api.get(done["url"])).content)).namelist()
    assert not [name for name in names if photo_id in name]


async def test_an_archive_made_while_she_is_erased_is_taken_back(
    runtime: Runtime,
    api: httpx.AsyncClient,
    visitor: Visitor,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = await ask(api, visitor)
    finish = exporting.finish

    async def erase_first(*held: Any) -> bool:
        assert await archives(runtime, asked["id"])
        await api.post("/v1/me/erasure", headers=visitor.headers)
        await worker.work(only="privacy.erase")
        return await finish(*held)

    monkeypatch.setattr(exporting, "finish", erase_first)
    await worker.work()

    assert await archives(runtime, asked["id"]) == []


async def test_the_sweeper_takes_archives_that_nobody_wants(
    runtime: Runtime, api: httpx.AsyncClient, visitor: Visitor, worker: Worker, salon: Salon
) -> None:
    asked = await ask(api, visitor)
    await worker.work()
    stray = f"exports/{salon.business_id}/exp_stray/export.zip"
    await runtime.storage.put(stray, b"left behind", "application/zip")

    await sweep(runtime, older_than=timedelta())

    assert not await is_stored(runtime.storage, stray)
    assert await archives(runtime, asked["id"])
