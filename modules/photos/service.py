"""Taking photos in and letting them go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kit.audit import SYSTEM, Actor, record
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.decode import DecodePool
from kit.ids import new_id
from kit.outbox import add, emit
from kit.storage import Storage
from modules.accounts.caller import Caller
from modules.consent import service as consents
from modules.consent.texts import Purpose
from modules.entitlements import service as entitlements
from modules.entitlements.plans import Feature
from modules.photos import keys, samples, store
from modules.photos.errors import UnknownPhoto, UploadByTestKey
from modules.photos.events import PhotoErased, PhotoExpired
from modules.photos.jobs import DeletePhotoObjects, ExpirePhoto
from modules.photos.wire import Photo


@dataclass(frozen=True, slots=True)
class Intake:
    """What an upload passes through: the gate that verifies it and the store that keeps it."""

    db: Database
    gate: DecodePool
    storage: Storage
    keep: timedelta

    async def accept_sample(self, unit: Unit, caller: Caller, consent_id: str, sample_id: str) -> Photo:
        """Take one of our own pictures as if it had been uploaded. Raises UnknownSample, ConsentMissing."""
        return await self._keep(unit, caller, consent_id, samples.read(sample_id))

    async def accept(self, unit: Unit, caller: Caller, consent_id: str, data: bytes) -> Photo:
        """Verify and keep an uploaded photo.

        Raises UploadByTestKey, ConsentMissing, NotEntitled and kit.decode's refusals.
        """
        if caller.test:
            raise UploadByTestKey
        return await self._keep(unit, caller, consent_id, data)

    async def _keep(self, unit: Unit, caller: Caller, consent_id: str, data: bytes) -> Photo:
        """Verify and keep a photo; when the unit is committed, it is stored and known.

        Two transactions, with none open while the picture is decoded and stored: consent is checked before the
        work and again with the row, in case it was taken back meanwhile. `unit` is not begun before that.
        An upload that dies in between leaves an object that no row names, which the sweeper removes.
        """
        async with self.db.tenant(caller.business_id) as before:
            await entitlements.allow(before, Feature.PHOTO)
            await consents.require(before, caller, consent_id, Purpose.TRY_ON)
        verified = await self.gate.verify(data)
        photo_id = new_id("pho")
        await self.storage.put(keys.original(caller.business_id, photo_id), data, verified.media_type)
        try:
            consent = await consents.require(unit, caller, consent_id, Purpose.TRY_ON)
            photo = await store.insert_photo(
                unit, photo_id, consent.customer_id, consent.id, verified, len(data), self.keep
            )
            await add(unit, ExpirePhoto(photo_id), at=photo.expires_at)
        except BaseException:  # taken back, or she was erased, meanwhile: so is what was stored
            await self.storage.delete_prefix(keys.everything(caller.business_id, photo_id))
            raise
        return photo


async def find(unit: Unit, caller: Caller, photo_id: str) -> Photo:
    """A photo that the caller may see. Raises UnknownPhoto."""
    photo = await store.find(unit, photo_id)
    if photo is None or not caller.sees(photo.customer_id):
        raise UnknownPhoto
    return photo


async def purposes(unit: Unit, photo_id: str) -> frozenset[Purpose] | None:
    """What the photo may be used for; None when it is erased or its time is over."""
    photo = await store.find(unit, photo_id)
    return None if photo is None else await consents.purposes(unit, photo.consent_id)


async def erase(unit: Unit, caller: Caller, photo_id: str) -> None:
    """Erase a photo and all that was made from it. Raises UnknownPhoto."""
    await find(unit, caller, photo_id)
    await _erase(unit, caller, photo_id)


async def erase_of_consent(unit: Unit, consent_id: str) -> None:
    """Erase every photo that stands on a consent."""
    await _erase(unit, SYSTEM, *await store.of_consent(unit, consent_id))


async def erase_expired(unit: Unit, photo_id: str) -> None:
    """Erase a photo whose time is over, and nothing that was made from it; one whose time was prolonged stays."""
    if await store.is_over(unit, photo_id) and await store.mark_erased(unit, photo_id):
        await add(unit, DeletePhotoObjects(photo_id))
        await emit(unit, PhotoExpired(photo_id))
        await record(unit, SYSTEM, "photo.expired", photo_id)


async def ever_of_consent(unit: Unit, consent_id: str) -> list[str]:
    """Ids of all photos that were taken under a consent, also of those that are gone."""
    return await store.ever_of_consent(unit, consent_id)


async def erase_again(unit: Unit, photo_ids: Sequence[str]) -> None:
    """Erase photos that an older backup has brought back."""
    await _erase(unit, SYSTEM, *photo_ids)


async def kept(unit: Unit, photo_ids: set[str]) -> set[str]:
    """Those of the photos whose objects are still wanted."""
    return await store.kept(unit, photo_ids)


async def _erase(unit: Unit, actor: Actor, *photo_ids: str) -> None:
    erased = [photo_id for photo_id in photo_ids if await store.mark_erased(unit, photo_id)]
    for photo_id in erased:
        await add(unit, DeletePhotoObjects(photo_id))
        await emit(unit, PhotoErased(photo_id))
    await record(unit, actor, "photo.erased", *erased)
