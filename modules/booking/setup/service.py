"""A salon sets up what can be booked: places, who works there and with what, how services are done, its own rules."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from kit import clock, versions
from kit.audit import Actor, record
from kit.db.unit import Unit
from kit.errors import FieldError
from kit.ids import new_id
from kit.text import one_line
from modules.booking.errors import (
    SetupUnfit,
    StillBooked,
    UnknownLocation,
    UnknownResource,
    UnknownStylist,
    UnknownTimeOff,
)
from modules.booking.setup.wire import (
    BookingRules,
    HeldBookingRules,
    HeldRules,
    Location,
    LocationChange,
    LocationDraft,
    Resource,
    ResourceDraft,
    ServiceRules,
    Stylist,
    StylistChange,
    StylistDraft,
    TimeOff,
    TimeOffDraft,
)
from modules.booking.store import appointments, setup
from modules.booking.tables import locations, resources, stylists
from modules.booking.zones import is_zone
from modules.catalog import services as catalog
from modules.catalog.shelf import Shelf
from modules.staff import service as staff


async def create_location(unit: Unit, actor: Actor, draft: LocationDraft) -> Location:
    """Raises SetupUnfit."""
    values = _columns(draft)
    if not is_zone(draft.zone):
        raise SetupUnfit(errors=(FieldError("zone", f"There is no time zone {draft.zone!r}.", "zone"),))
    row = await setup.add(unit, locations, {"id": new_id("loc"), **values})
    await record(unit, actor, "location.created", row.id)
    return setup.location_of(row)


async def location(unit: Unit, location_id: str, *, lock: bool = False) -> Location:
    """Raises UnknownLocation."""
    found = await setup.location(unit, location_id, lock=lock)
    if found is None:
        raise UnknownLocation
    return found


async def every_location(unit: Unit) -> list[Location]:
    """Oldest first."""
    return await setup.every_location(unit)


async def change_location(
    unit: Unit, actor: Actor, location_id: str, asked: LocationChange, expected: int | None
) -> Location:
    """Raises UnknownLocation, VersionStale, SetupUnfit."""
    held = await location(unit, location_id, lock=True)
    versions.check(held.version, expected)
    changed = setup.location_of(await setup.change(unit, locations, location_id, _columns(asked)))
    await record(unit, actor, "location.changed", location_id)
    return changed


async def archive_location(unit: Unit, actor: Actor, location_id: str) -> None:
    """Raises UnknownLocation, StillBooked."""
    await location(unit, location_id, lock=True)
    if await appointments.any_to_come(unit, location_id, clock.now()):
        raise StillBooked
    await setup.change(unit, locations, location_id, {"archived_at": clock.now()})
    await record(unit, actor, "location.archived", location_id)


async def create_stylist(unit: Unit, actor: Actor, draft: StylistDraft) -> Stylist:
    """Raises UnknownLocation, UnknownMember, SetupUnfit."""
    await location(unit, draft.location_id)
    await _is_member(unit, draft.staff_id)
    row = await setup.add(unit, stylists, {"id": new_id("sty"), **_columns(draft)})
    await record(unit, actor, "stylist.created", row.id)
    return setup.stylist_of(row)


async def stylist(unit: Unit, stylist_id: str, *, lock: bool = False) -> Stylist:
    """Raises UnknownStylist."""
    found = await setup.stylist(unit, stylist_id, lock=lock)
    if found is None:
        raise UnknownStylist
    return found


async def every_stylist(unit: Unit) -> list[Stylist]:
    """Oldest first."""
    return await setup.every_stylist(unit)


async def change_stylist(
    unit: Unit, actor: Actor, stylist_id: str, asked: StylistChange, expected: int | None
) -> Stylist:
    """Change her name, skills or hours; what is booked with her stays.

    Raises UnknownStylist, VersionStale, UnknownMember, SetupUnfit.
    """
    held = await stylist(unit, stylist_id, lock=True)
    versions.check(held.version, expected)
    if asked.staff_id is not UNSET:
        await _is_member(unit, asked.staff_id)
    changed = setup.stylist_of(await setup.change(unit, stylists, stylist_id, _columns(asked)))
    await record(unit, actor, "stylist.changed", stylist_id)
    return changed


async def archive_stylist(unit: Unit, actor: Actor, stylist_id: str) -> None:
    """Raises UnknownStylist, StillBooked."""
    held = await stylist(unit, stylist_id, lock=True)
    await setup.location(unit, held.location_id, lock=True)
    if await appointments.any_taking(unit, stylist_id, clock.now()):
        raise StillBooked
    await setup.change(unit, stylists, stylist_id, {"archived_at": clock.now()})
    await record(unit, actor, "stylist.archived", stylist_id)


async def add_time_off(unit: Unit, actor: Actor, stylist_id: str, draft: TimeOffDraft) -> TimeOff:
    """Raises UnknownStylist, SetupUnfit."""
    await stylist(unit, stylist_id)
    if draft.starts_at.tzinfo is None or draft.ends_at.tzinfo is None or draft.starts_at >= draft.ends_at:
        raise SetupUnfit("Time off goes from one moment to a later one, each with its zone.")
    added = await setup.add_time_off(unit, new_id("off"), stylist_id, draft.starts_at, draft.ends_at)
    await record(unit, actor, "time_off.added", added.id)
    return added


async def list_time_off(unit: Unit, stylist_id: str) -> list[TimeOff]:
    """What is not over yet. Raises UnknownStylist."""
    await stylist(unit, stylist_id)
    return await setup.time_off_between(unit, [stylist_id], clock.now())


async def remove_time_off(unit: Unit, actor: Actor, stylist_id: str, time_off_id: str) -> None:
    """Raises UnknownTimeOff."""
    if not await setup.remove_time_off(unit, stylist_id, time_off_id):
        raise UnknownTimeOff
    await record(unit, actor, "time_off.removed", time_off_id)


async def every_resource(unit: Unit) -> list[Resource]:
    """Oldest first."""
    return await setup.every_resource(unit)


async def create_resource(unit: Unit, actor: Actor, draft: ResourceDraft) -> Resource:
    """Raises UnknownLocation, SetupUnfit."""
    await location(unit, draft.location_id)
    row = await setup.add(unit, resources, {"id": new_id("res"), **_columns(draft)})
    await record(unit, actor, "resource.created", row.id)
    return setup.resource_of(row)


async def archive_resource(unit: Unit, actor: Actor, resource_id: str) -> None:
    """Raises UnknownResource, StillBooked."""
    held = await setup.resource(unit, resource_id, lock=True)
    if held is None:
        raise UnknownResource
    await setup.location(unit, held.location_id, lock=True)
    if await appointments.any_taking(unit, resource_id, clock.now()):
        raise StillBooked
    await setup.change(unit, resources, resource_id, {"archived_at": clock.now()})
    await record(unit, actor, "resource.archived", resource_id)


async def rules(unit: Unit, shelf: Shelf, service_id: str) -> HeldRules:
    """How a service is done here. Raises ServiceNotFound."""
    await catalog.find(unit, shelf, service_id)
    held = (await setup.rules_of(unit, [service_id])).get(service_id)
    return held or HeldRules(service_id=service_id, rules=ServiceRules(), version=0)


async def put_rules(
    unit: Unit, actor: Actor, shelf: Shelf, service_id: str, asked: ServiceRules, expected: int | None
) -> HeldRules:
    """Raises ServiceNotFound, VersionStale, SetupUnfit."""
    versions.check((await rules(unit, shelf, service_id)).version, expected)
    if asked.phases and not any(phase.hands for phase in asked.phases):
        words = "Somebody works on it in one phase at least."
        raise SetupUnfit(errors=(FieldError("phases", words, "hands"),))
    put = await setup.put_rules(unit, service_id, asked)
    await record(unit, actor, "service_rules.changed", service_id)
    return put


async def booking_rules(unit: Unit) -> HeldBookingRules:
    """The salon's own, or those that it left as they come."""
    return await setup.booking_rules(unit)


async def put_booking_rules(
    unit: Unit, actor: Actor, asked: BookingRules, expected: int | None
) -> HeldBookingRules:
    """Raises VersionStale."""
    versions.check((await setup.booking_rules(unit)).version, expected)
    put = await setup.put_booking_rules(unit, asked)
    await record(unit, actor, "booking_rules.changed", unit.business_id)
    return put


async def _is_member(unit: Unit, staff_id: str | UnsetType | None) -> None:
    if isinstance(staff_id, str):
        await staff.member(unit, staff_id)


def _columns(asked: Struct) -> dict[str, Any]:
    """What is named, as columns; a name as one line. Raises SetupUnfit."""
    given = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not UNSET}
    if "name" in given:
        try:
            given["name"] = one_line(given["name"])
        except ValueError as error:
            message = f"This cannot be used: {error}."
            raise SetupUnfit(errors=(FieldError("name", message, "text"),)) from error
    if "schedule" in given:
        given["schedule"] = msgspec.to_builtins(given["schedule"])
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
