"""How long it takes to say when one service can begin: from the rules of a salon's team to every slot."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from typing import Any

from benchmarks.latency import summary
from modules.booking.hours import Schedule, Shift, Weekday, working
from modules.booking.segments import Phase, Procedure, visit_of
from modules.booking.slots import Assignment, Thing, Worker, assign, free_of, slots
from modules.booking.spans import Span
from modules.booking.zones import day_start, periods

ZONE = "Europe/Berlin"
STEP = 15
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


def measure(rounds: int = 200, days: int = 30, staff: int = 10, seed: int = 2026) -> dict[str, Any]:
    """Milliseconds of a query over a team that is booked for a third of its time; the first day moves each round.

    Each query reads hours from the rules anew, takes out what is booked, and lists every slot with who could do it.
    """
    chance = random.Random(seed)
    first = date(2026, 10, 1)  # the clocks change within most of these stretches
    taken = _booked(chance, first, days + 31, staff)
    seconds: dict[str, list[float]] = {"manicure": [], "colour": []}
    found = {"manicure": 0, "colour": 0}
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
    return {
        "days": days,
        "staff": staff,
        "zone": ZONE,
        "rounds": rounds,
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
