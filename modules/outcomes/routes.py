"""What came of an appointment over HTTP, as JSON and as a page, and how near designs come to their previews."""

from __future__ import annotations

import asyncio

from litestar import Response, Router, delete, get, put
from litestar.di import NamedDependency
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath, JSONBody

from api.admission import QueueAdmitted, admit_to_queue
from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.pages.language import AcceptLanguage, Language, chosen
from api.prefer import Waiting
from api.problems import fails
from api.streams import State as Shown
from kit.runtime import Runtime
from modules.accounts.caller import Caller
from modules.accounts.scopes import Scope
from modules.booking import views as bookings
from modules.booking.errors import NotOver, UnknownBooking
from modules.booking.sheet.service import picture
from modules.catalog import offer
from modules.catalog.errors import DesignNotFound
from modules.catalog.shelf import Shelf
from modules.consent.errors import ConsentMissing
from modules.messaging import service as messaging
from modules.outcomes import page, pictures, service
from modules.outcomes.errors import NoLookBooked, NotHerPhoto, NotServed, PreviewGone, UnknownOutcome
from modules.outcomes.views import accuracy, view
from modules.outcomes.wire import DesignAccuracies, DesignAccuracy, Outcome, OutcomeRequest
from modules.photos.errors import UnknownPhoto

READ, WRITE, SHEET = [may(Scope.BOOKING_READ)], [may(Scope.BOOKING_WRITE)], [may(Scope.SHEET_READ)]
GivenShelf = NamedDependency[Shelf]


async def state_of(runtime: Runtime, caller: Caller, outcome_id: str) -> Shown:
    """An outcome as it is now, read in a transaction of its own. Raises UnknownOutcome."""
    async with runtime.db.tenant(caller.business_id) as unit:
        row = await service.find(unit, caller, outcome_id)
    return row.version, row.status.ended, view(row)


@put(
    "/bookings/{booking_id:str}/outcome",
    guards=WRITE,
    status_code=202,
    middleware=[DefineMiddleware(Waiting, read=state_of), QueueAdmitted],
    opt=fails(
        ConsentMissing,
        NoLookBooked,
        NotHerPhoto,
        NotOver,
        NotServed,
        PreviewGone,
        UnknownBooking,
        UnknownPhoto,
    ),
    before_request=admit_to_queue,
)
async def attach_outcome(
    booking_id: FromPath[str],
    data: JSONBody[OutcomeRequest],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
) -> Outcome:
    """Attach a photo of the real result and have it compared with the preview; `Prefer: wait=10`.

    The same photo again answers as it stands; another one takes its place.
    """
    return view(await service.attach(unit, caller, shelf, booking_id, data.photo_id))


@get("/bookings/{booking_id:str}/outcome", guards=READ, opt=fails(UnknownBooking, UnknownOutcome))
async def get_outcome(
    booking_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Outcome:
    """How near the result came to the preview, region by region, or why one could not be compared."""
    visit, row = await service.of_booking(unit, caller, booking_id)
    shown = await pictures.signed(await pictures.keys(unit, caller, visit, row), runtime.storage)
    return view(row, shown)


@delete("/bookings/{booking_id:str}/outcome", guards=WRITE, opt=fails(UnknownBooking, UnknownOutcome))
async def erase_outcome(booking_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Erase a comparison with its picture. The photo itself goes by `DELETE /v1/photos/{id}`, or by its time."""
    await service.erase(unit, caller, booking_id)


@get(
    "/bookings/{booking_id:str}/outcome/page",
    guards=SHEET,
    opt=fails(UnknownBooking, UnknownOutcome),
    media_type="text/html",
)
async def get_outcome_page(
    booking_id: FromPath[str],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    runtime: GivenRuntime,
    language: Language = None,
    accept_language: AcceptLanguage = "",
) -> Response[bytes]:
    """Preview and result side by side, and each finger in plain words; a page that needs nothing else."""
    visit, row = await service.of_booking(unit, caller, booking_id)
    found = await pictures.keys(unit, caller, visit, row)
    names = await offer.designs_of(unit, shelf, [one.design_id for one in row.worn])
    figures = await service.accuracies(unit, [*names])
    spoken = language or chosen(accept_language, await messaging.own_language(unit))
    shown = [await picture(runtime.storage, key) for key in (found.preview, found.result)]
    booked = await bookings.booking(unit, visit, runtime.settings)
    drawn = await asyncio.to_thread(page.render, view(row), booked, names, figures, spoken, *shown)
    return Response(drawn, media_type="text/html; charset=utf-8", headers=page.HEADERS)


@get("/designs/accuracy", guards=SHEET)
async def list_accuracies(unit: GivenUnit) -> DesignAccuracies:
    """How near designs come to their previews, the farthest off first; those with too few visits are left out."""
    found = await service.accuracies(unit)
    return DesignAccuracies(tuple(accuracy(one.design_id, one) for one in found))


@get("/designs/{design_id:str}/accuracy", guards=SHEET, opt=fails(DesignNotFound))
async def get_accuracy(design_id: FromPath[str], unit: GivenUnit, shelf: GivenShelf) -> DesignAccuracy:
    """How near a design comes to its previews, and from how many visits that is known."""
    return accuracy(design_id, await service.accuracy(unit, shelf, design_id))


router = Router(
    path="/v1",
    route_handlers=[
        attach_outcome,
        get_outcome,
        erase_outcome,
        get_outcome_page,
        list_accuracies,
        get_accuracy,
    ],
    tags=["outcomes"],
)
