"""The event stream's signed link: for this try-on, this customer, this long, and nothing one bit beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from benchmarks.journey import Visitor, new_visitor
from kit.runtime import Runtime
from kit.signing import Signer
from modules.accounts import service as accounts
from tests.integration.callers import sql
from tests.integration.conftest import Salon

RED = [["des_polish_lacquer_red"]]


@pytest.fixture
async def tryon(visitor: Visitor, hand_photo: bytes, api: httpx.AsyncClient) -> dict[str, str]:
    """A try-on that has ended, so that its stream ends too."""
    made = await visitor.request(await visitor.upload(hand_photo), RED)
    headers = {"Authorization": f"Bearer {visitor.token}"}
    await api.post(f"/v1/tryons/{made['id']}/cancel", headers=headers)
    return {"id": made["id"], "events": made["links"]["events"]}


async def test_the_link_opens_the_stream_without_any_header(
    api: httpx.AsyncClient, tryon: dict[str, str]
) -> None:
    answer = await api.get(tryon["events"])
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "cancelled" in answer.text


async def test_every_flip_of_one_bit_is_refused(api: httpx.AsyncClient, tryon: dict[str, str]) -> None:
    link = tryon["events"].encode()
    statuses: dict[int, int] = {}
    start = link.index(b"/try_") + 1
    for position in range(start, len(link)):
        for bit in range(8):
            flipped = bytearray(link)
            flipped[position] ^= 1 << bit
            try:
                answer = await api.get(flipped.decode("ascii"))
            except (UnicodeDecodeError, httpx.InvalidURL):
                continue
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
    assert set(statuses) <= {400, 401, 403, 404, 405, 422}
    assert statuses[403] > 300


async def test_a_link_leads_to_no_other_try_on(
    api: httpx.AsyncClient, visitor: Visitor, tryon: dict[str, str], hand_photo: bytes
) -> None:
    other = await visitor.request(await visitor.upload(hand_photo), RED)
    answer = await api.get(f"/v1/tryons/{other['id']}/events?{urlsplit(tryon['events']).query}")
    assert (answer.status_code, answer.json()["code"]) == (403, "link_refused")


async def test_a_link_is_over_two_hours_after_the_request(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, tryon: dict[str, str]
) -> None:
    expires = int(parse_qs(urlsplit(tryon["events"]).query)["expires"][0])
    assert 7100 < expires - datetime.now(UTC).timestamp() <= 7200
    signer = Signer(runtime.settings.secret.encode(), "vernis try-on events 1")
    query = signer.query(tryon["id"], await customer_of(api, salon, tryon["id"]), expires=1_000_000_000)
    answer = await api.get(f"/v1/tryons/{tryon['id']}/events", params=query)
    assert (answer.status_code, answer.json()["code"]) == (410, "link_expired")


async def customer_of(api: httpx.AsyncClient, salon: Salon, tryon_id: str) -> str:
    return str((await api.get(f"/v1/tryons/{tryon_id}", headers=salon.headers)).json()["customer_id"])


async def test_a_link_is_bound_to_its_customer(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, tryon: dict[str, str]
) -> None:
    other = await new_visitor(api, salon.key)
    headers = {"Authorization": f"Bearer {other.token}"}
    me = (await api.get("/v1/me", headers=headers)).json()["subject"]
    await sql(runtime, salon, "UPDATE tryons SET customer_id = :to WHERE id = :id", to=me, id=tryon["id"])
    assert (await api.get(tryon["events"])).status_code == 403


async def test_a_link_of_an_erased_try_on_or_a_suspended_business_opens_nothing(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, tryon: dict[str, str]
) -> None:
    await accounts.suspend_business(runtime.db, salon.business_id, suspended=True)
    assert (await api.get(tryon["events"])).json()["code"] == "business_suspended"
    await accounts.suspend_business(runtime.db, salon.business_id, suspended=False)
    await api.delete(f"/v1/tryons/{tryon['id']}", headers=salon.headers)
    assert (await api.get(tryon["events"])).status_code == 404


async def test_a_link_opens_the_stream_and_nothing_else(
    api: httpx.AsyncClient, tryon: dict[str, str]
) -> None:
    query = urlsplit(tryon["events"]).query
    assert (await api.get(f"/v1/tryons/{tryon['id']}?{query}")).status_code == 401
    assert (await api.post(f"/v1/tryons/{tryon['id']}/cancel?{query}")).status_code == 401
    assert (await api.get(f"/v1/tryons/{tryon['id']}/events")).status_code == 401
