"""Booking from a look: one number and why, the time that it takes, what is in stock, and all of its appointments."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from benchmarks.journey import Visitor
from kit.runtime import Runtime
from looks.hair_formula import BLEACH_REST_DAYS
from tests.faults.service import RED
from tests.integration.callers import bearer
from tests.integration.conftest import Salon
from tests.integration.desk import POLISH, PRODUCT
from tests.integration.parlour import Parlour, at, next_monday, reading

MONDAY = next_monday(3)


@pytest.fixture
def parlour(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Parlour:
    return Parlour(runtime, api, salon)


async def tried_on(parlour: Parlour, visitor: Visitor, *looks: list[Any]) -> str:
    """A try-on of these looks, as it stands before a worker draws it."""
    mine = bearer(visitor.token)
    photo = await parlour.ask(
        "POST", "/v1/sample-photos/open_05_left", 201, headers=mine, json={"consent_id": visitor.consent_id}
    )
    body = {"photo_id": photo["id"], "looks": [{"designs": look} for look in looks]}
    made = await parlour.ask("POST", "/v1/tryons", 202, headers=mine, json=body)
    return str(made["id"])


async def test_a_look_is_quoted_and_booked_at_its_price_and_time(parlour: Parlour, visitor: Visitor) -> None:
    await parlour.open("Anna")
    mine = bearer(visitor.token)
    accent = await an_accent(parlour)
    tryon = await tried_on(parlour, visitor, [RED], [RED, {"id": accent, "fingers": ["ring", "thumb"]}])
    wishes = {"wearing": "gel"}

    quote = await parlour.ask(
        "POST", "/v1/quotes", headers=mine, json={"tryon_id": tryon, "look": 1, "wishes": wishes}
    )
    made = await parlour.book(at(MONDAY, "10:00"), headers=mine, tryon_id=tryon, look=1, wishes=wishes)

    assert [line["reason"] for line in quote["lines"]] == ["service", "art", "removal"]
    assert [line["times"] for line in quote["lines"]] == [1, 2, 1]
    assert quote["price"]["amount"] == sum(line["amount"] for line in quote["lines"])
    assert (made["price"], made["minutes"]) == (quote["price"], quote["minutes"])
    assert made["quote"] == quote["lines"]
    assert made["tryon_id"] == tryon


@pytest.mark.parametrize("wishes", [{"shape": "almond"}, {"length": 1.5}, {"coats": 4}, {"wearing": "gel"}])
async def test_slots_take_as_long_as_the_quote_says(parlour: Parlour, wishes: dict[str, Any]) -> None:
    await parlour.open("Anna")
    quote = await parlour.ask("POST", "/v1/quotes", json={"designs": [RED], "wishes": wishes})
    plain = await parlour.ask("POST", "/v1/quotes", json={"designs": [RED]})
    asked = {"from": at(MONDAY, "00:00"), "until": at(MONDAY, "23:45"), "designs": RED, **wishes}

    found = await parlour.ask("GET", "/v1/slots", params={"location_id": parlour.location, **asked})
    last = found["items"][-1]
    made = await parlour.book(last["starts_at"], designs=[RED], wishes=wishes)

    assert found["minutes"] == quote["minutes"] > plain["minutes"]
    assert since(last, {"starts_at": last["ends_at"]}) == timedelta(minutes=quote["minutes"])
    assert (made["minutes"], made["price"]) == (quote["minutes"], quote["price"])


async def an_accent(parlour: Parlour) -> str:
    """An art of one finger among the shipped designs."""
    found = await parlour.ask("GET", "/v1/designs", params={"kind": "nail_art", "limit": 50})
    accents = [one["id"] for one in found["items"] if one["service"] == "srv_add_accent_nail"]
    return str(accents[0])


async def test_pictures_stay_until_a_week_after_the_visit(parlour: Parlour, visitor: Visitor) -> None:
    await parlour.open("Anna")
    tryon = await tried_on(parlour, visitor, [RED])
    far = MONDAY + timedelta(weeks=5)

    made = await parlour.book(at(far, "10:00"), headers=bearer(visitor.token), tryon_id=tryon)

    seen = await parlour.ask("GET", f"/v1/tryons/{tryon}", headers=bearer(visitor.token))
    stays = datetime.fromisoformat(seen["expires_at"]) - datetime.fromisoformat(made["ends_at"])
    assert stays == timedelta(days=7)


async def test_a_look_of_somebody_else_is_not_booked(parlour: Parlour, visitor: Visitor) -> None:
    await parlour.open("Anna")
    tryon = await tried_on(parlour, visitor, [RED])
    other = (await parlour.ask("POST", "/v1/visitors", 201))["token"]

    refused = await parlour.book(at(MONDAY, "10:00"), headers=bearer(other), tryon_id=tryon, status=404)

    assert refused["code"] == "unknown_tryon"


async def test_what_is_no_longer_offered_is_to_be_tried_on_again(parlour: Parlour, visitor: Visitor) -> None:
    await parlour.open("Anna")
    tryon = await tried_on(parlour, visitor, [RED])
    await parlour.ask("PUT", f"/v1/catalog/shelf/{RED}", json={"hidden": True})

    refused = await parlour.ask(
        "POST", "/v1/quotes", 409, headers=bearer(visitor.token), json={"tryon_id": tryon}
    )

    assert refused["code"] == "look_changed"


async def test_what_is_used_up_is_marked_and_near_shades_are_offered(parlour: Parlour) -> None:
    product = await parlour.ask("POST", "/v1/catalog/products", 201, json={**PRODUCT, "stock": 0})
    own = [
        {**POLISH, "sku": "USED-UP", "product_id": product["id"], "state": "live"},
        {**POLISH, "sku": "NEAR", "colours": ["#b72320"], "name": "Nearly", "state": "live"},
        {**POLISH, "sku": "FAR", "colours": ["#2040b7"], "name": "Blue", "state": "live"},
    ]
    ids = [(await parlour.ask("POST", "/v1/catalog/designs", 201, json=design))["id"] for design in own]

    quote = await parlour.ask("POST", "/v1/quotes", json={"designs": [ids[0]]})

    assert quote["today"] is False
    (design,) = quote["designs"]
    assert design["in_stock"] is False
    near = {one["id"]: one["delta_e"] for one in design["alternatives"]}
    assert ids[1] in near
    assert ids[2] not in near
    assert all(distance <= 3 for distance in near.values())


async def test_blond_from_dark_hair_is_a_patch_test_and_sessions_apart(parlour: Parlour) -> None:
    """All at one stroke: the test two days before at the latest, the sessions as far apart as bleach asks."""
    await parlour.open("Anna")
    await parlour.policy(ahead_days=120)
    blond = await a_blond(parlour)
    wishes = {"hair": {"level": 3}}
    quote = await parlour.ask("POST", "/v1/quotes", json={"designs": [blond], "wishes": wishes})

    made = await parlour.book(at(MONDAY, "10:00"), designs=[blond], wishes=wishes)

    assert quote["patch_test_hours"] == 48
    later = [session["days_after"] for session in quote["sessions"]][1:]
    assert set(later) == {BLEACH_REST_DAYS}
    test, *sessions = made["series"]
    assert [one["purpose"] for one in made["series"]] == ["patch_test", *["session"] * (1 + len(later))]
    assert sessions[0]["id"] == made["id"]
    assert since(test, sessions[0]) >= timedelta(hours=48)
    for one, next_one in pairwise(sessions):
        assert since(one, next_one) >= timedelta(days=BLEACH_REST_DAYS)
        assert reading(next_one["starts_at"]) == "10:00"
    prices = [await parlour.ask("GET", f"/v1/bookings/{one['id']}") for one in made["series"]]
    assert sum(one["price"]["amount"] for one in prices) == quote["price"]["amount"]


async def test_a_treatment_keeps_its_distances_when_one_of_it_moves(parlour: Parlour) -> None:
    await parlour.open("Anna")
    await parlour.policy(ahead_days=200, deadlines=[])
    blond = await a_blond(parlour)
    made = await parlour.book(at(MONDAY, "10:00"), designs=[blond], wishes={"hair": {"level": 3}})
    test, first, second, *_ = made["series"]

    def shifted(one: dict[str, Any], days: int) -> dict[str, str]:
        return {"starts_at": (datetime.fromisoformat(one["starts_at"]) + timedelta(days=days)).isoformat()}

    for one, days in ((first, 1), (second, -1), (first, -3), (test, 1)):
        refused = await parlour.ask("POST", f"/v1/bookings/{one['id']}/move", 409, json=shifted(one, days))
        assert refused["code"] == "too_close"
    late = await parlour.ask("POST", f"/v1/bookings/{second['id']}/move", 409, json=shifted(second, -3))
    near = [since(first, slot) for slot in late["alternatives"]]
    assert near
    assert min(near) >= timedelta(days=BLEACH_REST_DAYS)

    last = made["series"][-1]
    moved = await parlour.ask("POST", f"/v1/bookings/{last['id']}/move", json=shifted(last, 2))
    assert moved["sequence"] == 1


def since(one: dict[str, Any], other: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(other["starts_at"]) - datetime.fromisoformat(one["starts_at"])


async def a_blond(parlour: Parlour) -> str:
    """The lightest hair colour that is not in strands."""
    found = await parlour.ask("GET", "/v1/designs", params={"kind": "hair", "limit": 50})
    full = [one for one in found["items"] if one["layer"].get("style", "full") == "full"]
    lightest = max(full, key=lambda one: one["layer"].get("level", 5))
    assert 8 <= lightest["layer"]["level"] <= 10
    return str(lightest["id"])


async def test_where_a_session_finds_no_room_nothing_is_booked(parlour: Parlour) -> None:
    await parlour.open("Anna")
    away = {
        "starts_at": at(MONDAY + timedelta(days=7), "00:00"),
        "ends_at": at(MONDAY + timedelta(days=60), "00:00"),
    }
    await parlour.ask("POST", f"/v1/schedules/{parlour.stylists['Anna']}/time-off", 201, json=away)
    before = await parlour.readings(MONDAY)
    wishes = {"hair": {"level": 3}}

    refused = await parlour.book(
        at(MONDAY, "10:00"), designs=[await a_blond(parlour)], wishes=wishes, status=409
    )

    assert refused["code"] == "no_room_for_all"
    assert await parlour.readings(MONDAY) == before


async def test_hair_that_nobody_described_is_asked_after(parlour: Parlour) -> None:
    body = {"designs": [await a_blond(parlour)]}

    assert (await parlour.ask("POST", "/v1/quotes", 422, json=body))["code"] == "hair_level_needed"


async def test_slots_of_a_look_are_as_long_as_it_takes(parlour: Parlour) -> None:
    await parlour.open("Anna")
    blond = await a_blond(parlour)
    asked = {
        "location_id": parlour.location,
        "from": at(MONDAY, "00:00"),
        "until": at(MONDAY, "23:00"),
        "designs": [blond],
        "hair_level": 9,
    }

    found = await parlour.ask("GET", "/v1/slots", params=asked)

    quote = await parlour.ask(
        "POST", "/v1/quotes", json={"designs": [blond], "wishes": {"hair": {"level": 9}}}
    )
    assert found["minutes"] == quote["sessions"][0]["minutes"]
    assert found["items"]
