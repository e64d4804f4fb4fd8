"""Why a photo is refused.

Refused
├── PhotoEmpty              422   no bytes
├── PhotoTooLarge           413   more bytes than allowed
├── PhotoTypeUnsupported    415   not on the list of formats, or a codec that nobody reads
├── PhotoTooSmall           422   sound, but a side is too short to find anything in it
├── PhotoTooManyPixels      422   too many pixels, too long a side, too much memory to decode
├── PhotoTooManyScans       422   a JPEG of very many passes
├── PhotoCorrupt            422   damaged, cut off, or a decoder fell over it
└── PhotoDecodeTimeout      422   took longer than any honest photo does
Busy
└── DecodeBusy              503   every decoder is taken
Broken
└── PictureUnreadable       500   a picture of our own cannot be read
"""

from __future__ import annotations

from kit.errors import Broken, Busy, Refused


class PhotoEmpty(Refused):
    status, code, public = 422, "photo_empty", "The file is empty. Please choose a photo."


class PhotoTooLarge(Refused):
    status, code, public = 413, "photo_too_large", "The photo is too large. Please send one of up to 20 MB."


class PhotoTypeUnsupported(Refused):
    status, code = 415, "photo_type_unsupported"
    public = "This kind of file cannot be used. Please send a JPEG, PNG, WebP, AVIF or HEIC photo."


class PhotoTooSmall(Refused):
    status, code = 422, "photo_too_small"
    public = "The photo is too small. Please send one of at least 64 by 64 pixels."


class PhotoTooManyPixels(Refused):
    status, code = 422, "photo_too_many_pixels"
    public = "The photo has too many pixels. Please send a smaller version of it."


class PhotoTooManyScans(Refused):
    status, code = 422, "photo_too_many_scans"
    public = "This JPEG is built in an unusual way. Please save it again as an ordinary JPEG."


class PhotoCorrupt(Refused):
    status, code = 422, "photo_corrupt"
    public = "The photo is damaged or incomplete. Please send it again, or take a new one."


class PhotoDecodeTimeout(Refused):
    status, code = 422, "photo_decode_timeout"
    public = "The photo took too long to open. Please save it again as an ordinary JPEG."


class DecodeBusy(Busy):
    status, code = 503, "decode_busy"
    public = "Many photos are arriving at once. Please try again in a moment."


class PictureUnreadable(Broken):
    code = "picture_unreadable"


REFUSALS: dict[str, type[Refused]] = {
    refusal.code: refusal
    for refusal in (
        PhotoTypeUnsupported, PhotoTooSmall, PhotoTooManyPixels, PhotoTooManyScans, PhotoCorrupt,
    )
}  # fmt: skip
"""What a child may answer with, by code."""
