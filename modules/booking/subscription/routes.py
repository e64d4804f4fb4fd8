"""Calendars over HTTP: read by their links alone, which only the desk is given."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery

from api.caching import UNCHANGED, answer_picture
from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.problems import fails
from kit.runtime import Runtime
from kit.signing import LinkRefused
from modules.accounts.scopes import Scope
from modules.booking import feeds
from modules.booking.errors import UnknownLocation, UnknownStylist
from modules.booking.feeds import FeedOf
from modules.booking.subscription import service
from modules.booking.subscription.service import CalendarLink

DESK = [may(Scope.SCHEDULE_WRITE)]
HEADERS = {"Cache-Control": "private, no-cache"}
CALENDAR = "text/calendar"
AnyRequest = Request[Any, Any, Any]
Signed = FromQuery[str]


@get("/schedules/{stylist_id:str}/calendar", guards=DESK, opt=fails(UnknownStylist))
async def get_stylist_calendar_link(
    stylist_id: FromPath[str], unit: GivenUnit, runtime: GivenRuntime
) -> CalendarLink:
    """The address of somebody's calendar, to subscribe to: her appointments, without a word of who comes."""
    return await service.link(unit, FeedOf.STAFF, stylist_id, runtime.settings)


@post("/schedules/{stylist_id:str}/calendar/renew", guards=DESK, status_code=200, opt=fails(UnknownStylist))
async def renew_stylist_calendar_link(
    stylist_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> CalendarLink:
    """A new address; every calendar that reads by an older one is refused from now on."""
    return await service.renew(unit, caller, FeedOf.STAFF, stylist_id, runtime.settings)


@get("/locations/{location_id:str}/calendar", guards=DESK, opt=fails(UnknownLocation))
async def get_location_calendar_link(
    location_id: FromPath[str], unit: GivenUnit, runtime: GivenRuntime
) -> CalendarLink:
    """The address of a place's calendar, to subscribe to: all appointments there, without a word of who comes."""
    return await service.link(unit, FeedOf.LOCATION, location_id, runtime.settings)


@post("/locations/{location_id:str}/calendar/renew", guards=DESK, status_code=200, opt=fails(UnknownLocation))
async def renew_location_calendar_link(
    location_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> CalendarLink:
    """A new address; every calendar that reads by an older one is refused from now on."""
    return await service.renew(unit, caller, FeedOf.LOCATION, location_id, runtime.settings)


@get(
    "/calendars/staff/{file:str}",
    exclude_from_auth=True,
    opt=fails(LinkRefused, UnknownStylist),
    media_type=CALENDAR,
    responses=UNCHANGED,
)
async def get_stylist_calendar(
    file: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    business: Signed = "",
    version: Signed = "",
    signature: Signed = "",
) -> Response[bytes]:
    """Somebody's appointments as iCalendar (RFC 5545), by a link that the desk was given."""
    return await _feed(request, runtime, FeedOf.STAFF, file, business, version, signature)


@get(
    "/calendars/locations/{file:str}",
    exclude_from_auth=True,
    opt=fails(LinkRefused, UnknownLocation),
    media_type=CALENDAR,
    responses=UNCHANGED,
)
async def get_location_calendar(
    file: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    business: Signed = "",
    version: Signed = "",
    signature: Signed = "",
) -> Response[bytes]:
    """All appointments at a place as iCalendar (RFC 5545), by a link that the desk was given."""
    return await _feed(request, runtime, FeedOf.LOCATION, file, business, version, signature)


async def _feed(
    request: AnyRequest, runtime: Runtime, of: FeedOf, file: str, business: str, version: str, signature: str
) -> Response[bytes]:
    """Nothing is read for a business before its signature is known to be ours."""
    subject_id, dot, kind = file.rpartition(".")
    if not dot or kind != "ics":
        raise LinkRefused
    feeds.check(runtime.settings, business, of, subject_id, version, signature)
    async with runtime.db.tenant(business) as unit:
        data = await service.calendar(unit, of, subject_id, version, signature, runtime.settings)
    return await answer_picture(request, data, CALENDAR, expires=0, headers=HEADERS)


router = Router(
    path="/v1",
    route_handlers=[
        get_stylist_calendar_link,
        renew_stylist_calendar_link,
        get_location_calendar_link,
        renew_location_calendar_link,
        get_stylist_calendar,
        get_location_calendar,
    ],
    tags=["schedules"],
)
