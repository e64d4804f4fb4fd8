"""How long it takes to say when one service can begin: from the rules of a salon's team to every slot."""

from __future__ import annotations

import os
import random
import time
from datetime import date, timedelta
from typing import Any

from benchmarks.latency import summary
from kit import clock
from kit.runtime import Runtime
from kit.settings import ROOT
from modules.accounts.caller import Caller
from modules.booking.availability import free_slots
from modules.booking.book import book
from modules.booking.errors import SlotTaken
from modules.booking.hours import Schedule, Shift, Weekday, working
from modules.booking.plan import Wanted
from modules.booking.segments import Phase, Procedure, visit_of
from modules.booking.setup import service as salon
from modules.booking.setup.wire import LocationDraft, StylistDraft
from modules.booking.slots import Assignment, Thing, Worker, assign, free_of, slots
from modules.booking.spans import Span
from modules.booking.wire import BookingRequest
from modules.booking.zones import day_start, periods
from modules.catalog.load import load_shelf

ZONE = "Europe/Berlin"
STEP = 15
SERVICE = "srv_gel_manicure"
WEEK = Schedule(
    weekly=tuple(Shift(day, "09:00", "18:30") for day in tuple(Weekday)[:6]),
    breaks=tuple(Shift(day, "12:30", "13:15") for day in tuple(Weekday)[:6]),
)
MANICURE = visit_of([Procedure("manicure", (Phase(60, resources=("nail_table",)),), after=10)])
COLOUR = visit_of(
    [
        Procedure(
            "colour",
            (
                Phase(40, resources=("chair",)),
                Phase(35, hands=False),
                Phase(30, resources=("wash_basin",)),
            ),
            frozenset({"colour"}),
            after=10,
        )
    ]
)


async def measure_service(runtime: Runtime, caller: Caller, rounds: int, staff: int = 10) -> dict[str, Any]:
    """Milliseconds of the same query as the API asks it: rules, hours and what is booked read from Postgres each time.

    The team is booked at the desk, three manicures a day each, for thirty days.
    """
    shelf = load_shelf(ROOT / "assets" / "catalog")
    async with runtime.db.tenant(caller.business_id) as unit:
        place = await salon.create_location(unit, caller, LocationDraft(name="Bench", zone=ZONE))
        for number in range(staff):
            draft = StylistDraft(location_id=place.id, name=f"Stylist {number}", schedule=WEEK)
            await salon.create_stylist(unit, caller, draft)
    first = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    last = first + timedelta(days=30)
    booked = 0
    for day in range(30):
        for hour in (9, 11, 14):
            at = first + timedelta(days=day, hours=hour)
            asked = BookingRequest(location_id=place.id, starts_at=at, services=(SERVICE,), walk_in=True)
            async with runtime.db.tenant(caller.business_id) as unit:
                for _ in range(staff):
                    try:
                        await book(unit, caller, shelf, asked, settings=runtime.settings)
                    except SlotTaken:  # a Sunday
                        break
                    booked += 1
    wanted, seconds, found = Wanted(services=(SERVICE,)), [], 0
    busy_s = time.process_time()
    for _ in range(rounds):
        started = time.perf_counter()
        async with runtime.db.tenant(caller.business_id) as unit:
            free = await free_slots(unit, caller, shelf, place.id, first, last, wanted, None)
        seconds.append(time.perf_counter() - started)
        found = len(free.items)
    busy_s = time.process_time() - busy_s
    return {
        "booked": booked,
        **summary(seconds, 0.5, 0.95, 0.99),
        "cpu_ms": round(1000 * busy_s / rounds, 1),
        "slots": found,
    }


def measure(rounds: int = 200, days: int = 30, staff: int = 10, seed: int = 2026) -> dict[str, Any]:
    """Milliseconds of a query over a team that is booked for a third of its time; the first day moves each round.

    cpu_ms: what one query takes of a core, where others use the machine (load_average) too.

    Each query reads hours from the rules anew, takes out what is booked, and lists every slot with who could do it.
    """
    chance = random.Random(seed)
    first = date(2026, 10, 1)  # the clocks change within most of these stretches
    taken = _booked(chance, first, days + 31, staff)
    seconds: dict[str, list[float]] = {"manicure": [], "colour": []}
    found = {"manicure": 0, "colour": 0}
    busy_s = time.process_time()
    for number in range(rounds):
        day = first + timedelta(days=number % 30)
        for name, visit in (("manicure", MANICURE), ("colour", COLOUR)):
            periods.cache_clear()
            started = time.perf_counter()
            team, things = _free(day, days, staff, taken)
            clock = periods(ZONE, day, day + timedelta(days=days - 1))
            within = (day_start(day) - 120, day_start(day + timedelta(days=days)))
            offered = slots(visit, team, things, within, STEP, clock)
            seconds[name].append(time.perf_counter() - started)
            found[name] += len(offered)
    busy_s = time.process_time() - busy_s
    return {
        "days": days,
        "staff": staff,
        "zone": ZONE,
        "rounds": rounds,
        "cpu_ms": round(1000 * busy_s / rounds / len(found), 1),
        "load_average": round(os.getloadavg()[0], 1),
        "taken_spans": sum(len(spans) for spans in taken.values()),
        **{
            name: {**summary(values, 0.5, 0.95, 0.99), "slots": round(found[name] / rounds)}
            for name, values in seconds.items()
        },
    }


def _free(day: date, days: int, staff: int, taken: dict[str, list[Span]]) -> tuple[list[Worker], list[Thing]]:
    last = day + timedelta(days=days - 1)
    team = []
    for number in range(staff):
        skills = frozenset({"colour"}) if number % 2 else frozenset[str]()
        hours = working(WEEK, ZONE, day, last)
        team.append(Worker(f"stylist {number}", skills, free_of(hours, taken.get(f"stylist {number}", ()))))
    whole = [(day_start(day) - 1440, day_start(last) + 2880)]
    things = [
        Thing(f"{kind} {number}", kind, free_of(whole, taken.get(f"{kind} {number}", ())))
        for kind, count in (("nail_table", 6), ("chair", 4), ("wash_basin", 2))
        for number in range(count)
    ]
    return team, things


def _booked(chance: random.Random, first: date, days: int, staff: int) -> dict[str, list[Span]]:
    """What is taken after so many visits were booked, each at a random slot of a random day."""
    taken: dict[str, list[Span]] = {}
    for number in range(days):
        day = first + timedelta(days=number)
        clock = periods(ZONE, day, day)
        for _ in range(staff * 2):
            visit = chance.choice((MANICURE, COLOUR))
            team, things = _free(day, 1, staff, taken)
            within = (day_start(day) - 120, day_start(day) + 1440)
            offered = slots(visit, team, things, within, STEP, clock)
            if offered:
                done = assign(visit, chance.choice(offered).start, team, things)
                assert isinstance(done, Assignment)
                for name, spans in done.taken.items():
                    taken.setdefault(name, []).extend(spans)
    return taken
