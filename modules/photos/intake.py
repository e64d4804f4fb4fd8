"""Taking photos in: the gate that verifies them, and the store that keeps them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from kit.db.engine import Database
from kit.db.unit import Unit
from kit.decode import DecodePool, Verified
from kit.ids import new_id
from kit.metrics import PHOTOS
from kit.outbox import add
from kit.storage import Storage
from modules.accounts.caller import Caller
from modules.consent import service as consents
from modules.consent.texts import Purpose
from modules.entitlements import service as entitlements
from modules.entitlements.plans import Feature
from modules.photos import keys, samples, store
from modules.photos.errors import UploadByTestKey
from modules.photos.jobs import ExpirePhoto
from modules.photos.wire import Photo


@dataclass(frozen=True, slots=True)
class Held:
    """A verified photo that is stored and has no row yet."""

    photo_id: str
    verified: Verified
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Intake:
    """What an upload passes through, whichever way it came.

    Two transactions, with none open while the picture is decoded and stored: consent is checked before the work and
    again with the row, in case it was taken back meanwhile. The request's unit is not begun before that. A photo that
    is refused at the end is taken back; one whose process dies in between is an object that no row names, which the
    sweeper removes.
    """

    db: Database
    gate: DecodePool
    storage: Storage
    keep: timedelta

    async def accept_sample(self, unit: Unit, caller: Caller, consent_id: str, sample_id: str) -> Photo:
        """Take one of our own pictures as if it had been uploaded. Raises UnknownSample, ConsentMissing."""
        return await self._accept(unit, caller, consent_id, samples.read(sample_id))

    async def accept(self, unit: Unit, caller: Caller, consent_id: str, data: bytes) -> Photo:
        """Verify and keep an uploaded photo; when the unit is committed, it is stored and known.

        Raises UploadByTestKey, ConsentMissing, NotEntitled and kit.decode's refusals.
        """
        if caller.test:
            raise UploadByTestKey
        return await self._accept(unit, caller, consent_id, data)

    async def _accept(self, unit: Unit, caller: Caller, consent_id: str, data: bytes) -> Photo:
        async with self.db.tenant(caller.business_id) as before:
            await admit(before, caller, consent_id)
        async with self.held(caller, data) as held:
            return await self.enter(unit, caller, consent_id, held)

    @asynccontextmanager
    async def held(self, caller: Caller, data: bytes) -> AsyncIterator[Held]:
        """Verify and store a photo, and take it back when it is not entered. Raises kit.decode's refusals."""
        verified = await self.gate.verify(data)
        photo_id = new_id("pho")
        key = keys.original(caller.business_id, photo_id)
        await self.storage.put(key, data, verified.media_type)
        try:
            yield Held(photo_id, verified, len(data))
        except BaseException:  # consent was taken back, or she was erased, meanwhile: so is what was stored
            await self.storage.delete(key)
            raise

    async def enter(self, unit: Unit, caller: Caller, consent_id: str, held: Held) -> Photo:
        """Write the row of a photo that is held. Raises ConsentMissing."""
        consent = await consents.require(unit, caller, consent_id, Purpose.TRY_ON)
        photo = await store.insert_photo(
            unit, held.photo_id, consent.customer_id, consent.id, held.verified, held.size_bytes, self.keep
        )
        await add(unit, ExpirePhoto(photo.id), at=photo.expires_at)
        PHOTOS.labels("accepted").inc()
        return photo


async def admit(unit: Unit, caller: Caller, consent_id: str) -> str:
    """Whose photo may be taken under this consent: the customer's id. Raises NotEntitled, ConsentMissing."""
    await entitlements.allow(unit, Feature.PHOTO)
    return (await consents.require(unit, caller, consent_id, Purpose.TRY_ON)).customer_id
