"""The files made of a rendered picture: full size, preview, thumbnail, and the stripped "before".

Encoded from bare pixels by OpenCV (8 ms against Pillow's 10 for 1080 × 1440), so no EXIF, GPS or profile can
come along; untagged JPEG is read as sRGB, which the pixels are.
"""

from __future__ import annotations

import cv2

from models.types import Array

FULL_QUALITY, PREVIEW_QUALITY, THUMBNAIL_QUALITY = 92, 88, 85
PREVIEW_SIDE, THUMBNAIL_SIDE = 1080, 320
# Painted nails and lips are small and saturated: halved chroma (4:2:0) would bleed over their edges.
FULL_CHROMA = int(cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444)
_HALF_CHROMA = int(cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420)


class EncodeError(RuntimeError):
    """The encoder gave no bytes."""


def outputs(rgb: Array) -> dict[str, bytes]:
    """`full`, `preview` (longest side at most 1080) and `thumbnail` (at most 320) of (h, w, 3) uint8 sRGB, all JPEG."""
    small = shrunk(rgb, PREVIEW_SIDE)
    return {
        "full": jpeg(rgb, FULL_QUALITY, FULL_CHROMA),
        "preview": jpeg(small, PREVIEW_QUALITY, FULL_CHROMA),
        "thumbnail": jpeg(shrunk(small, THUMBNAIL_SIDE), THUMBNAIL_QUALITY, _HALF_CHROMA),
    }


def before(rgb: Array) -> bytes:
    """The original without anything but its pixels, longest side at most 1080."""
    return jpeg(shrunk(rgb, PREVIEW_SIDE), PREVIEW_QUALITY, FULL_CHROMA)


def shrunk(rgb: Array, side: int) -> Array:
    """The picture with its longest side at most `side`; never enlarged."""
    height, width = rgb.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return rgb
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # Above one half a bilinear kernel touches every pixel, and takes a fifth of the time of area averaging.
    return cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR if scale > 0.5 else cv2.INTER_AREA)


def jpeg(rgb: Array, quality: int, chroma: int) -> bytes:
    """Baseline JPEG; raises EncodeError when the encoder fails."""
    done, data = cv2.imencode(
        ".jpg",
        cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR),
        [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, chroma],
    )
    if not done:
        raise EncodeError(f"no JPEG of shape {rgb.shape}")
    return data.tobytes()
