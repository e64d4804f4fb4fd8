"""One photo read in full by Pillow and the HEIF opener. Runs in a child, never in a server."""

from __future__ import annotations

import struct
from io import BytesIO

import pi_heif
from PIL import (
    AvifImagePlugin,
    ExifTags,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from kit.decode.boxes import check_complete
from kit.decode.chunks import check_ended
from kit.decode.jpeg import passes
from kit.decode.limits import Limits
from kit.decode.magic import sniff
from kit.decode.unfit import Unfit
from kit.decode.verified import Format

_OPENERS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin, AvifImagePlugin)
"""Imported by name, so that Pillow never goes looking through its forty other formats."""

_BYTES_PER_PIXEL: dict[Format, int] = {"jpeg": 1, "png": 4, "webp": 16, "avif": 12, "heif": 4}
"""What a decode holds at its peak: WebP two canvases and two copies, AVIF its planes and two copies, HEIF its
planes and one. A JPEG of several passes is judged by its coefficients as well."""

_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, RuntimeError, struct.error, KeyError, IndexError, TypeError,
    AttributeError, OverflowError, ZeroDivisionError, AssertionError,
)  # fmt: skip
"""What Pillow and the HEIF opener are known to raise over damaged files."""

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each thread costs address space, which is limited
pi_heif.options.DECODE_THREADS = 2  # libde265 reads 22 megapixels a second on one
pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False


def measure(data: bytes, limits: Limits) -> tuple[int, int]:
    """Decode the first frame and return (width, height) of the upright photo, pixels; raises Unfit.

    Size, sides and scans are read from the header and refused before anything is decoded.
    """
    kind = sniff(data)
    if kind is None:
        raise Unfit("photo_type_unsupported")
    room = limits.memory - 3 * len(data)  # an opener and its codec each keep the file
    most = min(limits.pixels, room // _BYTES_PER_PIXEL[kind.format])
    try:
        if kind.format == "jpeg":
            size = _jpeg(data, limits, most, room)
        elif kind.format == "heif":
            size = _heif(data, limits, most)
        else:
            size = _pillow(data, kind.format, limits, most)
    except MemoryError:
        raise Unfit("photo_too_many_pixels") from None
    except _BROKEN:
        raise Unfit("photo_corrupt") from None
    if min(size) < limits.min_side:
        raise Unfit("photo_too_small")
    return size


def _jpeg(data: bytes, limits: Limits, most: int, room: int) -> tuple[int, int]:
    """Read every pass and coefficient, form an eighth of the pixels each way: no damage shows in them."""
    scans, coefficients = passes(data, limits.scans)
    if scans > limits.scans:
        raise Unfit("photo_too_many_scans")
    if scans > 1 and coefficients > room:
        raise Unfit("photo_too_many_pixels")
    image = _open(data, "jpeg", most)
    width, height = _admit(image.size, limits, most)
    image.draft(None, (max(width // 8, 1), max(height // 8, 1)))
    image.load()
    return _upright(image, width, height)


def _pillow(data: bytes, format: Format, limits: Limits, most: int) -> tuple[int, int]:
    if format == "avif":
        check_complete(data)
    elif format == "png":
        check_ended(data)
    image = _open(data, format, most)
    width, height = _admit(image.size, limits, most)
    image.load()
    return _upright(image, width, height)


def _heif(data: bytes, limits: Limits, most: int) -> tuple[int, int]:
    """Decode without Pillow's copy of the pixels; the codec turns the picture itself, EXIF is not asked."""
    check_complete(data)
    try:
        image = pi_heif.open_heif(data, remove_stride=False)
        if not len(image):
            raise Unfit("photo_type_unsupported")
        _admit(image.size, limits, most)
        primary = image[image.primary_index]
        primary.load()
    except (SyntaxError, RuntimeError):  # what the opener makes of "unsupported feature" and "no such codec"
        raise Unfit("photo_type_unsupported") from None
    width, height = _admit(primary.size, limits, most)
    return width, height


def _open(data: bytes, format: Format, most: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = most // 2  # Pillow refuses at twice this, before an opener allocates a canvas
    try:
        return Image.open(BytesIO(data), formats=[format])
    except Image.DecompressionBombError:
        raise Unfit("photo_too_many_pixels") from None
    except UnidentifiedImageError:
        raise Unfit("photo_corrupt") from None


def _admit(size: tuple[int, int], limits: Limits, most: int) -> tuple[int, int]:
    width, height = size
    if width * height > most or max(size) > limits.max_side:
        raise Unfit("photo_too_many_pixels")
    return width, height


def _upright(image: Image.Image, width: int, height: int) -> tuple[int, int]:
    """Swap the sides where the EXIF orientation lays the picture on its side (5..8)."""
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    return (height, width) if orientation in (5, 6, 7, 8) else (width, height)
