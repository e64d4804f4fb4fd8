"""Photos that are kept, and letting them go."""

from __future__ import annotations

from collections.abc import Sequence

from kit.audit import SYSTEM, Actor, record
from kit.db.unit import Unit
from kit.outbox import add, emit
from modules.accounts.caller import Caller
from modules.consent import service as consents
from modules.consent.texts import Purpose
from modules.photos import store
from modules.photos.errors import UnknownPhoto
from modules.photos.events import PhotoErased, PhotoExpired
from modules.photos.jobs import DeletePhotoObjects, EmptyUpload
from modules.photos.wire import Photo


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


async def consent_of(unit: Unit, photo_id: str) -> str | None:
    """The consent that a photo was taken under, also when its time is over."""
    return await store.consent_of(unit, photo_id)


async def purposes_of_pictures(unit: Unit, photo_id: str) -> frozenset[Purpose]:
    """What pictures made from a photo may be used for, also when the photo itself is gone."""
    consent_id = await store.consent_of(unit, photo_id)
    return frozenset() if consent_id is None else await consents.purposes(unit, consent_id)


async def erase(unit: Unit, caller: Caller, photo_id: str) -> None:
    """Erase a photo and all that was made from it. Raises UnknownPhoto."""
    await find(unit, caller, photo_id)
    await _erase(unit, caller, photo_id)


async def erase_of_consent(unit: Unit, consent_id: str) -> None:
    """Erase every photo that stands on a consent, and every upload that would become one."""
    for upload in await store.take_uploads_of_consent(unit, consent_id):
        await add(unit, EmptyUpload(upload.id, upload.customer_id))
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
    for upload in await store.take_uploads_of_photos(unit, erased):
        await add(unit, EmptyUpload(upload.id, upload.customer_id))
    for photo_id in erased:
        await add(unit, DeletePhotoObjects(photo_id))
        await emit(unit, PhotoErased(photo_id))
    await record(unit, actor, "photo.erased", *erased)
