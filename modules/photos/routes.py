"""Photos over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from litestar import Router, delete, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody

from api.admission import UploadAdmitted
from api.given import GivenCaller, GivenUnit
from api.guards import may
from api.problems import fails
from kit.decode.errors import REFUSALS, DecodeBusy, PhotoDecodeTimeout, PhotoEmpty, PhotoTooLarge
from kit.errors import AppError
from kit.storage.errors import StorageAway
from modules.accounts.scopes import Scope
from modules.consent.errors import ConsentMissing
from modules.entitlements.errors import MoreThanThePlan, NotEntitled
from modules.photos import service
from modules.photos.errors import (
    TooManyUploads,
    UnknownPhoto,
    UnknownSample,
    UnknownUpload,
    UploadByTestKey,
    UploadNotArrived,
)
from modules.photos.intake import Intake
from modules.photos.samples import SamplePhoto, samples
from modules.photos.uploads import Uploads
from modules.photos.wire import Photo, SampleRequest, Upload, UploadRequest

MULTIPART_OVERHEAD = 64 * 1024
UNFIT: tuple[type[AppError], ...] = (
    ConsentMissing,
    DecodeBusy,
    MoreThanThePlan,
    NotEntitled,
    PhotoDecodeTimeout,
    PhotoEmpty,
    PhotoTooLarge,
    StorageAway,
    *REFUSALS.values(),
)
"""Why a photo is not taken."""


@dataclass
class PhotoForm:
    """A photo and the consent that it is taken under."""

    file: UploadFile
    consent_id: FromPath[str]


@post(
    "/photos",
    guards=[may(Scope.PHOTO_WRITE)],
    status_code=201,
    middleware=[UploadAdmitted],
    request_max_body_size=20 * 1024**2 + MULTIPART_OVERHEAD,
    opt=fails(*UNFIT, UploadByTestKey),
)
async def upload_photo(
    data: Annotated[PhotoForm, Body(media_type=RequestEncodingType.MULTI_PART)],
    intake: NamedDependency[Intake],
    unit: GivenUnit,
    caller: GivenCaller,
) -> Photo:
    """Upload a JPEG, PNG, WebP, AVIF or HEIC of at most 20 MB; it is verified before this answers."""
    return await intake.accept(unit, caller, data.consent_id, await data.file.read())


@post(
    "/photos/uploads",
    guards=[may(Scope.PHOTO_WRITE)],
    status_code=201,
    middleware=[UploadAdmitted],
    opt=fails(ConsentMissing, MoreThanThePlan, NotEntitled, TooManyUploads, UploadByTestKey),
)
async def begin_upload(
    data: JSONBody[UploadRequest],
    uploads: NamedDependency[Uploads],
    unit: GivenUnit,
    caller: GivenCaller,
) -> Upload:
    """Ask for a form with which a browser posts one photo straight into the store; it is good for ten minutes."""
    return await uploads.begin(unit, caller, data)


@post(
    "/photos/uploads/{upload_id:str}/complete",
    guards=[may(Scope.PHOTO_WRITE)],
    status_code=201,
    middleware=[UploadAdmitted],
    opt=fails(*UNFIT, UnknownPhoto, UnknownUpload, UploadNotArrived),
)
async def complete_upload(
    upload_id: FromPath[str],
    uploads: NamedDependency[Uploads],
    unit: GivenUnit,
    caller: GivenCaller,
) -> Photo:
    """Verify what was posted, exactly as an upload to `/v1/photos`, and keep it; repeats answer with the same photo."""
    return await uploads.complete(unit, caller, upload_id)


@get("/photos/{photo_id:str}", guards=[may(Scope.PHOTO_WRITE)], opt=fails(UnknownPhoto))
async def get_photo(photo_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> Photo:
    """What is known of a photo. The picture itself is not given out."""
    return await service.find(unit, caller, photo_id)


@delete("/photos/{photo_id:str}", guards=[may(Scope.PHOTO_WRITE)], opt=fails(UnknownPhoto))
async def erase_photo(photo_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Erase a photo and every picture made from it."""
    await service.erase(unit, caller, photo_id)


@get("/sample-photos", tags=["photos"])
async def list_sample_photos() -> tuple[SamplePhoto, ...]:
    """Pictures to try things on without a customer; test keys work on these only."""
    return samples()


@post(
    "/sample-photos/{sample_id:str}",
    guards=[may(Scope.PHOTO_WRITE)],
    status_code=201,
    opt=fails(*UNFIT, UnknownSample),
)
async def take_sample_photo(
    sample_id: FromPath[str],
    data: JSONBody[SampleRequest],
    intake: NamedDependency[Intake],
    unit: GivenUnit,
    caller: GivenCaller,
) -> Photo:
    """Take a sample as if it had been uploaded; what follows is the same as with any photo."""
    return await intake.accept_sample(unit, caller, data.consent_id, sample_id)


router = Router(
    path="/v1",
    route_handlers=[
        upload_photo,
        begin_upload,
        complete_upload,
        get_photo,
        erase_photo,
        list_sample_photos,
        take_sample_photo,
    ],
    tags=["photos"],
)
