"""The two pictures of an outcome, where the customer lets her stylist keep them."""

from __future__ import annotations

from msgspec import Struct

from kit.db.unit import Unit
from kit.storage import Storage
from modules.accounts.caller import Caller
from modules.booking.sheet.service import LIFETIME, keys_of
from modules.booking.store.appointments import Appointment
from modules.outcomes.store import OutcomeRow
from modules.outcomes.wire import OutcomePictures


class PictureKeys(Struct, frozen=True):
    """Where they lie in storage."""

    preview: str | None = None
    result: str | None = None


async def keys(unit: Unit, caller: Caller, visit: Appointment, row: OutcomeRow) -> PictureKeys:
    """Of the appointment's preview and result."""
    return PictureKeys((await keys_of(unit, caller, visit)).after, row.picture)


async def signed(found: PictureKeys, storage: Storage) -> OutcomePictures:
    """Links to the pictures for fifteen minutes."""
    preview = await storage.url(found.preview, expires_in=LIFETIME) if found.preview else None
    result = await storage.url(found.result, expires_in=LIFETIME) if found.result else None
    return OutcomePictures(preview, result)
