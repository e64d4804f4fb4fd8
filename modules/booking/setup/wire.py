"""A salon's own side of booking as JSON: places, who works there and with what, how services are done, its policy."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from kit.clock import Moment
from modules.booking.hours import Schedule
from modules.booking.policy import Policy
from modules.booking.quote import Pricing
from modules.booking.segments import Phase, Word

Name = Annotated[str, Meta(min_length=1, max_length=60)]
Zone = Annotated[str, Meta(min_length=3, max_length=40)]
Step = Annotated[int, Meta(ge=5, le=120)]
Skills = Annotated[tuple[Word, ...], Meta(max_length=20)]
Dates = Annotated[tuple[date, ...], Meta(max_length=400)]


class LocationDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place with a clock of its own. zone: of the IANA database; step_min: slots stand on multiples of it."""

    name: Name
    zone: Zone
    step_min: Step = 15
    closed_on: Dates = ()


class LocationChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays. The zone stays: what is booked stands in it."""

    name: Name | UnsetType = UNSET
    step_min: Step | UnsetType = UNSET
    closed_on: Dates | UnsetType = UNSET


class Location(Struct, frozen=True, kw_only=True):
    """A place where customers come."""

    id: str
    name: str
    zone: str
    step_min: int
    closed_on: tuple[date, ...]
    version: int


class Locations(Struct, frozen=True):
    """All of the salon's, oldest first, on one page."""

    items: tuple[Location, ...]
    next_cursor: str | None = None


class StylistDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who can be booked. staff_id: her account, where she has one."""

    location_id: str
    name: Name
    staff_id: str | None = None
    skills: Skills = ()
    schedule: Schedule = Schedule()


class StylistChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    name: Name | UnsetType = UNSET
    staff_id: str | UnsetType | None = UNSET
    skills: Skills | UnsetType = UNSET
    schedule: Schedule | UnsetType = UNSET


class Stylist(Struct, frozen=True, kw_only=True):
    """Somebody who can be booked, with her hours in the clock of her place."""

    id: str
    location_id: str
    name: str
    staff_id: str | None
    skills: tuple[str, ...]
    schedule: Schedule
    version: int


class Stylists(Struct, frozen=True):
    """All of the salon's, oldest first, on one page."""

    items: tuple[Stylist, ...]
    next_cursor: str | None = None


class BookableStylist(Struct, frozen=True):
    """Whom a customer may ask for."""

    id: str
    location_id: str
    name: str


class BookableStylists(Struct, frozen=True):
    """All of the salon's, oldest first, on one page."""

    items: tuple[BookableStylist, ...]
    next_cursor: str | None = None


class TimeOffDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From one moment to another, somebody is away. What is booked with her stays until it is moved."""

    starts_at: Moment
    ends_at: Moment


class TimeOff(Struct, frozen=True, kw_only=True):
    """Somebody is away."""

    id: str
    stylist_id: str
    starts_at: Moment
    ends_at: Moment


class TimeOffs(Struct, frozen=True):
    """What is not over yet, the earliest first, on one page."""

    items: tuple[TimeOff, ...]
    next_cursor: str | None = None


class ResourceDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A thing that one customer takes at a time. kind: as phases of services name it (chair, dryer, wash_basin)."""

    location_id: str
    kind: Word
    name: Name


class Resource(Struct, frozen=True, kw_only=True):
    """A thing that one customer takes at a time."""

    id: str
    location_id: str
    kind: str
    name: str
    version: int


class Resources(Struct, frozen=True):
    """All of the salon's, oldest first, on one page."""

    items: tuple[Resource, ...]
    next_cursor: str | None = None


class ServiceRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a service is done here. phases: none for hands-on work all along; else their minutes count, and resources are
    named by each.

    resources: what is taken all along. patch_test_hours: a patch test is due at least so long before, null for none.
    """

    skills: Skills = ()
    phases: Annotated[tuple[Phase, ...], Meta(max_length=12)] = ()
    resources: Annotated[tuple[Word, ...], Meta(max_length=6)] = ()
    patch_test_hours: Annotated[int, Meta(ge=1, le=336)] | None = None


class HeldRules(Struct, frozen=True, kw_only=True):
    """How a service is done here; version 0 says that nothing was said of it."""

    service_id: str
    rules: ServiceRules
    version: int


class BookingRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the salon asks of those who book, and how a look becomes time and money."""

    policy: Policy = Policy()
    pricing: Pricing = Pricing()


class HeldBookingRules(Struct, frozen=True, kw_only=True):
    """The salon's rules; version 0 says that it has left them as they come."""

    rules: BookingRules
    version: int
