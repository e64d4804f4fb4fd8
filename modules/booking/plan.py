"""From what somebody wants to the appointments that it takes: their services, prices, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from kit.db.unit import Unit
from modules.accounts.caller import Caller
from modules.booking import look
from modules.booking.errors import BadLook, NotBookable, UnknownService
from modules.booking.procedures import procedure_of
from modules.booking.quote import Estimate, Pricing, QuoteReason, Wishes, Work
from modules.booking.segments import Phase, Procedure, Visit, visit_of
from modules.booking.setup.wire import ServiceRules
from modules.booking.store import setup
from modules.booking.store.appointments import BookedLeg, Quoted
from modules.booking.wire import VisitPurpose
from modules.catalog import services as catalog
from modules.catalog.shelf import Service, Shelf
from modules.tryon.wire import DesignChoice

PATCH_TEST = "patch_test"
"""Stands for a service where a patch test is booked."""


class Menu(Struct, frozen=True):
    """What a salon offers, and how it does it."""

    services: Mapping[str, Service]
    rules: Mapping[str, ServiceRules]
    pricing: Pricing

    def visit(self, works: Sequence[Work]) -> Visit:
        """What these services take of whom. Raises UnknownService, NotBookable."""
        if not works:
            raise BadLook
        return visit_of([self.procedure(work) for work in works])

    def name(self, service_id: str) -> str:
        return "Patch test" if service_id == PATCH_TEST else self.services[service_id].name

    def patch_test_hours(self, service_ids: Iterable[str]) -> int:
        """How long before these services a patch test is due; 0 for none."""
        known = [self.rules[id].patch_test_hours or 0 for id in service_ids if id in self.rules]
        return max(known, default=0)

    def procedure(self, work: Work) -> Procedure:
        """How one of them is done. Raises UnknownService, NotBookable."""
        if work.service_id == PATCH_TEST:
            return Procedure(PATCH_TEST, (Phase(self.pricing.patch_test_min),))
        if work.service_id not in self.services:
            raise UnknownService(f"{work.service_id} is not offered.")
        return procedure_of(self.services[work.service_id], self.rules.get(work.service_id), work.extra_min)


class Planned(Struct, frozen=True):
    """One appointment to make. days_after: at least so long after the one before it."""

    purpose: VisitPurpose
    works: tuple[Work, ...]
    amount: int
    days_after: int = 0


class Plan(Struct, frozen=True):
    """All that a wish takes. patch_test_hours: so long before the first of them at least, 0 for none."""

    appointments: tuple[Planned, ...]
    currency: str
    patch_test_hours: int = 0
    quoted: Quoted | None = None


class Wanted(Struct, frozen=True, kw_only=True):
    """What somebody wants: services, designs, or a look of a try-on."""

    services: tuple[str, ...] = ()
    designs: tuple[str | DesignChoice, ...] = ()
    tryon_id: str | None = None
    look: int = 0
    wishes: Wishes = Wishes()


async def menu(unit: Unit, shelf: Shelf) -> Menu:
    """What the salon offers today."""
    services = {service.id: service for service in await catalog.offered(unit, shelf)}
    rules = await setup.rules_of(unit, services)
    pricing = (await setup.booking_rules(unit)).rules.pricing
    return Menu(services, {id: held.rules for id, held in rules.items()}, pricing)


def plan_of_services(offered: Menu, service_ids: Sequence[str], wishes: Wishes) -> Plan:
    """The services in one visit. Raises BadLook, UnknownService, NotBookable."""
    works = tuple(Work(id, 0) for id in service_ids)
    offered.visit(works)
    prices = [offered.services[id].price for id in service_ids]
    if len({price.currency for price in prices}) != 1:
        raise NotBookable("Services of several currencies cannot be booked together.")
    hours = 0 if wishes.patch_tested else offered.patch_test_hours(service_ids)
    visit = Planned(VisitPurpose.VISIT, works, sum(price.amount for price in prices))
    plain = wishes == Wishes() and not hours
    quoted = None if plain else Quoted((), (), wishes, patch_test_hours=hours)
    return Plan((visit,), prices[0].currency, hours, quoted)


async def planned(unit: Unit, caller: Caller, shelf: Shelf, offered: Menu, wanted: Wanted) -> Plan:
    """What services, or a look, take.

    Raises UnknownTryOn, UnknownService, BadLook, LookChanged, HairUnknown, NotBookable.
    """
    if (wanted.tryon_id is not None) + bool(wanted.designs) + bool(wanted.services) != 1:
        raise BadLook
    if wanted.services:
        return plan_of_services(offered, wanted.services, wanted.wishes)
    if wanted.tryon_id is not None:
        picked = await look.picked_of_tryon(unit, caller, shelf, wanted.tryon_id, wanted.look)
    else:
        picked = look.picked_by_name(wanted.designs)
    found = await look.chosen(unit, shelf, offered.services, picked)
    priced = look.priced(found, offered.services, wanted.wishes, offered.pricing)
    return plan_of_estimate(offered, priced, Quoted(priced.lines, picked, wanted.wishes, wanted.look))


def plan_of_estimate(offered: Menu, priced: Estimate, quoted: Quoted) -> Plan:
    """A look's sessions as appointments, each at its share of the price."""
    later = sum(line.amount for line in priced.lines if line.reason is QuoteReason.SESSION)
    each = later // max(1, len(priced.sessions) - 1)
    amounts = [priced.amount - later, *[each] * (len(priced.sessions) - 1)]
    purpose = VisitPurpose.SESSION if len(priced.sessions) > 1 else VisitPurpose.VISIT
    planned = tuple(
        Planned(purpose, session.work, amount, session.days_after)
        for session, amount in zip(priced.sessions, amounts, strict=True)
    )
    hours = priced.patch_test_hours
    if not quoted.wishes.patch_tested:
        hours = max(hours, offered.patch_test_hours(work.service_id for work in planned[0].works))
    apart = max(session.days_after for session in priced.sessions)
    booked = msgspec.structs.replace(quoted, patch_test_hours=hours, days_apart=apart)
    return Plan(planned, priced.currency, hours, booked)


def works_of(legs: Iterable[BookedLeg]) -> tuple[Work, ...]:
    """What a booked appointment is made of."""
    return tuple(Work(leg.service_id, leg.extra_min) for leg in legs)
