"""Whatever is wrong with a request, the answer is application/problem+json with a stable code."""

from __future__ import annotations

import httpx
import pytest

from benchmarks.journey import CONSENT, Visitor
from tests.integration.conftest import Salon

MULTIPART = {"content-type": "multipart/form-data"}
CASES = [
    ("GET", "/v1/nothing", {}, 404, "not_found"),
    ("PUT", "/v1/tryons", {}, 405, "method_not_allowed"),
    ("POST", "/v1/tryons", {"content": b"{", "headers": {"content-type": "application/json"}}, 400, "bad_request"),
    ("POST", "/v1/tryons", {"json": {"looks": []}}, 422, "invalid"),
    ("POST", "/v1/tryons", {"json": {"photo_id": "pho_x", "looks": [], "more": 1}}, 422, "invalid"),
    ("GET", "/v1/tryons?limit=1000", {}, 422, "invalid"),
    ("GET", "/v1/tryons?limit=few", {}, 422, "invalid"),
    ("GET", "/v1/tryons/try_none", {}, 404, "unknown_tryon"),
    ("GET", "/v1/tryons/%00", {}, 422, "unfit_text"),
    ("GET", "/v1/photos/pho_none", {}, 404, "unknown_photo"),
    ("GET", "/v1/consents/con_none", {}, 404, "unknown_consent"),
    ("GET", "/v1/designs/des_none", {}, 404, "design_not_found"),
    ("POST", "/v1/photos", {"data": {"consent_id": "con_x"}}, 400, "bad_request"),
    ("POST", "/v1/photos", {"content": b"x" * 100, "headers": MULTIPART}, 400, "bad_request"),
    ("POST", "/v1/consents", {"json": {**CONSENT, "text_version": "1"}}, 422, "unknown_consent_text"),
    ("POST", "/v1/consents", {"json": {**CONSENT, "purposes": ["fly"]}}, 422, "invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "content", "status", "code"), CASES)
async def test_a_bad_request_is_answered_as_a_problem(
    api: httpx.AsyncClient,
    visitor: Visitor,
    method: str,
    path: str,
    content: dict[str, object],
    status: int,
    code: str,
) -> None:
    given = dict(content)
    headers = {"Authorization": f"Bearer {visitor.token}", **given.pop("headers", {})}  # type: ignore[dict-item]
    answer = await api.request(method, path, headers=headers, **given)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == status


async def test_a_refused_field_is_named(api: httpx.AsyncClient, visitor: Visitor) -> None:
    body = {"photo_id": "pho_x", "looks": [{"designs": [{"id": "des_x", "fingers": ["toe"]}]}]}
    answer = await api.post("/v1/tryons", json=body, headers={"Authorization": f"Bearer {visitor.token}"})
    (error,) = answer.json()["errors"]
    assert "fingers" in error["field"] + error["message"]


async def test_too_large_a_body_is_refused_before_it_is_read(
    api: httpx.AsyncClient, visitor: Visitor
) -> None:
    files, form = {"file": ("p.jpg", b"\xff\xd8" + b"x" * (21 * 1024**2))}, {"consent_id": visitor.consent_id}
    headers = {"Authorization": f"Bearer {visitor.token}"}
    answer = await api.post("/v1/photos", files=files, data=form, headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("body", [b"2\xef\xbf\xbd", b"[1", b'"\xff"', b"", b"null x"])
async def test_a_body_that_only_begins_as_json_is_refused(
    api: httpx.AsyncClient, visitor: Visitor, body: bytes
) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}", "Content-Type": "application/json"}
    answer = await api.post("/v1/tryons", content=body, headers=headers)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=null", "limit"), ("limit=1.5", "limit"), ("kind=null", "kind"), ("renderable=1", "renderable")],
)
async def test_a_query_is_not_bent_to_fit(
    api: httpx.AsyncClient, visitor: Visitor, query: str, field: str
) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    answer = await api.get(f"/v1/designs?{query}", headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_body_is_not_bent_to_fit_but_a_whole_number_may_have_a_point(
    api: httpx.AsyncClient, salon: Salon
) -> None:
    loose = await api.post("/v1/keys", json={"name": "a", "test": 0}, headers=salon.headers)
    key = (await api.post("/v1/keys", json={"name": "a"}, headers=salon.headers)).json()["id"]
    path, body = f"/v1/keys/{key}/rotate", {"overlap_hours": 1.0}
    whole = await api.post(path, json=body, headers=salon.headers)
    assert (loose.status_code, loose.json()["errors"][0]["field"]) == (422, "test")
    assert whole.status_code == 201


async def test_options_lists_every_method_of_an_address(api: httpx.AsyncClient) -> None:
    assert (await api.options("/v1/keys")).headers["allow"] == "GET, OPTIONS, POST"
