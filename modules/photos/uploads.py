"""Photos that go straight into the store: a form for one object below `incoming/`, then the verified photo.

Each completion stores what it has verified under a photo id of its own, and the first to lock the upload's row enters
it; so two at once, or a form that is posted again meanwhile, can never mix one picture's facts with another's bytes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from kit import clock
from kit.db.unit import Unit
from kit.decode.errors import PhotoTooLarge
from kit.decode.limits import Limits
from kit.ids import new_id
from kit.outbox import add
from kit.storage import ObjectMissing
from modules.accounts.caller import Caller
from modules.photos import keys, service, store
from modules.photos.errors import TooManyUploads, UnknownUpload, UploadByTestKey, UploadNotArrived
from modules.photos.intake import Intake, admit
from modules.photos.jobs import EmptyUpload
from modules.photos.store import UploadRow
from modules.photos.wire import Photo, Upload, UploadRequest

FORM_LIFETIME = timedelta(minutes=10)
LIFETIME = timedelta(hours=1)
"""From the form to the last completion; then what was posted is deleted."""
MOST_BYTES = Limits().bytes


class _Taken(Exception):
    """Another request has completed the upload meanwhile."""

    def __init__(self, photo_id: str) -> None:
        super().__init__(photo_id)
        self.photo_id = photo_id


@dataclass(frozen=True, slots=True)
class Uploads:
    """most_open: forms that a customer may hold without having completed them."""

    intake: Intake
    most_open: int

    async def begin(self, unit: Unit, caller: Caller, asked: UploadRequest) -> Upload:
        """Hand out a form. Raises UploadByTestKey, ConsentMissing, NotEntitled, TooManyUploads, StorageAway."""
        if caller.test:
            raise UploadByTestKey
        customer_id = await admit(unit, caller, asked.consent_id)
        opened = await store.open_of(unit, customer_id)
        if opened.until is not None and opened.number >= self.most_open:
            wait = (opened.until - clock.now()).total_seconds()
            raise TooManyUploads(retry_after=max(1, math.ceil(wait)))
        upload_id = new_id("upl")
        until = await store.insert_upload(unit, upload_id, customer_id, asked.consent_id, LIFETIME)
        await add(unit, EmptyUpload(upload_id, customer_id), at=until)
        form = await self.intake.storage.form(
            keys.incoming(caller.business_id, customer_id, upload_id),
            media_type=asked.media_type,
            most_bytes=MOST_BYTES,
            expires_in=FORM_LIFETIME,
        )
        return Upload(
            id=upload_id,
            url=form.url,
            fields=form.fields,
            max_bytes=MOST_BYTES,
            expires_at=clock.now() + FORM_LIFETIME,
            links={"complete": f"/v1/photos/uploads/{upload_id}/complete"},
        )

    async def complete(self, unit: Unit, caller: Caller, upload_id: str) -> Photo:
        """Verify what was posted and keep it as a photo; asked again, the same photo is the answer.

        Raises UnknownUpload, UploadNotArrived, ConsentMissing, NotEntitled and kit.decode's refusals.
        """
        async with self.intake.db.tenant(caller.business_id) as before:
            upload = await _find(before, caller, upload_id)
            if upload.photo_id is not None:
                return await service.find(before, caller, upload.photo_id)
            await admit(before, caller, upload.consent_id)
        data = await self._arrived(keys.incoming(caller.business_id, upload.customer_id, upload_id))
        try:
            async with self.intake.held(caller, data) as held:
                upload = await _find(unit, caller, upload_id, lock=True)
                if upload.photo_id is not None:
                    raise _Taken(upload.photo_id)
                photo = await self.intake.enter(unit, caller, upload.consent_id, held)
                await store.complete_upload(unit, upload_id, photo.id)
                await add(unit, EmptyUpload(upload_id, upload.customer_id))
        except _Taken as taken:
            return await service.find(unit, caller, taken.photo_id)
        return photo

    async def _arrived(self, key: str) -> bytes:
        """The bytes that were posted. Their number is asked first: not every store keeps to a form's bounds."""
        storage = self.intake.storage
        try:
            if (await storage.stat(key)).size > MOST_BYTES:
                raise PhotoTooLarge
            return await storage.get(key)
        except ObjectMissing:
            raise UploadNotArrived from None


async def _find(unit: Unit, caller: Caller, upload_id: str, *, lock: bool = False) -> UploadRow:
    upload = await store.find_upload(unit, upload_id, lock=lock)
    if upload is None or not caller.sees(upload.customer_id):
        raise UnknownUpload
    return upload
