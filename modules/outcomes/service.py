"""Attaching the photo of a real result to an appointment, what was found in it, and letting both go."""

from __future__ import annotations

from collections.abc import Container, Sequence

from kit import clock
from kit.audit import SYSTEM, Actor, record
from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import add, emit
from looks.compared import Region
from modules.accounts.caller import Caller
from modules.booking import look
from modules.booking import service as bookings
from modules.booking.errors import NotOver
from modules.booking.store.appointments import Appointment
from modules.booking.wire import BookingStatus
from modules.catalog import offer
from modules.catalog.errors import DesignNotFound
from modules.catalog.shelf import Shelf
from modules.consent import service as consents
from modules.consent.texts import Purpose
from modules.outcomes import store
from modules.outcomes.errors import NoLookBooked, NotHerPhoto, NotServed, PreviewGone, UnknownOutcome
from modules.outcomes.events import OutcomeEnded
from modules.outcomes.jobs import CompareOutcome, DeleteOutcomeObjects
from modules.outcomes.states import OutcomeStatus
from modules.outcomes.store import Figures, OutcomeRow
from modules.outcomes.worn import Worn, by_design, place_of
from modules.photos import service as photos
from modules.tryon import service as tryons
from modules.tryon.errors import UnknownTryOn
from modules.tryon.store import TryOnRow

LEAST_VISITS = 3
"""With fewer, a design's figure says more about one photo than about the design."""


async def attach(unit: Unit, caller: Caller, shelf: Shelf, booking_id: str, photo_id: str) -> OutcomeRow:
    """Queue the comparison of a photo with what the appointment was booked from.

    The same photo again is given as it stands, unless that failed; another one takes its place.
    Raises UnknownBooking, NoLookBooked, NotOver, NotServed, PreviewGone, UnknownPhoto, NotHerPhoto, ConsentMissing.
    """
    visit = await bookings.find(unit, caller, booking_id)
    tryon = await _preview(unit, caller, visit)
    if visit.status not in (BookingStatus.BOOKED, BookingStatus.DONE):
        raise NotServed
    if visit.starts_at > clock.now():
        raise NotOver
    photo = await photos.find(unit, caller, photo_id)
    if photo.customer_id != visit.customer_id:
        raise NotHerPhoto
    await consents.require(unit, caller, photo.consent_id, Purpose.TRY_ON)
    before = await store.of_appointment(unit, visit.id, turn=True)
    if before is not None:
        if before.photo_id == photo_id and before.status is not OutcomeStatus.FAILED:
            return before
        await _erase(unit, caller, before)
    row = await store.insert_outcome(
        unit,
        new_id("out"),
        visit.customer_id,
        visit.id,
        tryon.id,
        visit.quote.look if visit.quote else 0,
        tryon.photo_id,
        photo.id,
        await _worn(unit, shelf, visit),
    )
    await add(unit, CompareOutcome(row.id))
    await record(unit, caller, "outcome.attached", row.id)
    return row


async def of_booking(unit: Unit, caller: Caller, booking_id: str) -> tuple[Appointment, OutcomeRow]:
    """An appointment and what came of it. Raises UnknownBooking, UnknownOutcome."""
    visit = await bookings.find(unit, caller, booking_id)
    row = await store.of_appointment(unit, booking_id)
    if row is None:
        raise UnknownOutcome
    return visit, row


async def find(unit: Unit, caller: Caller, outcome_id: str) -> OutcomeRow:
    """An outcome that the caller may see. Raises UnknownOutcome."""
    row = await store.find(unit, outcome_id)
    if row is None or not caller.sees(row.customer_id):
        raise UnknownOutcome
    return row


async def erase(unit: Unit, caller: Caller, booking_id: str) -> None:
    """Erase an outcome with its picture, not the photo itself. Raises UnknownBooking, UnknownOutcome."""
    _, row = await of_booking(unit, caller, booking_id)
    await _erase(unit, caller, row)


async def preview_of(unit: Unit, row: OutcomeRow) -> str:
    """The key of the full-size picture of the look. Raises PreviewGone."""
    tryon = await tryons.whole(unit, row.tryon_id)
    return _full(tryon, row.look)


async def finish(
    unit: Unit, row: OutcomeRow, regions: Sequence[Region] | None, picture: str | None
) -> OutcomeRow | None:
    """Write what was found; None when the outcome had ended or is erased."""
    return await _end(
        unit,
        row.id,
        OutcomeStatus.NOTHING_FOUND if regions is None else OutcomeStatus.DONE,
        regions,
        picture=picture,
        worn=row.worn,
    )


async def fail(unit: Unit, outcome_id: str, code: str) -> OutcomeRow | None:
    """Say why a photo cannot be compared; None when the outcome had ended or is erased."""
    return await _end(unit, outcome_id, OutcomeStatus.FAILED, error_code=code)


async def accuracy(unit: Unit, shelf: Shelf, design_id: str) -> Figures | None:
    """How near a design came to its previews, however few; None where it was never compared. Raises DesignNotFound."""
    found = await store.figures(unit, [design_id])
    if not found and not await offer.designs_of(unit, shelf, [design_id]):
        raise DesignNotFound
    return next(iter(found), None)


async def accuracies(unit: Unit, design_ids: Sequence[str] | None = None) -> list[Figures]:
    """The same of these designs or of all, the farthest off first; those below LEAST_VISITS are left out."""
    return await store.figures(unit, design_ids, least=LEAST_VISITS)


async def erase_of_photo(unit: Unit, photo_id: str) -> None:
    """Erase what was learnt from an erased photo, or from a preview on it."""
    await _erase(unit, SYSTEM, *await store.of_photos(unit, [photo_id]))


async def follow_withdrawal(unit: Unit, consent_id: str, taken_back: Container[Purpose]) -> None:
    """Erase what rests on a consent to `try_on` that was taken back; without the stylist's record, only the picture."""
    rows = await store.of_photos(unit, await photos.ever_of_consent(unit, consent_id))
    if Purpose.TRY_ON in taken_back:
        await _erase(unit, SYSTEM, *rows)
    elif Purpose.STYLIST_RECORD in taken_back:
        for row in rows:
            if not keeps_picture(await photos.purposes_of_pictures(unit, row.photo_id)):
                await drop_picture(unit, row.id)


async def drop_picture(unit: Unit, outcome_id: str) -> None:
    """Let go of a picture; the figures stay."""
    if await store.drop_picture(unit, outcome_id):
        await add(unit, DeleteOutcomeObjects(outcome_id))


def keeps_picture(purposes: frozenset[Purpose]) -> bool:
    """Whether the photo of the result may be kept with the appointment."""
    return Purpose.STYLIST_RECORD in purposes


async def erase_again(unit: Unit, outcome_ids: Sequence[str]) -> None:
    """Erase outcomes that an older backup has brought back."""
    found = [await store.find(unit, outcome_id) for outcome_id in outcome_ids]
    await _erase(unit, SYSTEM, *(row for row in found if row is not None))


async def kept(unit: Unit, outcome_ids: set[str]) -> set[str]:
    """Keys of all pictures that these outcomes show."""
    return await store.pictures(unit, outcome_ids)


async def _preview(unit: Unit, caller: Caller, visit: Appointment) -> TryOnRow:
    """The try-on that was booked. Raises NoLookBooked, PreviewGone."""
    if visit.tryon_id is None:
        raise NoLookBooked
    try:
        tryon = await tryons.find(unit, caller, visit.tryon_id)
    except UnknownTryOn:
        raise PreviewGone from None
    _full(tryon, visit.quote.look if visit.quote else 0)
    return tryon


def _full(tryon: TryOnRow | None, number: int) -> str:
    renders = tryon.result.renders if tryon is not None and tryon.result is not None else ()
    if number >= len(renders) or "full" not in renders[number].objects:
        raise PreviewGone
    return renders[number].objects["full"]


async def _worn(unit: Unit, shelf: Shelf, visit: Appointment) -> tuple[Worn, ...]:
    """The designs of the look, in the order in which they are laid."""
    picked = visit.quote.picked if visit.quote else ()
    designs = await offer.designs_of(unit, shelf, [pick.design_id for pick in picked])
    known = [(designs[pick.design_id], pick) for pick in picked if pick.design_id in designs]
    return tuple(
        Worn(design.id, place_of(design.layer), look.fingers_of(design, pick)) for design, pick in known
    )


async def _end(
    unit: Unit,
    outcome_id: str,
    status: OutcomeStatus,
    regions: Sequence[Region] | None = None,
    *,
    worn: Sequence[Worn] = (),
    picture: str | None = None,
    error_code: str | None = None,
) -> OutcomeRow | None:
    ended = await store.end(
        unit,
        outcome_id,
        status,
        regions=regions,
        by_design=by_design(worn, regions or ()),
        picture=picture,
        error_code=error_code,
    )
    if ended is not None:
        await emit(unit, OutcomeEnded(ended.id, ended.appointment_id, status))
    return ended


async def _erase(unit: Unit, actor: Actor, *rows: OutcomeRow) -> None:
    """Erase those that are not erased yet."""
    erased = [row.id for row in rows if await store.erase(unit, row.id)]
    for outcome_id in erased:
        await add(unit, DeleteOutcomeObjects(outcome_id))
    await record(unit, actor, "outcome.erased", *erased)
