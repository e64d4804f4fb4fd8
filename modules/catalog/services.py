"""What can be booked: the shipped services as this salon offers them, and its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from kit import clock, versions
from kit.audit import Actor, record
from kit.db.unit import Unit
from kit.errors import FieldError
from kit.ids import new_id, new_ids
from kit.money import Price
from kit.text import one_line
from modules.catalog import store
from modules.catalog.errors import ServiceNotFound, ServiceUnfit
from modules.catalog.own import OwnService, ServiceChange, ServiceDraft
from modules.catalog.shelf import Service, Shelf
from modules.catalog.store.rows import price_values

FIXED = ("name", "kind")
"""Of a shipped service."""


async def create(unit: Unit, actor: Actor, draft: ServiceDraft) -> OwnService:
    """Add a service of the salon's own. Raises ServiceUnfit."""
    service = await store.services.add(unit, new_id("srv"), tidied(draft))
    await record(unit, actor, "service.created", service.id)
    return service


async def every(unit: Unit, shelf: Shelf, *, lock: bool = False) -> list[OwnService]:
    """Shipped ones first, then the salon's own."""
    choices = await store.services.choices(unit, lock=lock)
    shipped = [_as_chosen(service, choices.get(service.id)) for service in shelf.services.values()]
    return [*shipped, *await store.services.every(unit, lock=lock)]


async def offered(unit: Unit, shelf: Shelf) -> tuple[Service, ...]:
    """What customers can book, at this salon's prices and times."""
    return tuple(
        Service(
            id=one.id,
            **{
                name: getattr(one.service, name)
                for name in ServiceDraft.__struct_fields__
                if name != "offered"
            },
        )
        for one in await every(unit, shelf)
        if one.service.offered
    )


async def known(unit: Unit, shelf: Shelf) -> frozenset[str]:
    """Ids that a design may name: all of the shipped and of the salon's own. What is archived is kept for them."""
    return frozenset(shelf.services) | await store.services.ids(unit)


async def find(unit: Unit, shelf: Shelf, service_id: str) -> OwnService:
    """Raises ServiceNotFound."""
    if (shipped := shelf.services.get(service_id)) is not None:
        return _as_chosen(shipped, (await store.services.choices(unit)).get(service_id))
    service = await store.services.find(unit, service_id)
    if service is None:
        raise ServiceNotFound
    return service


async def change(
    unit: Unit, actor: Actor, shelf: Shelf, service_id: str, asked: ServiceChange, expected: int | None
) -> OwnService:
    """Change what differs. Raises ServiceNotFound, VersionStale, ServiceUnfit."""
    shipped = shelf.services.get(service_id)
    if shipped is not None:
        held: OwnService | None = _as_chosen(shipped, await store.services.lock_choice(unit, service_id))
    else:
        held = await store.services.find(unit, service_id, lock=True)
    if held is None:
        raise ServiceNotFound
    versions.check(held.version, expected)
    named = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not UNSET}
    draft = tidied(msgspec.structs.replace(held.service, **named))
    if draft == held.service:
        return held
    if errors := fixed(held, draft):
        raise ServiceUnfit(errors=tuple(errors))
    changed = await write(unit, shelf, service_id, draft)
    await record(unit, actor, "service.changed", service_id)
    return changed


async def write(unit: Unit, shelf: Shelf, service_id: str, draft: ServiceDraft) -> OwnService:
    """Store a changed service whose row, or choice, is locked."""
    shipped = shelf.services.get(service_id)
    if shipped is None:
        return await store.services.change(unit, service_id, store.services.columns_of(draft))
    return _as_chosen(shipped, await store.services.change_choice(unit, service_id, _choice(shipped, draft)))


async def write_many(
    unit: Unit,
    actor: Actor,
    shelf: Shelf,
    new: Sequence[ServiceDraft],
    changed: Sequence[tuple[OwnService, ServiceDraft]],
) -> None:
    """Add and change services that were checked."""
    ids = new_ids("srv", len(new))
    added = [(await store.services.add(unit, id, draft)).id for id, draft in zip(ids, new, strict=True)]
    for held, draft in changed:
        if held.shipped:
            await store.services.lock_choice(unit, held.id)
        await write(unit, shelf, held.id, draft)
    await record(unit, actor, "service.created", *added)
    await record(unit, actor, "service.changed", *(held.id for held, _ in changed))


async def archive(unit: Unit, actor: Actor, shelf: Shelf, service_id: str) -> None:
    """Take away a service of the salon's own: kept when a design needs it. A shipped one is no longer offered.

    Raises ServiceNotFound.
    """
    if service_id in shelf.services:
        await change(unit, actor, shelf, service_id, ServiceChange(offered=False), None)
        return
    if await store.services.find(unit, service_id, lock=True) is None:
        raise ServiceNotFound
    if await store.designs.any_needs(unit, service_id):
        await store.services.change(unit, service_id, {"archived_at": clock.now()})
        await record(unit, actor, "service.archived", service_id)
    else:
        await store.services.remove(unit, service_id)
        await record(unit, actor, "service.deleted", service_id)


def tidied(draft: ServiceDraft) -> ServiceDraft:
    """With its name as one line. Raises ServiceUnfit."""
    try:
        return msgspec.structs.replace(draft, name=one_line(draft.name))
    except ValueError as error:
        message = f"This cannot be used: {error}."
        raise ServiceUnfit(errors=(FieldError("name", message, "text"),)) from error


def fixed(held: OwnService, draft: ServiceDraft) -> list[FieldError]:
    """What a change may not touch."""
    if not held.shipped:
        return []
    moved = [name for name in FIXED if getattr(held.service, name) != getattr(draft, name)]
    return [FieldError(name, f"The {name} of a shipped service stays.", "fixed") for name in moved]


def _as_chosen(shipped: Service, choice: Any | None) -> OwnService:
    values = {name: getattr(shipped, name) for name in ServiceDraft.__struct_fields__ if name != "offered"}
    if choice is None:
        return OwnService(id=shipped.id, shipped=True, service=ServiceDraft(**values), version=0)
    for name in ("minutes", "buffer_before_min", "buffer_after_min"):
        if (own := getattr(choice, name)) is not None:
            values[name] = own
    if choice.price_amount is not None:
        values["price"] = Price(choice.price_amount, choice.price_currency)
    service = ServiceDraft(**values, offered=choice.offered)
    return OwnService(id=shipped.id, shipped=True, service=service, version=choice.row_version)


def _choice(shipped: Service, draft: ServiceDraft) -> dict[str, Any]:
    """Only what differs is the salon's choice: the rest follows the shipped service."""
    own = {
        name: value if (value := getattr(draft, name)) != getattr(shipped, name) else None
        for name in ("minutes", "buffer_before_min", "buffer_after_min")
    }
    price = draft.price if draft.price != shipped.price else None
    return {"offered": draft.offered, **own, **price_values(price)}
