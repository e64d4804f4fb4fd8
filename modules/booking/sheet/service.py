"""Putting a tech sheet together from the appointment, its look, the stock, and what she agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from kit import clock
from kit.db.unit import Unit
from kit.money import Price
from kit.storage import ObjectMissing, Storage
from looks.layer import NailArt, NailPolish
from modules.accounts.caller import Caller
from modules.booking import look, service
from modules.booking.errors import NotBookable, UnknownService
from modules.booking.plan import Menu, menu
from modules.booking.quote import Wishes, Work
from modules.booking.quote_wire import QuotedDesign
from modules.booking.quoting import in_stock
from modules.booking.sheet.recipe import fingers, recipe
from modules.booking.sheet.wire import (
    PatchTest,
    SheetDesign,
    SheetPictures,
    SheetStep,
    SheetSwatch,
    SheetTime,
    TechSheet,
)
from modules.booking.sheet.words import speech
from modules.booking.store import appointments, setup
from modules.booking.store.appointments import Appointment, BookedLeg
from modules.booking.wire import OPEN, BookingStatus, VisitPurpose
from modules.catalog import offer
from modules.catalog.search.service import Search
from modules.catalog.shelf import Design, Shelf
from modules.consent.texts import Purpose as Agreed
from modules.photos import service as photos
from modules.tryon import service as tryons
from modules.tryon.errors import UnknownTryOn

LIFETIME = timedelta(minutes=15)


class Keys(Struct, frozen=True):
    """Where the pictures lie in storage."""

    before: str | None = None
    after: str | None = None


class Assembled(Struct, frozen=True):
    """A sheet without its pictures, and where they lie."""

    sheet: TechSheet
    keys: Keys


async def assemble(
    unit: Unit, caller: Caller, shelf: Shelf, search: Search, booking_id: str, language: str
) -> Assembled:
    """All that the stylist wants to know, in a language. Raises UnknownBooking."""
    row = await service.find(unit, caller, booking_id)
    offered = await menu(unit, shelf)
    place = (await setup.locations_by_id(unit, [row.location_id]))[row.location_id]
    team = await setup.stylist_names(unit, [leg.stylist_id for leg in row.legs])
    picked = row.quote.picked if row.quote else ()
    wishes = row.quote.wishes if row.quote else Wishes()
    designs = await offer.designs_of(unit, shelf, [pick.design_id for pick in picked])
    stock = {one.id: one for one in await in_stock(unit, search, picked)}
    worn = [
        (designs[pick.design_id], look.fingers_of(designs[pick.design_id], pick))
        for pick in picked
        if pick.design_id in designs
    ]
    gone = [pick.design_id for pick in picked if pick.design_id not in designs]
    patch_test, at = await _patch_test(unit, row, offered, wishes)
    words = speech(language)
    steps = recipe(worn, wishes, words)
    missing = (SheetStep(words.step("ask", design=id), words.step("gone")) for id in gone)
    sheet = TechSheet(
        booking_id=row.id,
        language=language,
        status=row.status,
        customer=row.contact.name if row.contact else "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        location=place.name,
        zone=place.zone,
        price=Price(row.price_amount, row.price_currency),
        note=row.note,
        patch_test=patch_test,
        patch_test_at=at,
        pictures=SheetPictures(),
        designs=tuple(_design(design, stock.get(design.id)) for design, _ in worn),
        fingers=fingers(worn),
        recipe=(*steps, *missing),
        times=tuple(time for leg in row.legs for time in _times(offered, leg, team)),
    )
    return Assembled(sheet, await keys_of(unit, caller, row))


async def signed(keys: Keys, storage: Storage) -> SheetPictures:
    """Links to the pictures for fifteen minutes."""
    before = await storage.url(keys.before, expires_in=LIFETIME) if keys.before else None
    after = await storage.url(keys.after, expires_in=LIFETIME) if keys.after else None
    return SheetPictures(before, after)


async def picture(storage: Storage, key: str | None) -> bytes | None:
    """A picture's bytes; None where there is none, or where it is gone already."""
    try:
        return None if key is None else await storage.get(key)
    except ObjectMissing:
        return None


async def keys_of(unit: Unit, caller: Caller, row: Appointment) -> Keys:
    """Of the pictures that she lets her stylist keep."""
    if row.tryon_id is None:
        return Keys()
    try:
        tryon = await tryons.find(unit, caller, row.tryon_id)
    except UnknownTryOn:
        return Keys()
    agreed = await photos.purposes_of_pictures(unit, tryon.photo_id)
    if Agreed.STYLIST_RECORD not in agreed or tryon.result is None:
        return Keys()
    number = row.quote.look if row.quote else 0
    renders = tryon.result.renders
    after = renders[number].objects.get("preview") if number < len(renders) else None
    return Keys(tryon.result.before, after)


async def _patch_test(
    unit: Unit, row: Appointment, offered: Menu, wishes: Wishes
) -> tuple[PatchTest, datetime | None]:
    """Whether she had one, or when she has."""
    series = await appointments.of_series(unit, [row.series_id]) if row.series_id else []
    tests = [one for one in series if one.purpose is VisitPurpose.PATCH_TEST]
    for test in tests:
        if test.status is BookingStatus.DONE:
            return PatchTest.DONE, test.starts_at
        if test.status in OPEN:
            done = test.ends_at <= clock.now()
            return (PatchTest.MISSING if done else PatchTest.BOOKED), test.starts_at
    if tests:
        return PatchTest.MISSING, None
    due = offered.patch_test_hours(leg.service_id for leg in row.legs)
    if not due and not wishes.patch_tested:
        return PatchTest.NOT_NEEDED, None
    return (PatchTest.TOLD if wishes.patch_tested else PatchTest.MISSING), None


def _times(offered: Menu, leg: BookedLeg, team: dict[str, str]) -> Sequence[SheetTime]:
    """The phases of a service as they were booked; one stretch where the service is no longer offered."""
    stylist = team.get(leg.stylist_id, "")
    try:
        phases = offered.procedure(Work(leg.service_id, leg.extra_min)).phases
    except (UnknownService, NotBookable):
        return [SheetTime(leg.starts_at, leg.ends_at, stylist, leg.name, True, ())]
    found, at = [], leg.starts_at
    for phase in phases:
        end = at + timedelta(minutes=phase.minutes)
        found.append(SheetTime(at, end, stylist, leg.name, phase.hands, phase.resources))
        at = end
    return found


def _design(design: Design, stock: QuotedDesign | None) -> SheetDesign:
    layer = design.layer
    nails = layer if isinstance(layer, NailPolish | NailArt) else None
    return SheetDesign(
        id=design.id,
        name=design.name,
        sku=design.sku,
        finish=None if design.finish is None else str(design.finish),
        swatches=tuple(
            SheetSwatch(
                swatch.hex,
                (round(swatch.lab[0], 1), round(swatch.lab[1], 1), round(swatch.lab[2], 1)),
            )
            for swatch in design.swatches
        ),
        shape=None if nails is None else str(nails.shape),
        length=None if nails is None else nails.length,
        coats=None if nails is None else nails.coats,
        in_stock=stock is None or stock.in_stock,
        alternatives=() if stock is None else stock.alternatives,
    )
