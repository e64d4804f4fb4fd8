"""The stylist's tech sheet over HTTP: as JSON, as a page to print, and as a PDF."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.pages.language import AcceptLanguage, Language, chosen
from api.problems import fails
from kit.db.unit import Unit
from kit.runtime import Runtime
from modules.accounts.scopes import Scope
from modules.booking.errors import UnknownBooking
from modules.booking.sheet import page, pdf, service
from modules.booking.sheet.service import Assembled
from modules.booking.sheet.wire import TechSheet
from modules.catalog.errors import DesignNotFound
from modules.catalog.search.service import Search
from modules.catalog.shelf import Shelf
from modules.messaging import service as messaging

READ = [may(Scope.SHEET_READ)]
GivenShelf = NamedDependency[Shelf]
GivenSearch = NamedDependency[Search]
FAILS = fails(DesignNotFound, UnknownBooking)


@get("/{booking_id:str}/tech-sheet", guards=READ, opt=FAILS)
async def get_tech_sheet(
    booking_id: FromPath[str],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    search: GivenSearch,
    runtime: GivenRuntime,
    language: Language = None,
    accept_language: AcceptLanguage = "",
) -> TechSheet:
    """What is worn on which finger, with what, in which order and when; pictures where she let the salon keep them."""
    spoken = await _spoken(unit, language, accept_language)
    found = await service.assemble(unit, caller, shelf, search, booking_id, spoken)
    pictures = await service.signed(found.keys, runtime.storage)
    return msgspec.structs.replace(found.sheet, pictures=pictures)


@get("/{booking_id:str}/tech-sheet/page", guards=READ, opt=FAILS, media_type="text/html")
async def get_tech_sheet_page(
    booking_id: FromPath[str],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    search: GivenSearch,
    runtime: GivenRuntime,
    language: Language = None,
    accept_language: AcceptLanguage = "",
) -> Response[bytes]:
    """The same as a page to print, which needs nothing else."""
    spoken = await _spoken(unit, language, accept_language)
    found = await service.assemble(unit, caller, shelf, search, booking_id, spoken)
    data = await _drawn(page.render, found, runtime)
    return Response(data, media_type="text/html; charset=utf-8", headers=page.HEADERS)


@get("/{booking_id:str}/tech-sheet/pdf", guards=READ, opt=FAILS, media_type="application/pdf")
async def get_tech_sheet_pdf(
    booking_id: FromPath[str],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    search: GivenSearch,
    runtime: GivenRuntime,
    language: Language = None,
    accept_language: AcceptLanguage = "",
) -> Response[bytes]:
    """The same as a PDF of A4."""
    spoken = await _spoken(unit, language, accept_language)
    found = await service.assemble(unit, caller, shelf, search, booking_id, spoken)
    data = await _drawn(pdf.render, found, runtime)
    headers = {"Content-Disposition": 'inline; filename="tech-sheet.pdf"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/pdf", headers=headers)


async def _drawn(
    draw: Callable[[TechSheet, bytes | None, bytes | None], bytes], found: Assembled, runtime: Runtime
) -> bytes:
    """Beside the event loop, with the pictures in it."""
    pictures = [await service.picture(runtime.storage, key) for key in (found.keys.before, found.keys.after)]
    return await asyncio.to_thread(draw, found.sheet, *pictures)


async def _spoken(unit: Unit, language: str | None, accept_language: str) -> str:
    """The language that is asked for, else one that the browser speaks, else the salon's own."""
    return language or chosen(accept_language, await messaging.own_language(unit))


router = Router(
    path="/v1/bookings",
    route_handlers=[get_tech_sheet, get_tech_sheet_page, get_tech_sheet_pdf],
    tags=["booking"],
)
