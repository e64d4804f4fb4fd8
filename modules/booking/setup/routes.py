"""A salon's own side of booking over HTTP."""

from __future__ import annotations

from litestar import Response, Router, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from api.given import GivenCaller, GivenUnit
from api.guards import may
from api.problems import fails
from api.versions import IfMatch, expected, tagged
from kit.versions import VersionMissing, VersionStale
from modules.accounts.scopes import Scope
from modules.booking.errors import (
    SetupUnfit,
    StillBooked,
    UnknownLocation,
    UnknownResource,
    UnknownStylist,
    UnknownTimeOff,
)
from modules.booking.setup import service
from modules.booking.setup.wire import (
    BookableStylist,
    BookableStylists,
    BookingRules,
    HeldBookingRules,
    HeldRules,
    Location,
    LocationChange,
    LocationDraft,
    Locations,
    Resource,
    ResourceDraft,
    Resources,
    ServiceRules,
    Stylist,
    StylistChange,
    StylistDraft,
    Stylists,
    TimeOff,
    TimeOffDraft,
    TimeOffs,
)
from modules.catalog.errors import ServiceNotFound
from modules.catalog.shelf import Shelf
from modules.staff.errors import UnknownMember

READ, DESK = [may(Scope.BOOKING_READ)], [may(Scope.SCHEDULE_WRITE)]
GivenShelf = NamedDependency[Shelf]
VERSIONED = (VersionMissing, VersionStale)


@get("/locations", guards=READ)
async def list_locations(unit: GivenUnit) -> Locations:
    """Where customers can come."""
    return Locations(tuple(await service.every_location(unit)))


@post("/locations", guards=DESK, status_code=201, opt=fails(SetupUnfit))
async def create_location(
    data: JSONBody[LocationDraft], unit: GivenUnit, caller: GivenCaller
) -> Response[Location]:
    """Add a place with its time zone."""
    made = await service.create_location(unit, caller, data)
    return tagged(made, made.version, 201)


@get("/locations/{location_id:str}", guards=READ, opt=fails(UnknownLocation))
async def get_location(location_id: FromPath[str], unit: GivenUnit) -> Response[Location]:
    """A place; its version is its ETag."""
    found = await service.location(unit, location_id)
    return tagged(found, found.version)


@patch("/locations/{location_id:str}", guards=DESK, opt=fails(SetupUnfit, UnknownLocation, *VERSIONED))
async def change_location(
    location_id: FromPath[str],
    data: JSONBody[LocationChange],
    unit: GivenUnit,
    caller: GivenCaller,
    if_match: IfMatch = None,
) -> Response[Location]:
    """Rename a place, set its grid of slots, or close it on dates."""
    changed = await service.change_location(unit, caller, location_id, data, expected(if_match))
    return tagged(changed, changed.version)


@delete("/locations/{location_id:str}", guards=DESK, opt=fails(StillBooked, UnknownLocation))
async def archive_location(location_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Close a place for good, when nobody is expected there."""
    await service.archive_location(unit, caller, location_id)


@get("/stylists", guards=READ)
async def list_bookable_stylists(unit: GivenUnit) -> BookableStylists:
    """Whom customers may ask for, by name."""
    return BookableStylists(
        tuple(BookableStylist(one.id, one.location_id, one.name) for one in await service.every_stylist(unit))
    )


@get("/schedules", guards=DESK)
async def list_schedules(unit: GivenUnit) -> Stylists:
    """Everybody who can be booked, with skills and hours."""
    return Stylists(tuple(await service.every_stylist(unit)))


@post("/schedules", guards=DESK, status_code=201, opt=fails(SetupUnfit, UnknownLocation, UnknownMember))
async def create_stylist(
    data: JSONBody[StylistDraft], unit: GivenUnit, caller: GivenCaller
) -> Response[Stylist]:
    """Add somebody who can be booked: her skills, hours of the week, breaks, and dates with other hours."""
    made = await service.create_stylist(unit, caller, data)
    return tagged(made, made.version, 201)


@get("/schedules/{stylist_id:str}", guards=DESK, opt=fails(UnknownStylist))
async def get_schedule(stylist_id: FromPath[str], unit: GivenUnit) -> Response[Stylist]:
    """Somebody's skills and hours; the version is the ETag."""
    found = await service.stylist(unit, stylist_id)
    return tagged(found, found.version)


@patch(
    "/schedules/{stylist_id:str}",
    guards=DESK,
    opt=fails(SetupUnfit, UnknownMember, UnknownStylist, *VERSIONED),
)
async def change_schedule(
    stylist_id: FromPath[str],
    data: JSONBody[StylistChange],
    unit: GivenUnit,
    caller: GivenCaller,
    if_match: IfMatch = None,
) -> Response[Stylist]:
    """Change somebody's name, skills or hours; what is booked with her stays."""
    changed = await service.change_stylist(unit, caller, stylist_id, data, expected(if_match))
    return tagged(changed, changed.version)


@delete("/schedules/{stylist_id:str}", guards=DESK, opt=fails(StillBooked, UnknownStylist))
async def archive_stylist(stylist_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Let somebody be booked no more, when nothing is booked with her."""
    await service.archive_stylist(unit, caller, stylist_id)


@get("/schedules/{stylist_id:str}/time-off", guards=DESK, opt=fails(UnknownStylist))
async def list_time_off(stylist_id: FromPath[str], unit: GivenUnit) -> TimeOffs:
    """When somebody is away, from now on."""
    return TimeOffs(tuple(await service.list_time_off(unit, stylist_id)))


@post(
    "/schedules/{stylist_id:str}/time-off",
    guards=DESK,
    status_code=201,
    opt=fails(SetupUnfit, UnknownStylist),
)
async def add_time_off(
    stylist_id: FromPath[str], data: JSONBody[TimeOffDraft], unit: GivenUnit, caller: GivenCaller
) -> TimeOff:
    """Somebody is away from one moment to another; what is booked with her stays until it is moved."""
    return await service.add_time_off(unit, caller, stylist_id, data)


@delete("/schedules/{stylist_id:str}/time-off/{time_off_id:str}", guards=DESK, opt=fails(UnknownTimeOff))
async def remove_time_off(
    stylist_id: FromPath[str], time_off_id: FromPath[str], unit: GivenUnit, caller: GivenCaller
) -> None:
    """Somebody is there after all."""
    await service.remove_time_off(unit, caller, stylist_id, time_off_id)


@get("/resources", guards=DESK)
async def list_resources(unit: GivenUnit) -> Resources:
    """Chairs, dryers, basins: what one customer takes at a time."""
    return Resources(tuple(await service.every_resource(unit)))


@post("/resources", guards=DESK, status_code=201, opt=fails(SetupUnfit, UnknownLocation))
async def create_resource(
    data: JSONBody[ResourceDraft], unit: GivenUnit, caller: GivenCaller
) -> Response[Resource]:
    """Add a thing that one customer takes at a time."""
    made = await service.create_resource(unit, caller, data)
    return tagged(made, made.version, 201)


@delete("/resources/{resource_id:str}", guards=DESK, opt=fails(StillBooked, UnknownResource))
async def archive_resource(resource_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Take a thing away, when nothing is booked on it."""
    await service.archive_resource(unit, caller, resource_id)


@get("/service-rules/{service_id:str}", guards=DESK, opt=fails(ServiceNotFound))
async def get_service_rules(
    service_id: FromPath[str], unit: GivenUnit, shelf: GivenShelf
) -> Response[HeldRules]:
    """How a service is done here; version 0 where nothing was said of it."""
    held = await service.rules(unit, shelf, service_id)
    return tagged(held, held.version)


@put("/service-rules/{service_id:str}", guards=DESK, opt=fails(ServiceNotFound, SetupUnfit, *VERSIONED))
async def put_service_rules(
    service_id: FromPath[str],
    data: JSONBody[ServiceRules],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    if_match: IfMatch = None,
) -> Response[HeldRules]:
    """Say who can do a service, in which phases, with what, and whether a patch test has to come before."""
    held = await service.put_rules(unit, caller, shelf, service_id, data, expected(if_match))
    return tagged(held, held.version)


@get("/booking-rules", guards=DESK)
async def get_booking_rules(unit: GivenUnit) -> Response[HeldBookingRules]:
    """The salon's policy, and how a look becomes time and money; version 0 where it left them as they come."""
    held = await service.booking_rules(unit)
    return tagged(held, held.version)


@put("/booking-rules", guards=DESK, opt=fails(*VERSIONED))
async def put_booking_rules(
    data: JSONBody[BookingRules], unit: GivenUnit, caller: GivenCaller, if_match: IfMatch = None
) -> Response[HeldBookingRules]:
    """Set deadlines, fees, notice and holds, and the rules by which looks are priced."""
    held = await service.put_booking_rules(unit, caller, data, expected(if_match))
    return tagged(held, held.version)


router = Router(
    path="/v1",
    route_handlers=[
        list_locations,
        create_location,
        get_location,
        change_location,
        archive_location,
        list_bookable_stylists,
        list_schedules,
        create_stylist,
        get_schedule,
        change_schedule,
        archive_stylist,
        list_time_off,
        add_time_off,
        remove_time_off,
        list_resources,
        create_resource,
        archive_resource,
        get_service_rules,
        put_service_rules,
        get_booking_rules,
        put_booking_rules,
    ],
    tags=["schedules"],
)
