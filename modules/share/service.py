"""Sharing a look, taking it back, and letting it end."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime, timedelta

from kit import clock
from kit.audit import SYSTEM, Actor, record
from kit.db.unit import Unit
from kit.errors import FieldError
from kit.ids import is_id, new_id
from kit.metrics import SHARES, SHARES_FOLLOWED
from kit.outbox import add, emit
from kit.text import one_line
from modules.accounts.caller import Caller, is_test
from modules.consent import service as consents
from modules.consent.texts import Purpose
from modules.entitlements import service as entitlements
from modules.entitlements.plans import Feature
from modules.photos import service as photos
from modules.share import store
from modules.share.deeds import TOLD, Deed
from modules.share.errors import BadText, BeforeNotKept, NothingToShare, ShareEnded, UnknownLook, UnknownShare
from modules.share.events import ShareCreated
from modules.share.events import ShareEnded as Ended
from modules.share.jobs import DeleteShareObjects, ExpireShare, ForgetShare, MakeClip
from modules.share.store import ShareRow
from modules.share.wire import ShareRequest
from modules.tryon import service as tryons
from modules.tryon.store import TryOnRow

COUNTS_STAY = timedelta(days=30)
"""After its end, a share says for so long how often it was followed."""


async def create(unit: Unit, caller: Caller, tryon_id: str, asked: ShareRequest) -> ShareRow:
    """Share a look of a try-on; the link ends with the picture or the consent, when those end before it.

    Raises NotEntitled, UnknownTryOn, ConsentMissing, NothingToShare, UnknownLook, BeforeNotKept, BadText.
    """
    await entitlements.allow(unit, Feature.SHARE)
    tryon = await tryons.find(unit, caller, tryon_id)
    consent_id = await photos.consent_of(unit, tryon.photo_id) or ""
    consent = await consents.require(unit, caller, consent_id, Purpose.SHARE)
    _check(tryon, asked)
    ends = (
        clock.now() + timedelta(days=asked.expires_in_days),
        tryon.expires_at,
        consent.ends.get(Purpose.SHARE, tryon.expires_at),
    )
    row = await store.add(
        unit,
        new_id("shr"),
        tryon.customer_id,
        {
            "tryon_id": tryon.id,
            "photo_id": tryon.photo_id,
            "consent_id": consent.id,
            "look": asked.look,
            "with_before": asked.before,
            "watermark": asked.watermark,
            "title": _line("title", asked.title),
            "greeting": _line("greeting", asked.greeting),
            "channels": [*dict.fromkeys(asked.channels)],
            "clip": "queued" if asked.clip else "none",
            "expires_at": min(ends).replace(microsecond=0),
        },
    )
    await add(unit, ExpireShare(row.id), at=row.expires_at)
    if asked.clip:
        await add(unit, MakeClip(row.id))
    await emit(unit, ShareCreated(row.id, row.tryon_id))
    if not is_test(row.customer_id):
        SHARES.inc()
    await record(unit, caller, "share.created", row.id)
    return row


def _check(tryon: TryOnRow, asked: ShareRequest) -> None:
    if tryon.result is None or not tryon.result.found:
        raise NothingToShare
    if asked.look >= len(tryon.result.renders):
        raise UnknownLook(errors=(FieldError("look", f"This try-on has {len(tryon.result.renders)} looks."),))
    if "full" not in tryon.result.renders[asked.look].objects:
        raise NothingToShare
    if (asked.before or asked.clip) and tryon.result.before is None:
        raise BeforeNotKept
    if asked.clip and not asked.before:
        raise BeforeNotKept("A clip shows the picture without the look: ask for `before` too.")


def _line(field: str, text: str) -> str:
    try:
        return one_line(text) if text.strip() else ""
    except ValueError as error:
        raise BadText(errors=(FieldError(field, f"This cannot be used: {error}."),)) from error


async def find(unit: Unit, caller: Caller, share_id: str) -> ShareRow:
    """A share that the caller may see. Raises UnknownShare."""
    row = await store.find(unit, share_id)
    if row is None or not caller.sees(row.customer_id):
        raise UnknownShare
    return row


async def page(
    unit: Unit, caller: Caller, tryon_id: str | None, cursor: str | None, limit: int
) -> tuple[list[ShareRow], str | None]:
    """The caller's shares, newest first, and the cursor of the next page."""
    before = cursor if cursor is not None and is_id(cursor, "shr") else None
    return await store.page(unit, caller.customer_id, caller.test, tryon_id, before, limit)


async def revoke(unit: Unit, caller: Caller, share_id: str) -> None:
    """Take a link back: it leads nowhere from the next request on. Raises UnknownShare, ShareEnded."""
    row = await find(unit, caller, share_id)
    if not await _end(unit, caller, "revoked", row):
        raise ShareEnded


async def report_booking(unit: Unit, caller: Caller, share_id: str) -> ShareRow:
    """Count an appointment that came of a share, ended or not. Raises UnknownShare."""
    await find(unit, caller, share_id)
    await count(unit, share_id, Deed.BOOKED)
    return await find(unit, caller, share_id)


async def count(unit: Unit, share_id: str, deed: Deed) -> None:
    """Count a deed and tell it; nothing happens once the share has ended, but for bookings."""
    if await store.count(unit, share_id, deed):
        await emit(unit, TOLD[deed](share_id))
        SHARES_FOLLOWED.labels(deed).inc()


async def end_of_consent(unit: Unit, consent_id: str, taken_back: Container[Purpose]) -> None:
    """End the shares of a consent to share, or to try on, that was taken back."""
    if Purpose.SHARE in taken_back or Purpose.TRY_ON in taken_back:
        await _end(unit, SYSTEM, "consent", *await store.open_of_consent(unit, consent_id))


async def end_of_photo(unit: Unit, photo_id: str) -> None:
    """End the shares of an erased photo."""
    await _end(unit, SYSTEM, "erased", *await store.open_of_photo(unit, photo_id))


async def end_of_tryon(unit: Unit, tryon_id: str) -> None:
    """End the shares of an erased try-on."""
    await _end(unit, SYSTEM, "erased", *await store.open_of_tryon(unit, tryon_id))


async def end_expired(unit: Unit, share_id: str) -> None:
    """End a share whose time is over."""
    row = await store.find(unit, share_id)
    if row is not None and await store.is_over(unit, share_id):
        await _end(unit, SYSTEM, "expired", row)


async def end_again(unit: Unit, share_ids: Sequence[str]) -> None:
    """End shares that an older backup has opened again."""
    found = [await store.find(unit, share_id) for share_id in share_ids]
    await _end(unit, SYSTEM, "revoked", *(row for row in found if row is not None))


async def forget(unit: Unit, share_id: str) -> None:
    """Delete the row of a share that ended."""
    await store.remove(unit, share_id)


async def kept(unit: Unit, share_ids: set[str]) -> set[str]:
    """Those of the shares whose objects are still wanted."""
    return await store.still_open(unit, share_ids)


async def _end(unit: Unit, actor: Actor, by: str, *rows: ShareRow) -> list[str]:
    """End those that have not ended yet; returns their ids."""
    ended = [row for row in rows if await store.end(unit, row.id, by)]
    forgotten_at: datetime = clock.now() + COUNTS_STAY
    for row in ended:
        await add(unit, DeleteShareObjects(row.id))
        await add(unit, ForgetShare(row.id), at=forgotten_at)
        await emit(unit, Ended(row.id, row.tryon_id, by))
    ids = [row.id for row in ended]
    await record(unit, actor, "share.ended", *ids)
    return ids
