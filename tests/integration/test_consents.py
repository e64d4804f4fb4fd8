"""Consents: what was agreed to, for how long each part stands, and what goes when it is taken back."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from benchmarks.journey import CONSENT, Visitor, new_visitor
from kit import clock
from kit.runtime import Runtime
from modules.consent import service as consents
from modules.consent.texts import CLOCKS, Purpose, find_text
from modules.consent.wire import Consent
from modules.tryon import deliver
from modules.tryon import tasks as tryon_tasks
from tests.integration.conftest import Salon, somebody_waits
from tests.integration.working import Worker

RED = [["des_polish_lacquer_red"]]


@pytest.fixture(scope="module")
def drawing() -> None:
    """Models are there to draw with."""
    tryon_tasks.warm()


async def give(api: httpx.AsyncClient, visitor: Visitor, *purposes: str) -> str:
    body = {**CONSENT, "purposes": [*purposes], "signature": "Ada L."}
    made = await api.post("/v1/consents", json=body, headers=visitor.headers)
    return str(made.raise_for_status().json()["id"])


async def read(api: httpx.AsyncClient, visitor: Visitor, consent_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get(f"/v1/consents/{consent_id}", headers=visitor.headers)).json()
    return found


async def withdraw(
    api: httpx.AsyncClient, visitor: Visitor, consent_id: str, *purposes: str
) -> httpx.Response:
    body = {"purposes": [*purposes]}
    return await api.post(f"/v1/consents/{consent_id}/withdrawal", json=body, headers=visitor.headers)


async def test_each_tick_has_its_own_clock(api: httpx.AsyncClient, visitor: Visitor) -> None:
    consent = await read(api, visitor, await give(api, visitor, "try_on", "marketing"))
    given = datetime.fromisoformat(consent["created_at"])
    lasts = {name: datetime.fromisoformat(end) - given for name, end in consent["ends"].items()}

    assert {name: round(span / timedelta(days=1)) for name, span in lasts.items()} == {
        "try_on": 30,
        "marketing": 365,
    }


async def test_a_tick_whose_time_is_over_counts_no_more(
    visitor: Visitor, hand_photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo_id = await visitor.upload(hand_photo)
    later = datetime.now(UTC) + CLOCKS[Purpose.TRY_ON] + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    with pytest.raises(httpx.HTTPStatusError, match="403"):
        await visitor.upload(hand_photo)
    with pytest.raises(httpx.HTTPStatusError, match="403"):
        await visitor.request(photo_id, RED)


def test_what_is_shown_ends_before_its_consent() -> None:
    photo, render = timedelta(days=1), timedelta(days=30)
    assert CLOCKS[Purpose.TRY_ON] + photo + render < CLOCKS[Purpose.SHARE]


async def test_a_part_is_taken_back_and_the_rest_stands(api: httpx.AsyncClient, visitor: Visitor) -> None:
    consent_id = await give(api, visitor, "try_on", "share", "marketing")
    answer = await withdraw(api, visitor, consent_id, "marketing")
    consent = msgspec.convert(answer.json(), Consent)

    now = clock.now()
    assert answer.status_code == 200
    assert [purpose for purpose in Purpose if consent.stands(purpose, now)] == ["try_on", "share"]
    assert consent.withdrawn_at is None


async def test_the_photo_taken_back_takes_everything_along(api: httpx.AsyncClient, visitor: Visitor) -> None:
    consent_id = await give(api, visitor, "try_on", "share", "marketing")
    consent = msgspec.convert((await withdraw(api, visitor, consent_id, "try_on")).json(), Consent)

    assert not any(consent.stands(purpose, clock.now()) for purpose in Purpose)
    assert consent.withdrawn_at is not None


async def test_a_consent_that_is_taken_back_just_now_admits_nothing(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    asked = {"photo_id": photo_id, "looks": [{"designs": RED[0]}]}
    async with runtime.db.tenant(salon.business_id) as unit:
        await consents.withdraw_again(unit, [f"{visitor.consent_id}:try_on"])
        asking = asyncio.create_task(api.post("/v1/tryons", json=asked, headers=visitor.headers))
        await somebody_waits(unit)

    answer = await asking
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")


async def test_taking_back_twice_is_taking_back_once(
    api: httpx.AsyncClient, salon: Salon, visitor: Visitor
) -> None:
    consent_id = await give(api, visitor, "try_on", "share")
    first, second = [(await withdraw(api, visitor, consent_id, "share")).json() for _ in range(2)]
    entries = (await api.get("/v1/audit", headers=salon.headers)).json()["items"]

    assert first == second
    assert [entry["action"] for entry in entries if entry["subject"] == consent_id] == [
        "consent.withdrawn",
        "consent.given",
    ]


async def test_what_was_never_agreed_to_cannot_be_taken_back(
    api: httpx.AsyncClient, visitor: Visitor
) -> None:
    answer = await withdraw(api, visitor, await give(api, visitor, "try_on"), "marketing")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_agreed")


async def pictures(runtime: Runtime, tryon_id: str) -> set[str]:
    keys = [stored.key async for stored in runtime.storage.list("results/")]
    return {key.rpartition("/")[2] for key in keys if tryon_id in key}


@pytest.mark.usefixtures("drawing")
async def test_without_consent_to_share_the_before_is_deleted_and_the_look_stays(
    runtime: Runtime, visitor: Visitor, hand_photo: bytes, worker: Worker, api: httpx.AsyncClient
) -> None:
    tryon_id = (await visitor.request(await visitor.upload(hand_photo), RED))["id"]
    await worker.work()
    shared = await visitor.read(tryon_id)
    assert shared["before"]
    assert "before.jpg" in await pictures(runtime, tryon_id)

    await withdraw(api, visitor, visitor.consent_id, "share")
    await worker.work()
    kept = await visitor.read(tryon_id)

    assert (kept["status"], kept["before"], kept["version"]) == ("done", None, shared["version"] + 1)
    assert await pictures(runtime, tryon_id) == {"full.jpg", "preview.jpg", "thumbnail.jpg"}


@pytest.mark.usefixtures("drawing")
async def test_a_consent_to_share_taken_back_during_the_render_leaves_no_before(
    runtime: Runtime,
    api: httpx.AsyncClient,
    visitor: Visitor,
    hand_photo: bytes,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tryon_id = (await visitor.request(await visitor.upload(hand_photo), RED))["id"]
    put = deliver.put

    async def put_and_withdraw(*stored: Any) -> None:
        await put(*stored)
        await withdraw(api, visitor, visitor.consent_id, "share")

    monkeypatch.setattr(deliver, "put", put_and_withdraw)
    await worker.work()

    assert (await visitor.read(tryon_id))["before"] is None
    assert "before.jpg" not in await pictures(runtime, tryon_id)


@pytest.mark.usefixtures("drawing")
async def test_taking_the_photo_back_erases_pictures_whose_photo_is_gone_already(
    runtime: Runtime, api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes, worker: Worker
) -> None:
    photo_id = await visitor.upload(hand_photo)
    tryon_id = (await visitor.request(photo_id, RED))["id"]
    await worker.work()
    await worker.expire("photos", photo_id)
    assert await pictures(runtime, tryon_id)

    await withdraw(api, visitor, visitor.consent_id, "try_on")
    await worker.work()

    assert await pictures(runtime, tryon_id) == set()
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await visitor.read(tryon_id)


async def test_the_receipt_says_who_agreed_to_which_words_and_how(
    api: httpx.AsyncClient, visitor: Visitor
) -> None:
    consent_id = await give(api, visitor, "try_on", "share")
    answer = await api.get(f"/v1/consents/{consent_id}/receipt", headers=visitor.headers)
    receipt = answer.json()
    text = find_text("2026-11", "en")

    assert text is not None
    assert consent_id in answer.headers["content-disposition"]
    assert (receipt["signature"], receipt["business"], receipt["consent"]["id"]) == (
        "Ada L.",
        "Salon",
        consent_id,
    )
    assert receipt["text"] == msgspec.to_builtins(text)
    words = msgspec.json.encode(receipt["text"], order="sorted")
    assert receipt["text_sha256"] == hashlib.sha256(words).hexdigest()
    sealed = {name: value for name, value in receipt.items() if name != "receipt_sha256"}
    assert (
        receipt["receipt_sha256"] == hashlib.sha256(msgspec.json.encode(sealed, order="sorted")).hexdigest()
    )


@pytest.mark.parametrize(("method", "what"), [("GET", "receipt"), ("POST", "withdrawal")])
async def test_others_consents_are_not_found(
    api: httpx.AsyncClient, salon: Salon, other_salon: Salon, visitor: Visitor, method: str, what: str
) -> None:
    stranger = await new_visitor(api, salon.key)
    path, body = f"/v1/consents/{visitor.consent_id}/{what}", {"purposes": ["share"]}
    content: dict[str, Any] = {"json": body} if method == "POST" else {}

    statuses = [
        (await api.request(method, path, headers=headers, **content)).status_code
        for headers in (stranger.headers, other_salon.headers, {}, visitor.headers, salon.headers)
    ]
    assert statuses == [404, 404, 401, 200, 200]
