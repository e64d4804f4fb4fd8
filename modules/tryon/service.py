"""Asking for try-ons, following them, and letting them go.

Whoever locks both rows takes the try-on's before its job's, as the worker does, so that nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime, timedelta

from kit.audit import SYSTEM, Actor, record
from kit.db.ready import Reader
from kit.db.unit import Unit
from kit.ids import is_id, new_id
from kit.metrics import TRYONS
from kit.outbox import add, emit
from kit.outbox.write import cancel as cancel_job
from modules.accounts.caller import Caller
from modules.catalog import offer
from modules.catalog.shelf import Shelf
from modules.consent import service as consents
from modules.consent.texts import Purpose
from modules.entitlements import service as entitlements
from modules.entitlements.plans import Feature
from modules.favourites import service as favourites
from modules.photos import service as photos
from modules.tryon import events, keys, store
from modules.tryon.choose import chosen_look
from modules.tryon.errors import TryOnEnded, UnknownTryOn
from modules.tryon.jobs import DeleteTryOnObjects, ExpireTryOn, RenderTryOn
from modules.tryon.result import Result
from modules.tryon.states import Status
from modules.tryon.store import TryOnRow, WholeTryOn
from modules.tryon.wire import ErasureReceipt, TryOnRequest


async def request(
    unit: Unit, caller: Caller, shelf: Shelf, asked: TryOnRequest, *, keep: timedelta
) -> TryOnRow:
    """Queue a render: try-on, job and expiry in one transaction.

    Raises UnknownPhoto, ConsentMissing, UnknownDesign, UnrenderableDesign, NotEntitled.
    """
    await entitlements.allow(unit, Feature.TRY_ON, len(asked.looks))
    offered = await _offered(unit, shelf, asked)
    looks = tuple(chosen_look(offered, choice) for choice in asked.looks)
    photo = await photos.find(unit, caller, asked.photo_id)
    await consents.require(unit, caller, photo.consent_id, Purpose.TRY_ON)
    tryon_id = new_id("try")
    job_id = await add(unit, RenderTryOn(tryon_id))
    row = await store.insert_tryon(
        unit, tryon_id, photo.customer_id, photo.id, job_id, looks, tuple(offered.designs), keep
    )
    await add(unit, ExpireTryOn(tryon_id), at=row.expires_at)
    if not row.test:
        TRYONS.inc()
    return row


async def _offered(unit: Unit, shelf: Shelf, asked: TryOnRequest) -> Shelf:
    """What of the request the salon offers: shipped designs that it does not hide, and its own."""
    picks = (pick for look in asked.looks for pick in look.designs)
    designs = (pick if isinstance(pick, str) else pick.id for pick in picks)
    bundles = (look.bundle for look in asked.looks if look.bundle is not None)
    return await offer.shelf_of(unit, shelf, designs, bundles)


async def find(reader: Reader, caller: Caller, tryon_id: str) -> TryOnRow:
    """A try-on that the caller may see. Raises UnknownTryOn."""
    row = await store.find(reader, tryon_id)
    if row is None or not caller.sees(row.customer_id):
        raise UnknownTryOn
    return row


async def find_whole(unit: Unit, caller: Caller, tryon_id: str) -> WholeTryOn:
    """The same with the looks that it shows. Raises UnknownTryOn."""
    row = await store.find_whole(unit, tryon_id)
    if row is None or not caller.sees(row.customer_id):
        raise UnknownTryOn
    return row


async def keep_until(unit: Unit, tryon_id: str, at: datetime) -> None:
    """Keep a try-on that somebody booked from until then at least."""
    if await store.keep_until(unit, tryon_id, at):
        await add(unit, ExpireTryOn(tryon_id), at=at)


async def whole(unit: Unit, tryon_id: str) -> WholeTryOn | None:
    """A try-on that is not erased, with the looks that it shows, whoever asks."""
    return await store.find_whole(unit, tryon_id)


async def page(
    reader: Reader, caller: Caller, cursor: str | None, limit: int
) -> tuple[list[TryOnRow], str | None]:
    """The caller's try-ons, newest first, and the cursor of the next page."""
    before = cursor if cursor is not None and is_id(cursor, "try") else None
    return await store.page(reader, caller.customer_id, caller.test, before, limit)


async def cancel(unit: Unit, caller: Caller, tryon_id: str) -> TryOnRow:
    """Stop a try-on that has not ended; a worker in the middle of it throws its work away. Raises TryOnEnded."""
    row = await find(unit, caller, tryon_id)
    ended = await _end(unit, tryon_id, Status.CANCELLED)
    if ended is None:
        raise TryOnEnded
    await cancel_job(unit, row.job_id)
    return ended


async def finish(unit: Unit, tryon_id: str, result: Result, *, tidy: bool) -> TryOnRow | None:
    """Write what was drawn; None when the try-on had ended or is erased. tidy: earlier attempts left pictures."""
    status = Status.DONE if result.found else Status.NOTHING_FOUND
    return await _end(unit, tryon_id, status, result=result, tidy=tidy)


async def fail(unit: Unit, tryon_id: str, code: str) -> TryOnRow | None:
    """Say why a try-on cannot be drawn; None when it had ended or is erased."""
    return await _end(unit, tryon_id, Status.FAILED, error_code=code)


async def erase(unit: Unit, caller: Caller, tryon_id: str) -> ErasureReceipt:
    """Erase a try-on and its pictures, whatever its state. Raises UnknownTryOn."""
    row = await find(unit, caller, tryon_id)
    erased = await _erase(unit, caller, row)
    if not erased:
        raise UnknownTryOn
    return ErasureReceipt(id=new_id("era"), subject=row.id, erased_at=erased[row.id])


async def erase_of_photo(unit: Unit, photo_id: str) -> None:
    """Erase every try-on of an erased photo."""
    await _erase(unit, SYSTEM, *await store.of_photo(unit, photo_id))


async def follow_withdrawal(unit: Unit, consent_id: str, taken_back: Container[Purpose]) -> None:
    """Erase the try-ons of a consent to `try_on` that was taken back; without one to show, only the "before"."""
    photo_ids = await photos.ever_of_consent(unit, consent_id)
    rows = [row for photo_id in photo_ids for row in await store.of_photo(unit, photo_id)]
    if Purpose.TRY_ON in taken_back:
        await _erase(unit, SYSTEM, *rows)
    elif not shows_before(await consents.purposes(unit, consent_id)):
        for row in rows:
            if await store.drop_before(unit, row.id):
                await add(unit, DeleteTryOnObjects(row.id))


def shows_before(purposes: frozenset[Purpose]) -> bool:
    """Whether the picture without the look may be kept: only where it is shared or put on record."""
    return bool(purposes & {Purpose.SHARE, Purpose.STYLIST_RECORD})


async def erase_expired(unit: Unit, tryon_id: str) -> None:
    """Erase a try-on whose time is over; one whose time was prolonged stays."""
    row = await store.find(unit, tryon_id)
    if row is not None and await store.is_over(unit, tryon_id):
        await _erase(unit, SYSTEM, row)


async def erase_again(unit: Unit, tryon_ids: Sequence[str]) -> None:
    """Erase try-ons that an older backup has brought back."""
    found = [await store.find(unit, tryon_id) for tryon_id in tryon_ids]
    await _erase(unit, SYSTEM, *(row for row in found if row is not None))


async def remember(unit: Unit, tryon_id: str) -> None:
    """Note among what the customer tried on lately the designs of a try-on that is done."""
    row = await store.find(unit, tryon_id)
    if row is not None and row.status is Status.DONE and row.finished_at is not None:
        await favourites.remember(unit, row.customer_id, row.designs, row.finished_at)


async def kept(unit: Unit, tryon_ids: set[str]) -> set[str]:
    """Keys of all pictures that these try-ons still show, in every size that may have been made of them."""
    found: set[str] = set()
    for result in await store.results(unit, tryon_ids):
        found.update(key for render in result.renders for key in render.objects.values())
        found.update([result.before] if result.before else [])
        for key in result.largest.values():
            found |= keys.every_smaller(key)
    return found


async def _end(
    unit: Unit,
    tryon_id: str,
    status: Status,
    *,
    result: Result | None = None,
    error_code: str | None = None,
    tidy: bool = True,
) -> TryOnRow | None:
    """Write a try-on's last state, tell it, and have deleted what its attempts left (tidy)."""
    ended = await store.end(unit, tryon_id, status, result=result, error_code=error_code)
    if ended is not None:
        await emit(unit, events.TryOnEnded(tryon_id, ended.photo_id, status))
        if tidy:
            await add(unit, DeleteTryOnObjects(tryon_id))
    return ended


async def _erase(unit: Unit, actor: Actor, *rows: TryOnRow) -> dict[str, datetime]:
    """Erase those that are not erased yet; returns when, by id."""
    erased: dict[str, datetime] = {}
    for row in rows:
        at = await store.erase(unit, row.id)
        if at is not None:
            erased[row.id] = at
            await cancel_job(unit, row.job_id)
            await add(unit, DeleteTryOnObjects(row.id))
            await emit(unit, events.TryOnErased(row.id, row.photo_id))
    await record(unit, actor, "tryon.erased", *erased)
    return erased
