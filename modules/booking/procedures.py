"""From a service of the catalogue and the salon's rules for it to how long it takes of whom."""

from __future__ import annotations

import msgspec

from modules.booking.errors import NotBookable
from modules.booking.segments import Phase, Procedure
from modules.booking.setup.wire import ServiceRules
from modules.catalog.shelf import Service, ServiceKind


def procedure_of(service: Service, rules: ServiceRules | None, extra_min: int = 0) -> Procedure:
    """How a service is done; minutes on top go to its first hands-on phase. Raises NotBookable."""
    rules = rules or ServiceRules()
    phases = rules.phases or (Phase(max(1, service.minutes), resources=rules.resources),)
    if service.kind is ServiceKind.NAIL_ADD_ON or (not rules.phases and service.minutes + extra_min < 1):
        raise NotBookable(f"{service.name} joins another service.")
    return Procedure(
        service_id=service.id,
        phases=_longer(phases, extra_min),
        skills=frozenset(rules.skills),
        before=service.buffer_before_min,
        after=service.buffer_after_min,
    )


def _longer(phases: tuple[Phase, ...], by: int) -> tuple[Phase, ...]:
    """With the first hands-on phase so much longer; it keeps a minute at least."""
    at = next((number for number, phase in enumerate(phases) if phase.hands), 0)
    minutes = max(1, phases[at].minutes + by)
    changed = msgspec.structs.replace(phases[at], minutes=minutes)
    return (*phases[:at], changed, *phases[at + 1 :])
