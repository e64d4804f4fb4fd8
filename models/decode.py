"""Bytes to a Photo: the first step of the pipeline. The bytes were verified when they were uploaded (kit/decode).

JPEG, PNG, WebP, AVIF and HEIF, first frame only: upright, alpha flattened on white, colours brought to sRGB.
"""

from __future__ import annotations

import struct
import warnings
from functools import lru_cache
from io import BytesIO

import numpy as np
import pi_heif
from PIL import (
    AvifImagePlugin,
    ExifTags,
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from models.types import Photo

OPENERS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin, AvifImagePlugin)
"""Imported by name, so that Pillow never goes looking through its forty other formats."""
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
MOST_PIXELS = 80_000_000  # below the 89 million at which Pillow starts to warn
DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    RuntimeError,
    struct.error,
    KeyError,
    IndexError,
    TypeError,
    Image.DecompressionBombError,
)
"""What Pillow and the HEIF opener are known to raise over damaged files."""

SRGB = ImageCms.createProfile("sRGB")
SPACES = {"RGB": "RGB ", "RGBA": "RGB ", "L": "GRAY", "CMYK": "CMYK"}
TOLERANCE = 1  # of 255: a profile that moves no colour further is sRGB under another name

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation."""

pi_heif.register_heif_opener()


class DecodeError(ValueError):
    """Bytes that hold no picture we read."""


def decode(data: bytes) -> Photo:
    """The upright sRGB photo in these bytes; raises DecodeError.

    Pillow's remarks on damaged tags beside a sound picture are left out. Not for several threads of one process.
    """
    try:
        with (
            warnings.catch_warnings(category=UserWarning, action="ignore"),
            Image.open(BytesIO(data), formats=FORMATS) as image,
        ):
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise DecodeError(f"{width} × {height} pixels are more than {MOST_PIXELS}")
            image.load()
            profile = image.info.get("icc_profile")
            upright = turned(image)
    except DAMAGE as damage:
        raise DecodeError(str(damage)) from damage
    return Photo(np.asarray(on_white(to_srgb(eight_bit(upright), profile))))


def turned(image: Image.Image) -> Image.Image:
    """The picture as its EXIF orientation wants it seen."""
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def eight_bit(image: Image.Image) -> Image.Image:
    """The picture in a mode of eight bits a channel that a colour profile can be applied to."""
    if image.mode.startswith("I"):
        levels = np.asarray(image).astype(np.uint32)
        return Image.fromarray(((levels * 255 + 32767) // 65535).astype(np.uint8))
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def on_white(image: Image.Image) -> Image.Image:
    """The picture as RGB, see-through parts on white paper."""
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB; itself when it has no profile, one of sRGB, or one that does not fit its mode.

    A profile that cannot be read is treated as absent, as browsers do: the pixels are still the best guess.
    """
    transform = transform_of(profile, image.mode) if profile and image.mode in SPACES else None
    if transform is None:
        return image
    converted = ImageCms.applyTransform(image, transform)
    if converted is None:
        raise ImageCms.PyCMSError("the transform wrote in place")
    return converted


@lru_cache(maxsize=16)
def transform_of(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The way from a profile to sRGB, None where there is nothing to do; phones bring the same few again and again."""
    target = "RGBA" if mode == "RGBA" else "RGB"
    try:
        source = ImageCms.getOpenProfile(BytesIO(profile))
        if source.profile.xcolor_space != SPACES[mode]:
            return None
        transform = ImageCms.buildTransform(
            source,
            SRGB,
            mode,
            target,
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError):
        return None
    return None if mode in ("RGB", "RGBA") and is_srgb(transform, mode) else transform


def is_srgb(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether the transform leaves a grid of 729 colours where they are."""
    levels = np.linspace(0, 255, 9).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    colours = Image.fromarray(grid).convert(mode)
    moved = ImageCms.applyTransform(colours, transform)
    return bool(np.abs(np.asarray(colours).astype(int) - np.asarray(moved).astype(int)).max() <= TOLERANCE)
