"""Photos as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct


class SampleRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The consent under which a sample is taken, as if it were the customer's own photo."""

    consent_id: Annotated[str, Meta(min_length=1, max_length=40)]


class UploadRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What is going to be posted, and the consent that it is taken under."""

    consent_id: Annotated[str, Meta(min_length=1, max_length=40)]
    media_type: Literal["image/jpeg", "image/png", "image/webp", "image/avif", "image/heic", "image/heif"]


class Upload(Struct, frozen=True):
    """A form for one photo: post `fields` as they are, then the bytes as `file` (multipart/form-data), to `url`.

    expires_at: until then the form may be posted; links.complete: what to call afterwards, within the hour.
    """

    id: str
    url: str
    fields: dict[str, str]
    max_bytes: int
    expires_at: datetime
    links: dict[str, str]


class Photo(Struct, frozen=True):
    """A verified photo; width and height are of the upright picture."""

    id: str
    customer_id: str
    consent_id: str
    media_type: str
    width_px: int
    height_px: int
    size_bytes: int
    sha256: str
    created_at: datetime
    expires_at: datetime
