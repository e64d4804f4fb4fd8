"""When a visit can begin, and who would do it with what: pure arithmetic over free spans of time.

A moment is good when, for each service of the visit, somebody with its skills is free for all of its hands-on time, and
for each kind of thing one is free for as long as it is taken. Processing time asks for nobody, so it is offered to
others by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from modules.booking.segments import Leg, Visit
from modules.booking.spans import Span, Spans, around, begins, common, union, without
from modules.booking.zones import Period, on_the_grid


class Worker(Struct, frozen=True):
    """Somebody who does services. free: when she works and nothing is booked with her."""

    id: str
    skills: frozenset[str]
    free: Spans


class Thing(Struct, frozen=True):
    """A chair, a dryer, a basin. free: when nothing is booked on it."""

    id: str
    kind: str
    free: Spans


Free = TypeVar("Free", Worker, Thing)


class Slot(Struct, frozen=True):
    """A minute at which a visit can begin. alone: who could do all of it; nobody where it takes several."""

    start: int
    alone: tuple[str, ...]


class Assignment(Struct, frozen=True):
    """Who does a visit and with what. legs: a worker for each service; taken: spans in UTC, by worker or thing."""

    legs: tuple[str, ...]
    taken: Mapping[str, Spans]
    workers: frozenset[str]


def slots(
    visit: Visit,
    workers: Sequence[Worker],
    things: Sequence[Thing],
    within: Span,
    step: int,
    clock: Sequence[Period],
) -> list[Slot]:
    """Every slot on the grid of the wall's clock whose beginning lies within a span, in order."""
    possible = common(_room(visit, things, within), _hands(visit, workers))
    alone = {
        worker.id: set(on_the_grid(common(possible, _by(visit.legs, worker)), step, clock))
        for worker in workers
        if all(leg.skills <= worker.skills for leg in visit.legs)
    }
    return [
        Slot(start, tuple(id for id, starts in alone.items() if start in starts))
        for start in on_the_grid(possible, step, clock)
    ]


def assign(visit: Visit, start: int, workers: Sequence[Worker], things: Sequence[Thing]) -> Assignment | None:
    """Who does a visit that begins at this minute, and with what; None when it cannot be done then.

    One for all of it where there is one, and of several who or what leaves the least time idle around it.
    """
    legs = _done_by(visit, start, workers)
    if legs is None:
        return None
    taken: dict[str, list[Span]] = {}
    for leg, worker in zip(visit.legs, legs, strict=True):
        taken.setdefault(worker.id, []).extend(_moved(leg.busy, start))
    for kind, pieces in visit.needs.items():
        for piece in _moved(pieces, start):
            thing = _tightest((thing for thing in things if thing.kind == kind), [piece])
            if thing is None:
                return None
            taken.setdefault(thing.id, []).append(piece)
    return Assignment(
        legs=tuple(worker.id for worker in legs),
        taken={id: tuple(union(spans)) for id, spans in taken.items()},
        workers=frozenset(worker.id for worker in legs),
    )


def free_of(there: Spans, taken: Iterable[Span]) -> list[Span]:
    """What is left of a time when spans in any order are taken out."""
    return without(there, union(taken))


def _room(visit: Visit, things: Sequence[Thing], within: Span) -> Spans:
    """When every kind of thing that the visit takes is free."""
    found: Spans = [within]
    for kind, pieces in visit.needs.items():
        those = [thing.free for thing in things if thing.kind == kind]
        for piece in pieces:
            found = common(found, union(span for free in those for span in begins(free, piece)))
    return found


def _hands(visit: Visit, workers: Sequence[Worker]) -> Spans:
    """When there is somebody for each of the services."""
    found: Spans | None = None
    for leg in visit.legs:
        able = [_by([leg], worker) for worker in workers if leg.skills <= worker.skills]
        starts = union(span for spans in able for span in spans)
        found = starts if found is None else common(found, starts)
    return found or []


def _by(legs: Iterable[Leg], worker: Worker) -> Spans:
    """When this worker could do these services."""
    found: Spans | None = None
    for leg in legs:
        for piece in leg.busy:
            starts = begins(worker.free, piece)
            found = starts if found is None else common(found, starts)
    return found or []


def _done_by(visit: Visit, start: int, workers: Sequence[Worker]) -> list[Worker] | None:
    whole = [span for leg in visit.legs for span in _moved(leg.busy, start)]
    able = (worker for worker in workers if all(leg.skills <= worker.skills for leg in visit.legs))
    if (one := _tightest(able, whole)) is not None:
        return [one] * len(visit.legs)
    found = []
    for leg in visit.legs:
        able = (worker for worker in workers if leg.skills <= worker.skills)
        if (one := _tightest(able, _moved(leg.busy, start))) is None:
            return None
        found.append(one)
    return found


def _tightest(those: Iterable[Free], pieces: Sequence[Span]) -> Free | None:
    """Of those who are free for all pieces, the one with the shortest free time around them; the first of equals."""
    best: tuple[int, Free] | None = None
    for one in those:
        held = [around(one.free, piece) for piece in pieces]
        if None not in held:
            idle = sum(span[1] - span[0] for span in set(held) if span is not None)
            if best is None or idle < best[0]:
                best = (idle, one)
    return None if best is None else best[1]


def _moved(spans: Spans, by: int) -> list[Span]:
    return [(start + by, end + by) for start, end in spans]
