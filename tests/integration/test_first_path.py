"""Consent, photo and try-on over HTTP, as far as the API answers for itself."""

from __future__ import annotations

import httpx
import pytest

from benchmarks.journey import CONSENT, Visitor
from tests.integration.conftest import Salon

RED = {"designs": ["des_polish_lacquer_red"]}


async def test_a_photo_needs_consent_to_try_on(
    api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes
) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    sharing_only = await api.post("/v1/consents", json={**CONSENT, "purposes": ["share"]}, headers=headers)
    answer = await api.post(
        "/v1/photos",
        files={"file": ("p", hand_photo)},
        data={"consent_id": sharing_only.json()["id"]},
        headers=headers,
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")


async def test_a_withdrawn_consent_admits_no_photo(
    api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes
) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    assert (await api.delete(f"/v1/consents/{visitor.consent_id}", headers=headers)).status_code == 204
    with pytest.raises(httpx.HTTPStatusError, match="403"):
        await visitor.upload(hand_photo)


async def test_an_uploaded_photo_is_described(
    api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    photo = (
        await api.get(f"/v1/photos/{photo_id}", headers={"Authorization": f"Bearer {visitor.token}"})
    ).json()
    assert photo["media_type"] == "image/jpeg"
    assert photo["size_bytes"] == len(hand_photo)


async def test_a_try_on_waits_in_the_queue(visitor: Visitor, hand_photo: bytes) -> None:
    tryon = await visitor.request(await visitor.upload(hand_photo), [["des_polish_lacquer_red"]])
    assert tryon["status"] == "queued"
    assert (await visitor.read(tryon["id"])) == tryon


async def test_a_cancelled_try_on_stays_cancelled(
    api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes
) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    tryon = await visitor.request(await visitor.upload(hand_photo), [["des_polish_lacquer_red"]])
    cancelled = await api.post(tryon["links"]["cancel"], headers=headers)
    assert cancelled.json()["status"] == "cancelled"
    again = await api.post(f"/v1/tryons/{tryon['id']}/cancel", headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "tryon_ended")


async def test_an_erased_try_on_is_gone(api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    tryon = await visitor.request(await visitor.upload(hand_photo), [["des_polish_lacquer_red"]])
    receipt = await api.delete(f"/v1/tryons/{tryon['id']}", headers=headers)
    assert receipt.json()["subject"] == tryon["id"]
    assert (await api.get(f"/v1/tryons/{tryon['id']}", headers=headers)).status_code == 404


@pytest.mark.parametrize("path", ["photos", "tryons"])
async def test_what_belongs_to_another_salon_is_not_found(
    api: httpx.AsyncClient, visitor: Visitor, other_salon: Salon, hand_photo: bytes, path: str
) -> None:
    photo_id = await visitor.upload(hand_photo)
    tryon_id = (await visitor.request(photo_id, [["des_polish_lacquer_red"]]))["id"]
    mine = {"photos": photo_id, "tryons": tryon_id}[path]
    assert (await api.get(f"/v1/{path}/{mine}", headers=other_salon.headers)).status_code == 404


async def test_a_visitor_does_not_see_another_visitors_photo(
    api: httpx.AsyncClient, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    other = (await api.post("/v1/visitors", headers=salon.headers)).json()["token"]
    answer = await api.get(f"/v1/photos/{photo_id}", headers={"Authorization": f"Bearer {other}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_photo")


@pytest.mark.parametrize(
    ("looks", "code"),
    [
        ([{"designs": ["des_polish_nothing"]}], "unknown_design"),
        ([{"designs": []}], "bad_choice"),
        ([{"designs": ["des_polish_lacquer_red"], "bundle": "loo_x"}], "bad_choice"),
        ([{"bundle": "loo_none"}], "unknown_bundle"),
        ([{"designs": [{"id": "des_lips_rosewood_satin", "fingers": ["ring"]}]}], "bad_choice"),
        ([], "invalid"),
        ([RED] * 13, "invalid"),
        ([{"colour": "red"}], "invalid"),
    ],
)
async def test_looks_that_cannot_be_drawn_are_refused(
    api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes, looks: list[object], code: str
) -> None:
    photo_id = await visitor.upload(hand_photo)
    body = {"photo_id": photo_id, "looks": looks}
    answer = await api.post("/v1/tryons", json=body, headers={"Authorization": f"Bearer {visitor.token}"})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "credential", ["", "Bearer ", "Bearer vk_live_wrong", "Bearer vv_wrong", "Basic abc"]
)
async def test_a_wrong_credential_is_unauthorised(api: httpx.AsyncClient, credential: str) -> None:
    answer = await api.get("/v1/tryons", headers={"Authorization": credential})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_visitor_may_not_mint_visitors(api: httpx.AsyncClient, visitor: Visitor) -> None:
    answer = await api.post("/v1/visitors", headers={"Authorization": f"Bearer {visitor.token}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_try_ons_are_listed_newest_first_in_pages(visitor: Visitor, hand_photo: bytes) -> None:
    photo_id = await visitor.upload(hand_photo)
    made = [(await visitor.request(photo_id, [["des_polish_lacquer_red"]]))["id"] for _ in range(3)]
    first = await visitor._send("GET", "/v1/tryons", params={"limit": 2})
    rest = await visitor._send("GET", "/v1/tryons", params={"limit": 2, "cursor": first["next_cursor"]})
    assert [item["id"] for item in (*first["items"], *rest["items"])] == made[::-1]
    assert rest["next_cursor"] is None


async def test_a_request_id_is_taken_over_and_answered(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/tryons", headers={"X-Request-Id": "kiosk-7-000042"})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "kiosk-7-000042"
