"""Appointments over HTTP on real engines: made once, moved at one stroke, given back, repeated, waited for."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from benchmarks.journey import Visitor
from kit import clock
from kit.runtime import Runtime
from modules.booking.errors import SlotTaken
from modules.booking.spans import minute
from modules.booking.store import appointments
from tests.integration.callers import bearer, hold
from tests.integration.conftest import Salon
from tests.integration.parlour import COLOUR, GEL, Parlour, at, hours, next_monday, reading
from tests.integration.working import Worker, dump

MONDAY = next_monday(2)


@pytest.fixture
def parlour(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Parlour:
    return Parlour(runtime, api, salon)


# --- slots -------------------------------------------------------------------------------------------------------


async def test_slots_follow_hours_breaks_buffers_and_what_is_booked(parlour: Parlour) -> None:
    """A gel manicure takes an hour and ten minutes of tidying up after it."""
    schedule = hours("09:00", "14:00")
    schedule["breaks"] = [{"weekday": "monday", "start": "11:30", "end": "12:00"}]
    await parlour.open("Anna", schedule=schedule, step_min=30)
    assert await parlour.readings(MONDAY) == ["09:00", "09:30", "10:00", "12:00", "12:30"]

    await parlour.book(at(MONDAY, "10:00"))

    assert await parlour.readings(MONDAY) == ["12:00", "12:30"]


async def test_time_off_other_hours_and_closed_days_take_slots_away(parlour: Parlour) -> None:
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    schedule = hours("09:00", "11:00")
    schedule["exceptions"] = [{"date": str(tuesday), "hours": [{"start": "15:00", "end": "17:00"}]}]
    await parlour.open("Anna", schedule=schedule, step_min=60, closed_on=[str(wednesday)])
    away = {"starts_at": at(MONDAY, "08:00"), "ends_at": at(MONDAY, "20:00")}
    path = f"/v1/schedules/{parlour.stylists['Anna']}/time-off"
    off = await parlour.ask("POST", path, 201, json=away)

    assert [await parlour.readings(MONDAY + timedelta(days=n)) for n in range(3)] == [[], ["15:00"], []]

    await parlour.ask("DELETE", f"{path}/{off['id']}", 204)
    assert await parlour.readings(MONDAY) == ["09:00"]


async def test_only_who_has_the_skill_is_offered(parlour: Parlour) -> None:
    await parlour.open("Anna")
    bea = await parlour.hire("Bea", skills=["colour"])
    await parlour.rules(COLOUR, skills=["colour"])

    found = await parlour.slots(at(MONDAY, "10:00"), at(MONDAY, "10:01"), COLOUR)

    assert [slot["stylists"] for slot in found] == [[bea]]
    assert await parlour.readings(MONDAY, COLOUR, stylist_id=parlour.stylists["Anna"]) == []


async def test_while_a_colour_sets_another_customer_is_served(parlour: Parlour) -> None:
    """One stylist and one chair: the colour is on from 9:45 to 11:00, and then it is washed out."""
    await parlour.open("Anna", schedule=hours("09:00", "11:45"))
    await parlour.furnish("chair")
    await parlour.furnish("wash_basin")
    phases = [
        {"minutes": 30, "resources": ["chair"]},
        {"minutes": 75, "hands": False},
        {"minutes": 30, "resources": ["wash_basin"]},
    ]
    await parlour.rules(COLOUR, phases=phases)
    await parlour.rules(GEL, resources=["chair"])
    service = {"name": "Quick", "kind": "manicure", "minutes": 60, "price": {"amount": 1, "currency": "EUR"}}
    quick = (await parlour.ask("POST", "/v1/catalog/services", 201, json=service))["id"]
    await parlour.rules(quick, resources=["chair"])

    await parlour.book(at(MONDAY, "09:15"), COLOUR)

    assert await parlour.readings(MONDAY, quick) == ["09:45", "10:00"]
    await parlour.book(at(MONDAY, "10:00"), quick)
    assert await parlour.readings(MONDAY, quick) == []


# --- nobody twice ------------------------------------------------------------------------------------------------


async def test_of_two_hundred_who_want_one_slot_one_gets_it(parlour: Parlour) -> None:
    await parlour.open("Anna")
    body = {"location_id": parlour.location, "starts_at": at(MONDAY, "10:00"), "services": [GEL]}

    answers = await asyncio.gather(
        *(parlour.api.post("/v1/bookings", json=body, headers=parlour.salon.headers) for _ in range(200))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 199}
    for refused in (answer.json() for answer in answers if answer.status_code == 409):
        assert refused["code"] == "slot_taken"
        near = refused["alternatives"]
        assert [reading(one["starts_at"]) for one in near] == [
            "11:15", "11:30", "11:45", "12:00", "12:15", "12:30"
        ]  # fmt: skip
        assert near[0]["stylists"] == [parlour.stylists["Anna"]]
    assert len(await parlour.slots(at(MONDAY, "10:00"), at(MONDAY, "10:01"))) == 0


async def test_an_alternative_can_be_booked(parlour: Parlour) -> None:
    await parlour.open("Anna")
    await parlour.book(at(MONDAY, "10:00"))
    refused = await parlour.book(at(MONDAY, "10:30"), status=409)

    for near in refused["alternatives"][:1]:
        assert (await parlour.book(near["starts_at"]))["status"] == "booked"


async def test_the_database_itself_refuses_to_take_somebody_twice(parlour: Parlour, runtime: Runtime) -> None:
    """Behind the arithmetic stands a constraint: rows written past all of it are refused."""
    await parlour.open("Anna")
    made = await parlour.book(at(MONDAY, "10:00"))
    other = await parlour.book(at(MONDAY, "12:00"))

    start = minute(datetime.fromisoformat(made["starts_at"]))
    async with runtime.db.tenant(parlour.salon.business_id) as unit:
        row = await appointments.find(unit, other["id"])
        assert row is not None
        with pytest.raises(SlotTaken):
            await appointments.occupy(unit, row, {parlour.stylists["Anna"]: ((start + 30, start + 31),)})
        await unit.close()


async def test_a_chair_is_not_taken_twice_however_many_hands_are_free(parlour: Parlour) -> None:
    await parlour.open("Anna", "Bea", "Carla")
    await parlour.furnish("nail_table", 2)
    await parlour.rules(GEL, resources=["nail_table"])

    for _ in range(2):
        await parlour.book(at(MONDAY, "10:00"))

    assert (await parlour.book(at(MONDAY, "10:00"), status=409))["code"] == "slot_taken"


async def test_what_test_keys_book_takes_nothing_from_customers(
    parlour: Parlour, runtime: Runtime, api: httpx.AsyncClient
) -> None:
    await parlour.open("Anna")
    tester = (await hold(api, runtime, parlour.salon, "test_key")).headers

    tried = await parlour.book(at(MONDAY, "10:00"), headers=tester)
    booked = await parlour.book(at(MONDAY, "10:00"))

    assert (tried["test"], booked["test"]) == (True, False)
    await parlour.ask("GET", f"/v1/bookings/{booked['id']}", 404, headers=tester)
    assert (await parlour.book(at(MONDAY, "10:00"), headers=tester, status=409))["code"] == "slot_taken"


# --- a life ------------------------------------------------------------------------------------------------------


async def test_a_visitor_books_sees_and_lists_her_own(parlour: Parlour, visitor: Visitor) -> None:
    await parlour.open("Anna")
    mine = bearer(visitor.token)
    await parlour.book(at(MONDAY, "09:00"))
    contact = {"name": "Ada", "email": "ada@example.org", "language": "de"}

    made = await parlour.book(at(MONDAY, "11:00"), headers=mine, contact=contact, note="left-handed")

    assert (made["status"], made["source"], made["minutes"]) == ("booked", "customer", 60)
    assert made["price"] == {"amount": 4200, "currency": "EUR"}
    assert [leg["stylist"] for leg in made["services"]] == ["Anna"]
    assert made["contact"]["name"] == "Ada"
    seen = await parlour.ask("GET", "/v1/bookings", headers=mine)
    assert [one["id"] for one in seen["items"]] == [made["id"]]
    of_day = await parlour.ask(
        "GET", "/v1/bookings", params={"location_id": parlour.location, "day": str(MONDAY)}
    )
    assert [reading(one["starts_at"]) for one in of_day["items"]] == ["09:00", "11:00"]
    nowhere = await parlour.ask("GET", "/v1/bookings", 404, params={"day": str(MONDAY)})
    assert nowhere["code"] == "unknown_location"
    assert await parlour.told() == ["appointment.booked"] * 2


async def test_a_customer_books_neither_too_soon_nor_off_the_grid(parlour: Parlour, visitor: Visitor) -> None:
    await parlour.open("Anna", schedule=hours("00:00", "24:00"))
    mine = bearer(visitor.token)
    soon = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=5)
    far = soon + timedelta(days=200)

    for when in (soon, far):
        refused = await parlour.book(when.isoformat(), headers=mine, status=422)
        assert refused["code"] == "outside_booking_window"
    assert (await parlour.book(at(MONDAY, "10:07"), headers=mine, status=422))["code"] == "off_the_grid"
    without_zone = await parlour.book(at(MONDAY, "10:00")[:19], headers=mine, status=422)
    assert (without_zone["code"], without_zone["errors"][0]["field"]) == ("invalid", "starts_at")


async def test_a_walk_in_is_the_desks_to_note_at_any_minute(parlour: Parlour, visitor: Visitor) -> None:
    await parlour.open("Anna", schedule=hours("00:00", "24:00"))
    now = clock.now().replace(second=0, microsecond=0)

    made = await parlour.book(now.isoformat(), walk_in=True)

    assert (made["source"], made["status"]) == ("walk_in", "booked")
    refused = await parlour.book(at(MONDAY, "10:00"), headers=bearer(visitor.token), walk_in=True, status=422)
    assert refused["code"] == "for_the_desk"


async def test_a_hold_lapses_and_its_time_is_free_again(
    parlour: Parlour, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await parlour.open("Anna")
    held = await parlour.book(at(MONDAY, "10:00"), hold=True)
    assert held["status"] == "held"
    await parlour.book(at(MONDAY, "10:00"), status=409)

    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)

    confirmed = await parlour.ask("POST", f"/v1/bookings/{held['id']}/confirm", 410)
    assert confirmed["code"] == "hold_over"
    taken = await parlour.book(at(MONDAY, "10:00"))
    assert taken["status"] == "booked"
    assert (await parlour.ask("GET", f"/v1/bookings/{held['id']}"))["status"] == "lapsed"
    await worker.let_time_pass("booking.lapse")
    await worker.work(only="booking.")
    assert await parlour.told() == []


async def test_a_hold_is_confirmed_once(parlour: Parlour) -> None:
    await parlour.open("Anna")
    held = await parlour.book(at(MONDAY, "10:00"), hold=True)
    assert await parlour.told() == []

    for _ in range(2):
        booked = await parlour.ask("POST", f"/v1/bookings/{held['id']}/confirm")
        assert (booked["status"], booked["hold_until"]) == ("booked", None)

    assert await parlour.told() == ["appointment.booked"]


async def test_moving_keeps_the_appointment_and_frees_its_old_time(parlour: Parlour) -> None:
    await parlour.open("Anna")
    made = await parlour.book(at(MONDAY, "10:00"))
    other = await parlour.book(at(MONDAY, "14:00"))

    refused = await parlour.ask(
        "POST", f"/v1/bookings/{made['id']}/move", 409, json={"starts_at": at(MONDAY, "13:30")}
    )
    assert refused["code"] == "slot_taken"
    assert (await parlour.ask("GET", f"/v1/bookings/{made['id']}"))["starts_at"] == made["starts_at"]
    moved = await parlour.ask(
        "POST", f"/v1/bookings/{made['id']}/move", json={"starts_at": at(MONDAY, "10:30")}
    )

    assert moved["id"] == made["id"]
    assert reading(moved["starts_at"]) == "10:30"
    assert (moved["sequence"], made["sequence"]) == (1, 0)
    assert await parlour.told() == ["appointment.booked", "appointment.booked", "appointment.moved"]
    await parlour.ask("POST", f"/v1/bookings/{other['id']}/cancel", json={})
    assert "14:00" in await parlour.readings(MONDAY)


async def test_a_change_names_the_version_that_it_was_made_from(parlour: Parlour) -> None:
    await parlour.open("Anna")
    made = await parlour.book(at(MONDAY, "10:00"))
    path, body = f"/v1/bookings/{made['id']}/move", {"starts_at": at(MONDAY, "12:00")}
    await parlour.ask("POST", path, json=body)

    stale = await parlour.api.post(path, json=body, headers={**parlour.salon.headers, "If-Match": '"1"'})
    missing = await parlour.api.post(path, json=body, headers=parlour.salon.headers)

    assert (stale.status_code, missing.status_code) == (412, 428)


async def test_what_a_late_change_costs_is_said_before_it_is_due(
    parlour: Parlour, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await parlour.open("Anna")
    await parlour.policy(deadlines=[{"hours_before": 24, "fee_percent": 50}])
    mine = bearer(visitor.token)
    made = await parlour.book(at(MONDAY, "10:00"), headers=mine)
    assert made["fee"]["amount"] == 0

    late = datetime.fromisoformat(at(MONDAY, "10:00")) - timedelta(hours=20)
    monkeypatch.setattr(clock, "now", lambda: late.astimezone(UTC))
    path = f"/v1/bookings/{made['id']}/cancel"

    assert (await parlour.ask("POST", path, 409, headers=mine, json={}))["code"] == "fee_due"
    assert (await parlour.ask("POST", path, 422, headers=mine, json={"waive_fee": True}))["code"] == (
        "for_the_desk"
    )
    ended = await parlour.ask("POST", path, headers=mine, json={"accept_fee": True})

    assert (ended["status"], ended["fee"]["amount"]) == ("cancelled", 2100)
    assert (await parlour.ask("POST", path, 409, headers=mine, json={}))["code"] == "booking_ended"
    assert "10:00" in await parlour.readings(MONDAY)


async def test_who_did_not_come_is_noted_after_the_time_began(
    parlour: Parlour, monkeypatch: pytest.MonkeyPatch
) -> None:
    await parlour.open("Anna")
    made = await parlour.book(at(MONDAY, "10:00"))
    path = f"/v1/bookings/{made['id']}/no-show"
    assert (await parlour.ask("POST", path, 409))["code"] == "not_over"

    begun = datetime.fromisoformat(at(MONDAY, "10:15")).astimezone(UTC)
    monkeypatch.setattr(clock, "now", lambda: begun)
    missed = await parlour.ask("POST", path)

    assert (missed["status"], missed["fee"]["amount"]) == ("no_show", 4200)
    assert (await parlour.told())[-1] == "appointment.no_show"
    assert "10:15" in await parlour.readings(MONDAY)


async def test_what_recurs_keeps_the_clocks_reading_and_is_made_whole_or_not_at_all(
    parlour: Parlour,
) -> None:
    await parlour.open("Anna")
    repeat = {"every_weeks": 3, "times": 4}

    made = await parlour.book(at(MONDAY, "10:00"), repeat=repeat)

    dates = [datetime.fromisoformat(one["starts_at"]) for one in made["series"]]
    assert len(dates) == 4
    assert {reading(one["starts_at"]) for one in made["series"]} == {"10:00"}
    third = MONDAY + timedelta(weeks=6)
    assert (await parlour.book(at(third, "10:30"), status=409))["code"] == "slot_taken"
    blocked = MONDAY + timedelta(weeks=3)
    await parlour.book(at(blocked, "15:00"))
    await parlour.book(at(MONDAY, "15:00"), repeat=repeat, status=409)
    assert "15:00" in await parlour.readings(MONDAY)


async def test_several_services_are_one_visit(parlour: Parlour) -> None:
    await parlour.open("Anna")

    made = await parlour.book(at(MONDAY, "10:00"), "srv_gel_removal", GEL)

    assert [leg["service_id"] for leg in made["services"]] == ["srv_gel_removal", GEL]
    assert [reading(leg["starts_at"]) for leg in made["services"]] == ["10:00", "10:25"]
    assert made["price"]["amount"] == 1500 + 4200


@pytest.mark.parametrize(
    ("services", "code"),
    [(["srv_nobody"], "unknown_service"), (["srv_add_gems"], "not_bookable"), ([], "bad_look")],
)
async def test_what_cannot_be_booked_is_refused(parlour: Parlour, services: list[str], code: str) -> None:
    await parlour.open("Anna")
    body: dict[str, Any] = {
        "location_id": parlour.location,
        "starts_at": at(MONDAY, "10:00"),
        "services": services,
    }

    refused = await parlour.ask("POST", "/v1/bookings", 422, json=body)

    assert refused["code"] == code


async def test_a_repeated_request_books_once(parlour: Parlour) -> None:
    await parlour.open("Anna")
    body = {"location_id": parlour.location, "starts_at": at(MONDAY, "10:00"), "services": [GEL]}
    headers = {**parlour.salon.headers, "Idempotency-Key": "once"}

    first, again = [await parlour.api.post("/v1/bookings", json=body, headers=headers) for _ in range(2)]

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


# --- waiting -----------------------------------------------------------------------------------------------------


async def test_a_time_that_comes_free_is_held_for_who_waited_longest(
    parlour: Parlour, visitor: Visitor, worker: Worker
) -> None:
    await parlour.open("Anna", schedule=hours("10:00", "11:15"))
    taken = await parlour.book(at(MONDAY, "10:00"))
    mine = bearer(visitor.token)
    asked = {
        "location_id": parlour.location,
        "services": [GEL],
        "earliest": at(MONDAY, "08:00"),
        "latest": at(MONDAY, "20:00"),
    }
    waiting = await parlour.ask("POST", "/v1/waitlist", 201, headers=mine, json=asked)
    await worker.work(only="booking.offer")
    assert (await parlour.ask("GET", f"/v1/waitlist/{waiting['id']}", headers=mine))["status"] == "waiting"

    await parlour.ask("POST", f"/v1/bookings/{taken['id']}/cancel", json={})
    await worker.work(only="booking.offer")

    offered = await parlour.ask("GET", f"/v1/waitlist/{waiting['id']}", headers=mine)
    assert offered["status"] == "offered"
    assert (await parlour.book(at(MONDAY, "10:00"), status=409))["code"] == "slot_taken"
    booked = await parlour.ask("POST", f"/v1/bookings/{offered['booking_id']}/confirm", headers=mine)
    assert (booked["status"], booked["source"]) == ("booked", "waitlist")
    (place,) = (await parlour.ask("GET", "/v1/waitlist", headers=mine))["items"]
    assert place["status"] == "booked"


async def test_an_offer_that_nobody_takes_goes_to_the_next(
    parlour: Parlour, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await parlour.open("Anna", schedule=hours("10:00", "11:15"))
    taken = await parlour.book(at(MONDAY, "10:00"))
    asked = {
        "location_id": parlour.location,
        "services": [GEL],
        "earliest": at(MONDAY, "08:00"),
        "latest": at(MONDAY, "20:00"),
    }
    places = []
    for _ in range(2):
        customer = (await parlour.ask("POST", "/v1/visitors", 201))["customer_id"]
        body = {**asked, "customer_id": customer}
        places.append((await parlour.ask("POST", "/v1/waitlist", 201, json=body))["id"])
    await parlour.ask("POST", f"/v1/bookings/{taken['id']}/cancel", json={})
    await worker.work(only="booking.offer")

    later = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    await worker.let_time_pass("booking.lapse")
    await worker.work(only="booking.")

    states = [(await parlour.ask("GET", f"/v1/waitlist/{place}"))["status"] for place in places]
    assert states == ["over", "offered"]


# --- by the manage link, and afterwards --------------------------------------------------------------------------


async def test_a_guest_moves_and_cancels_by_her_link_without_an_account(
    parlour: Parlour, visitor: Visitor
) -> None:
    await parlour.open("Anna")
    made = await parlour.book(at(MONDAY, "10:00"), headers=bearer(visitor.token))
    path, _, query = made["links"]["manage"].partition("?")

    seen = await parlour.ask("GET", f"{path}?{query}", headers={})
    moved = await parlour.ask(
        "POST", f"{path}/move?{query}", headers={}, json={"starts_at": at(MONDAY, "12:00")}
    )
    ended = await parlour.ask("POST", f"{path}/cancel?{query}", headers={}, json={})

    assert seen["id"] == moved["id"] == ended["id"] == made["id"]
    assert (reading(moved["starts_at"]), ended["status"]) == ("12:00", "cancelled")
    forged = query[:-1] + ("0" if query[-1] != "0" else "1")
    for action, body in (("move", {"starts_at": at(MONDAY, "15:00")}), ("cancel", {})):
        refused = await parlour.ask("POST", f"{path}/{action}?{forged}", 403, headers={}, json=body)
        assert refused["code"] == "link_refused"


async def test_a_name_is_forgotten_a_month_after_the_visit(
    parlour: Parlour, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await parlour.open("Anna")
    made = await parlour.book(at(MONDAY, "10:00"), contact={"name": "Ada"}, note="allergic to nothing")
    await worker.let_time_pass("booking.forget_contact")
    await worker.work(only="booking.")
    assert (await parlour.ask("GET", f"/v1/bookings/{made['id']}"))["contact"] is not None

    later = datetime.fromisoformat(made["ends_at"]) + timedelta(days=30)
    async with parlour.runtime.db.tenant(parlour.salon.business_id) as unit:
        await unit.execute(text("UPDATE jobs SET state = 'queued' WHERE kind = 'booking.forget_contact'"))
    monkeypatch.setattr(clock, "now", lambda: later.astimezone(UTC))
    await worker.work(only="booking.forget")

    seen = await parlour.ask("GET", f"/v1/bookings/{made['id']}")
    assert (seen["contact"], seen["note"]) == (None, "")


async def test_erasing_a_person_frees_what_she_booked_and_leaves_nothing(
    parlour: Parlour, visitor: Visitor, worker: Worker
) -> None:
    await parlour.open("Anna")
    mine = bearer(visitor.token)
    made = await parlour.book(at(MONDAY, "10:00"), headers=mine, contact={"name": "Ada Lovelace"})
    export = await parlour.ask("POST", "/v1/me/export", 202, headers=mine)
    assert export["status"] == "pending"

    await parlour.ask("POST", "/v1/me/erasure", 202, headers=mine)
    await worker.work(only="privacy.")

    await parlour.ask("GET", f"/v1/bookings/{made['id']}", 404)
    assert "10:00" in await parlour.readings(MONDAY)
    assert await dump(parlour.runtime, "Ada Lovelace") == {}
    assert set(await dump(parlour.runtime, made["id"])) <= LOGS


LOGS = {"audit_log", "jobs", "outbox"}
"""What still names an appointment by its id, and nothing else of it."""


async def test_who_is_booked_cannot_be_taken_off_the_team(parlour: Parlour) -> None:
    await parlour.open("Anna")
    made = await parlour.book(at(MONDAY, "10:00"))
    path = f"/v1/schedules/{parlour.stylists['Anna']}"

    assert (await parlour.ask("DELETE", path, 409))["code"] == "still_booked"
    assert (await parlour.ask("DELETE", f"/v1/locations/{parlour.location}", 409))["code"] == "still_booked"
    await parlour.ask("POST", f"/v1/bookings/{made['id']}/cancel", json={})
    await parlour.ask("DELETE", path, 204)
    await parlour.ask("DELETE", f"/v1/locations/{parlour.location}", 204)
    assert (await parlour.ask("GET", "/v1/locations"))["items"] == []
