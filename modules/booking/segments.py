"""What a visit takes of whom: a service is hands-on and processing time, and a visit is one or more services in a row.

All times are minutes counted from the moment at which the customer is asked to come; a buffer before it is negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from modules.booking.spans import Span, Spans, union

Word = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Phase(Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of a service. hands: somebody works on it, else it sets by itself and she is free for another.

    resources: kinds of things that are taken meanwhile (a chair, a dryer), one of each.
    """

    minutes: Annotated[int, Meta(ge=1, le=600)]
    hands: bool = True
    resources: Annotated[tuple[Word, ...], Meta(max_length=6)] = ()


class Procedure(Struct, frozen=True):
    """How a service is done. before, after: minutes that keep who works on it, and what is taken, from others."""

    service_id: str
    phases: tuple[Phase, ...]
    skills: frozenset[str] = frozenset()
    before: int = 0
    after: int = 0

    @property
    def minutes(self) -> int:
        """The customer's own."""
        return sum(phase.minutes for phase in self.phases)


class Leg(Struct, frozen=True):
    """One service of a visit. span: the customer's own; busy: when whoever does it is not free for others."""

    service_id: str
    skills: frozenset[str]
    span: Span
    busy: Spans


class Visit(Struct, frozen=True):
    """One or more services in a row. needs: when one thing of each kind is taken, by kind."""

    minutes: int
    legs: tuple[Leg, ...]
    needs: Mapping[str, Spans]

    @property
    def reach(self) -> Span:
        """From the first to the last minute that anything is taken."""
        taken = [
            *(span for leg in self.legs for span in leg.busy),
            *(s for n in self.needs.values() for s in n),
        ]
        return min((0, *(start for start, _ in taken))), max((self.minutes, *(end for _, end in taken)))


def visit_of(procedures: Sequence[Procedure]) -> Visit:
    """The services in their order; between two, what the one needs after and the other before."""
    legs: list[Leg] = []
    needs: dict[str, list[Span]] = {}
    at = 0
    for number, procedure in enumerate(procedures):
        at += procedure.before if number else 0
        phases = _laid_out(procedure, at)
        end = at + procedure.minutes
        busy = [span for span, _, phase in phases if phase.hands]
        edges = [(at - procedure.before, at), (end, end + procedure.after)]
        legs.append(Leg(procedure.service_id, procedure.skills, (at, end), tuple(union([*busy, *edges]))))
        for _, wide, phase in phases:
            for kind in phase.resources:
                needs.setdefault(kind, []).append(wide)
        at = end + procedure.after
    minutes = legs[-1].span[1] if legs else 0
    return Visit(minutes, tuple(legs), {kind: tuple(union(spans)) for kind, spans in needs.items()})


def _laid_out(procedure: Procedure, at: int) -> list[tuple[Span, Span, Phase]]:
    """Each phase with its span, and with the buffers that things of the first and the last are kept for."""
    found = []
    last = len(procedure.phases) - 1
    for number, phase in enumerate(procedure.phases):
        end = at + phase.minutes
        before = procedure.before if number == 0 else 0
        after = procedure.after if number == last else 0
        found.append(((at, end), (at - before, end + after), phase))
        at = end
    return found
