"""Photos that go straight into the store, into a folder as into a bucket: form, post, complete."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from benchmarks.journey import CONSENT, Visitor, new_visitor
from kit.decode import DecodePool
from kit.runtime import Runtime
from kit.settings import Uploads
from modules.accounts.caller import Caller, CallerKind
from modules.accounts.scopes import Scope
from modules.entitlements import service as entitlements
from modules.photos.intake import Intake
from tests.integration.callers import bearer, hold, sql
from tests.integration.conftest import Salon, another_api, is_stored
from tests.integration.house import House
from tests.integration.working import dump
from workers.sweeper import sweep


def without_times(photo: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in photo.items() if name not in ("id", "created_at", "expires_at")}


async def test_a_posted_photo_is_taken_in_like_an_uploaded_one(
    house: House, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    upload = await house.posted(visitor, hand_photo)
    photo = (await house.complete(upload, visitor.token)).raise_for_status().json()
    uploaded = await house.api.get(f"/v1/photos/{await visitor.upload(hand_photo)}", headers=salon.headers)

    assert without_times(photo) == without_times(uploaded.json())
    assert await house.storage.get(f"photos/{salon.business_id}/{photo['id']}/original") == hand_photo
    assert (await visitor.request(photo["id"], [["des_polish_lacquer_red"]]))["status"] == "queued"
    await house.work(salon)
    assert not await is_stored(house.storage, upload["fields"]["key"])


async def test_the_form_says_what_may_be_sent_and_until_when(house: House, visitor: Visitor) -> None:
    answer = await house.begin(visitor, "image/heic")
    upload = answer.json()

    assert answer.status_code == 201
    assert upload["fields"]["key"].startswith("incoming/")
    assert upload["fields"]["key"].endswith(f"/{upload['id']}")
    assert upload["fields"]["Content-Type"] == "image/heic"
    assert upload["max_bytes"] == 20 * 1024**2
    assert (await house.begin(visitor, "image/gif")).status_code == 422


@pytest.mark.parametrize("name", ["cut off", "no picture", "too small"])
async def test_what_the_gate_refuses_is_refused_in_the_same_words(
    house: House, salon: Salon, visitor: Visitor, hand_photo: bytes, name: str
) -> None:
    tiny = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    data = {"cut off": hand_photo[: len(hand_photo) // 2], "no picture": b"GIF89a", "too small": tiny}[name]
    upload = await house.posted(visitor, data)

    refused = await house.complete(upload, visitor.token)
    straight = await house.api.post(
        "/v1/photos",
        files={"file": ("p", data)},
        data={"consent_id": visitor.consent_id},
        headers=bearer(visitor.token),
    )

    assert refused.status_code >= 400
    assert (refused.status_code, refused.json()["code"]) == (straight.status_code, straight.json()["code"])
    assert await house.keys(f"photos/{salon.business_id}/") == []
    await house.post(upload, hand_photo)  # the form is still good
    assert (await house.complete(upload, visitor.token)).status_code == 201


async def test_a_store_that_took_too_much_is_not_believed(house: House, visitor: Visitor) -> None:
    upload = (await house.begin(visitor)).json()
    await house.storage.put(upload["fields"]["key"], bytes(20 * 1024**2 + 1), "image/jpeg")

    refused = await house.complete(upload, visitor.token)

    assert (refused.status_code, refused.json()["code"]) == (413, "photo_too_large")


async def test_nothing_is_completed_before_it_has_arrived(
    house: House, visitor: Visitor, hand_photo: bytes
) -> None:
    upload = (await house.begin(visitor)).json()

    refused = await house.complete(upload, visitor.token)

    assert (refused.status_code, refused.json()["code"]) == (409, "upload_not_arrived")
    await house.post(upload, hand_photo)
    assert (await house.complete(upload, visitor.token)).status_code == 201


async def test_completed_again_it_is_the_same_photo(
    house: House, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    upload = await house.posted(visitor, hand_photo)

    answers = await asyncio.gather(*(house.complete(upload, visitor.token) for _ in range(6)))
    await house.post(upload, b"something else")
    answers.append(await house.complete(upload, visitor.token))

    assert {answer.status_code for answer in answers} == {201}
    (photo_id,) = {answer.json()["id"] for answer in answers}
    assert await house.keys(f"photos/{salon.business_id}/") == [
        f"photos/{salon.business_id}/{photo_id}/original"
    ]
    assert await house.storage.get(f"photos/{salon.business_id}/{photo_id}/original") == hand_photo


async def test_an_idempotency_key_gives_the_same_form_and_the_same_photo(
    house: House, visitor: Visitor, hand_photo: bytes
) -> None:
    forms = [await house.begin(visitor, **{"Idempotency-Key": "form"}) for _ in range(2)]
    assert forms[0].json() == forms[1].json()
    await house.post(forms[0].json(), hand_photo)

    photos = [
        await house.complete(forms[0].json(), visitor.token, **{"Idempotency-Key": "done"}) for _ in range(2)
    ]

    assert photos[0].json() == photos[1].json()
    assert photos[1].headers["idempotency-replayed"] == "true"


async def test_an_upload_is_its_customers_own(
    house: House, runtime: Runtime, salon: Salon, other_salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    upload = await house.posted(visitor, hand_photo)
    stranger = await new_visitor(house.api, salon.key)
    abroad = await new_visitor(house.api, other_salon.key)
    kiosk = await hold(house.api, runtime, salon, "kiosk")
    path = upload["links"]["complete"]

    answers = {
        "other visitor": await house.complete(upload, stranger.token),
        "other business": await house.complete(upload, abroad.token),
        "other business's key": await house.complete(upload, other_salon.key),
        "wrong scope": await house.complete(upload, kiosk.token),
        "anonymous": await house.api.post(path),
        "unknown": await house.api.post(path.replace(upload["id"], "upl_none"), headers=salon.headers),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "other visitor": 404, "other business": 404, "other business's key": 404,
        "wrong scope": 403, "anonymous": 401, "unknown": 404,
    }  # fmt: skip
    assert answers["other visitor"].json()["code"] == "unknown_upload"
    assert (await house.complete(upload, salon.key)).status_code == 201, "the salon's own key"


async def test_a_form_is_given_under_a_consent_of_ones_own(
    house: House, runtime: Runtime, salon: Salon, other_salon: Salon, visitor: Visitor
) -> None:
    stranger = await new_visitor(house.api, salon.key)
    kiosk = await hold(house.api, runtime, salon, "kiosk")
    asked = {"consent_id": visitor.consent_id, "media_type": "image/jpeg"}
    sharing = {**CONSENT, "purposes": ["share"]}
    given = await house.api.post("/v1/consents", json=sharing, headers=bearer(visitor.token))

    async def status(token: str | None, **changes: str) -> tuple[int, str]:
        headers = {} if token is None else bearer(token)
        answer = await house.api.post("/v1/photos/uploads", json={**asked, **changes}, headers=headers)
        return answer.status_code, answer.json()["code"]

    assert await status(stranger.token) == (403, "consent_missing")
    assert await status(other_salon.key) == (403, "consent_missing")
    assert await status(visitor.token, consent_id=given.json()["id"]) == (403, "consent_missing")
    assert await status(kiosk.token) == (403, "forbidden")
    assert await status(None) == (401, "unauthorised")


async def test_test_keys_get_no_form(house: House, runtime: Runtime, salon: Salon) -> None:
    held = await hold(house.api, runtime, salon, "test_key")
    tester = await new_visitor(house.api, held.token)

    refused = await house.begin(tester)

    assert (refused.status_code, refused.json()["code"]) == (403, "test_key_upload")


async def test_a_withdrawn_consent_takes_the_upload_along(
    house: House, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    upload = await house.posted(visitor, hand_photo)
    await house.api.delete(f"/v1/consents/{visitor.consent_id}", headers=bearer(visitor.token))

    refused = await house.complete(upload, visitor.token)
    await house.work(salon)

    assert (refused.status_code, refused.json()["code"]) == (403, "consent_missing")
    assert (await house.complete(upload, visitor.token)).status_code == 404
    assert await house.keys(f"photos/{salon.business_id}/") == []
    assert not await is_stored(house.storage, upload["fields"]["key"])


async def test_an_erased_photo_leaves_nothing_of_its_upload(
    house: House, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    upload = await house.posted(visitor, hand_photo)
    photo_id = (await house.complete(upload, visitor.token)).json()["id"]
    await house.work(salon)
    await house.post(upload, hand_photo)  # once more, behind our back

    await house.api.delete(f"/v1/photos/{photo_id}", headers=bearer(visitor.token))
    await house.work(salon)

    assert (await house.complete(upload, visitor.token)).status_code == 404
    assert await house.keys(f"photos/{salon.business_id}/") == []
    assert not await is_stored(house.storage, upload["fields"]["key"])


async def test_an_erased_person_leaves_nothing_of_her_uploads(
    house: House, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    """Given a photo that was posted again after its completion, and one that was not completed, then both are gone."""
    done, waiting = [await house.posted(visitor, hand_photo) for _ in range(2)]
    photo = (await house.complete(done, visitor.token)).json()
    await house.work(salon)
    await house.post(done, hand_photo)

    answer = await house.api.post("/v1/me/erasure", headers=bearer(visitor.token))
    await house.work(salon)
    receipt = (await house.api.get(answer.json()["links"]["self"])).json()

    assert receipt["status"] == "done"
    assert receipt["erased"]["photo_uploads"] == 2
    for prefix in ("incoming", "photos"):
        assert await house.keys(f"{prefix}/{salon.business_id}/") == []
    for name in (photo["customer_id"], done["id"], waiting["id"]):
        assert not set(await dump(house.here, name)) - {"audit_log", "webhook_messages", "jobs"}
    assert (await house.complete(waiting, salon.key)).status_code == 404


async def test_an_upload_ends_after_an_hour(
    house: House, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    upload = await house.posted(visitor, hand_photo)
    for statement in (
        "UPDATE photo_uploads SET expires_at = now() WHERE id = :id",
        "UPDATE jobs SET run_at = now() WHERE payload ->> 'upload_id' = :id",
    ):
        await sql(house.here, salon, statement, id=upload["id"])

    refused = await house.complete(upload, visitor.token)
    await house.work(salon)

    assert (refused.status_code, refused.json()["code"]) == (404, "unknown_upload")
    assert not await is_stored(house.storage, upload["fields"]["key"])


async def test_a_crash_between_put_and_row_loses_nothing_and_leaves_nothing(
    house: House, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    """Given a process that dies when the verified photo is stored, then the upload can still be completed."""
    upload = await house.posted(visitor, hand_photo)
    caller = Caller(CallerKind.KEY, salon.business_id, "key_test", frozenset({Scope.PHOTO_WRITE}))
    async with DecodePool(1) as gate:
        dying = Intake(house.here.db, gate, house.storage, timedelta(hours=1)).held(caller, hand_photo)
        await dying.__aenter__()  # and it is never left
    (orphan,) = await house.keys(f"photos/{salon.business_id}/")

    photo = (await house.complete(upload, visitor.token)).json()
    await sweep(house.here, older_than=timedelta(0))
    left = await house.keys(f"photos/{salon.business_id}/")
    await dying.__aexit__(None, None, None)

    kept = f"photos/{salon.business_id}/{photo['id']}/original"
    assert orphan != kept
    assert left == [kept]


async def test_what_was_posted_and_never_completed_is_swept(
    house: House, visitor: Visitor, hand_photo: bytes
) -> None:
    upload = await house.posted(visitor, hand_photo)

    await sweep(house.here)
    assert await is_stored(house.storage, upload["fields"]["key"])
    await sweep(house.here, older_than=timedelta(0))
    assert not await is_stored(house.storage, upload["fields"]["key"])


async def test_a_customer_holds_so_many_open_forms_and_no_more(house: House, visitor: Visitor) -> None:
    answers = await asyncio.gather(*(house.begin(visitor) for _ in range(14)))

    assert Counter(answer.status_code for answer in answers) == {201: 10, 429: 4}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "too_many_uploads"
    assert 0 < int(refused.headers["retry-after"]) <= 3600


async def test_where_there_is_no_room_forms_and_completions_are_refused_before_work(
    runtime: Runtime, visitor: Visitor, hand_photo: bytes
) -> None:
    reading, enough = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"--b\r\n"
        reading.set()
        await enough.wait()

    async with another_api(runtime.settings, uploads=Uploads(decoders=1, in_flight=1)) as client:
        house = House(client, runtime)
        upload = await house.posted(visitor, hand_photo)
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        sending = [
            asyncio.create_task(
                client.post("/v1/photos", content=slow(), headers=kind | bearer(visitor.token))
            ),
        ]
        await reading.wait()
        refused = [await house.begin(visitor), await house.complete(upload, visitor.token)]
        reading.clear()
        sending.append(asyncio.create_task(client.post("/v1/media", content=slow(), headers=kind)))
        await reading.wait()
        refused.append(await house.post(upload, hand_photo))
        enough.set()
        await asyncio.gather(*sending)
        assert (await house.complete(upload, visitor.token)).status_code == 201

    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (503, "uploads_full")
        assert int(answer.headers["retry-after"]) >= 1


async def test_the_local_store_takes_whole_forms_only(
    api: httpx.AsyncClient, runtime: Runtime, visitor: Visitor, hand_photo: bytes
) -> None:
    house = House(api, runtime)
    upload = (await house.begin(visitor)).json()
    fields, file = upload["fields"], ("file", ("p", hand_photo))

    async def status(*parts: tuple[str, Any]) -> tuple[int, str]:
        answer = await api.post("/v1/media", files=parts)
        return answer.status_code, answer.json()["code"]

    whole = [(name, (None, value)) for name, value in fields.items()]
    refused = (403, "link_refused")
    assert await status(*whole) == refused
    assert await status(*whole, file, file) == refused
    assert await status(*whole, ("key", (None, fields["key"])), file) == refused
    assert await status(*whole, ("acl", (None, "public-read")), file) == refused
    assert await status(*whole[1:], file) == refused
    assert await status(*whole, ("file", ("p", b""))) == (422, "object_empty")
    assert await status(*whole, ("file", ("p", bytes(20 * 1024**2 + 1)))) == (413, "object_too_large")
    assert await status(*whole, ("file", ("p", bytes(20 * 1024**2 + 70_000)))) == (413, "too_large")
    assert not await is_stored(house.storage, fields["key"])
    assert (await api.post("/v1/media", files=[file, *whole[::-1]])).status_code == 204


async def test_over_a_bucket_our_own_form_does_not_exist(house: House) -> None:
    answer = await house.api.post("/v1/media", files={"file": ("p", b"x")})

    local = "127.0.0.1" not in str(house.here.settings.storage.endpoint_url)
    assert answer.status_code == (403 if local else 404)


async def test_a_suspended_business_gets_no_form(house: House, salon: Salon, visitor: Visitor) -> None:
    async with house.here.db.tenant(salon.business_id) as unit:
        await entitlements.put_on(unit, "paused")

    refused = await house.begin(visitor)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_entitled")
