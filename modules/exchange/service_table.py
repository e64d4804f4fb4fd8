"""Services as a table: the shipped ones as the salon offers them, and its own. The id says which, else the name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from kit import money
from kit.audit import Actor
from kit.db.unit import Unit
from modules.catalog import services
from modules.catalog.errors import ServiceUnfit
from modules.catalog.own import OwnService, ServiceDraft
from modules.catalog.shelf import Shelf
from modules.exchange.cells import text, whole, yes_no
from modules.exchange.plan import Plan
from modules.exchange.rows import Asked, CellError, column_of, drafted, field_errors, missing, repeated

COLUMNS = (
    text("name", needed=True),
    text("id"),
    text("kind", needed=True),
    whole("minutes", needed=True),
    whole("buffer_before_min"),
    whole("buffer_after_min"),
    text("price", needed=True),
    text("currency", needed=True),
    yes_no("offered"),
)


async def rows_of(unit: Unit, shelf: Shelf) -> list[list[str]]:
    """Every service, shipped ones first."""
    return [_cells(service) for service in await services.every(unit, shelf)]


async def plan(unit: Unit, shelf: Shelf, rows: Sequence[Asked], *, lock: bool) -> Plan:
    """What these rows would change. lock: hold the services until it is applied."""
    held = await services.every(unit, shelf, lock=lock)
    by_id, by_name = {service.id: service for service in held}, defaultdict(list)
    for service in held:
        if not service.shipped:
            by_name[service.service.name].append(service)
    new: list[ServiceDraft] = []
    changed: list[tuple[OwnService, ServiceDraft]] = []

    async def apply(unit: Unit, actor: Actor) -> None:
        await services.write_many(unit, actor, shelf, new, changed)

    plan = Plan(apply, errors=repeated(rows, "id"))
    named = [row for row in rows if "id" not in row.given]
    plan.errors += repeated(named, "name")
    for row in rows:
        service_id, name = row.given.get("id"), row.given["name"]
        if (service_id is not None and service_id not in by_id) or (
            len(by_name[name]) > 1 and not service_id
        ):
            words = (
                f"There is no service {service_id}." if service_id else f"Several services are called {name}."
            )
            plan.errors.append(CellError(row.number, "id", "unknown", words))
            continue
        before = by_id[service_id] if service_id else next(iter(by_name[name]), None)
        draft, errors = _draft(row, before)
        if draft is None:
            plan.errors += errors
        elif before is None:
            new.append(draft)
        elif draft == before.service:
            plan.unchanged += 1
        else:
            changed.append((before, draft))
    plan.created, plan.changed = len(new), len(changed)
    return plan


def _draft(row: Asked, before: OwnService | None) -> tuple[ServiceDraft | None, list[CellError]]:
    if before is None and (errors := missing(row, COLUMNS)):
        return None, errors
    given = {name: value for name, value in row.given.items() if name != "id"}
    try:
        draft = services.tidied(drafted(given, None if before is None else before.service, ServiceDraft))
    except msgspec.ValidationError as error:
        column, words = column_of(error, COLUMNS)
        return None, [CellError(row.number, column, "value", words)]
    except ServiceUnfit as error:
        return None, field_errors(row.number, error.errors, COLUMNS)
    wrong = services.fixed(before, draft) if before is not None else []
    return (None if wrong else draft), field_errors(row.number, wrong, COLUMNS)


def _cells(held: OwnService) -> list[str]:
    service = held.service
    written = {
        "id": held.id,
        "price": money.written(service.price.amount, service.price.currency),
        "currency": service.price.currency,
    }
    return [written.get(column.name) or column.write(getattr(service, column.fills)) for column in COLUMNS]
