"""The colours of a face beside its skin: lips, irises, brows and hair, as Lab under D65."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from looks.colour import linear_to_lab, srgb_to_linear
from models.analyse.mesh import LEFT_IRIS, RIGHT_IRIS
from models.segment.brows import brow_masks
from models.segment.skin_face import LEFT_EYE, RIGHT_EYE
from models.types import Array, Face, Hair, Illuminant, Lips, Mask, Photo

_LINEAR = srgb_to_linear(np.arange(256) / 255).astype(np.float32)
LEAST_IRIS_PX = 3.5  # of its radius
RING = (0.45, 0.92)  # of the iris's radius, between pupil and rim
GLINT = 1.8  # times the iris's median light: a reflection
LEAST_PX = 20
DARK_SHARE = 50.0  # percentile of a brow's light below which is hair and not the skin between


@dataclass(frozen=True, slots=True)
class Colouring:
    """Lab under D65, (3,) each; None where a part is not seen well enough."""

    lips: Array | None
    eyes: Array | None
    brows: Array | None
    hair: Array | None


def colouring_of(
    photo: Photo, face: Face, illuminant: Illuminant, *, lips: Lips | None = None, hair: Hair | None = None
) -> Colouring:
    """The colours of one face. lips, hair: what was segmented of it."""
    brows = [seen for mask in brow_masks(photo.size, face) if len(seen := _under(photo, mask)) >= LEAST_PX]
    dark = np.concatenate([_darker(seen) for seen in brows]) if brows else np.zeros((0, 3))
    return Colouring(
        lips=_lab(_under(photo, lips.mask), illuminant) if lips is not None else None,
        eyes=_lab(_irises(photo, face), illuminant),
        brows=_lab(dark, illuminant),
        hair=_lab(_under(photo, hair.mask), illuminant) if hair is not None else None,
    )


def _lab(light: Array, illuminant: Illuminant) -> Array | None:
    """Lab of the middle of some linear light (n, 3)."""
    if len(light) < LEAST_PX:
        return None
    return linear_to_lab(np.median(light, axis=0) / illuminant.linear)


def _under(photo: Photo, mask: Mask) -> Array:
    """(n, 3) linear light well inside a mask."""
    light: Array = _LINEAR[photo.rgb[mask.box.slices][mask.alpha > 200]]
    return light


def _darker(light: Array) -> Array:
    y = light.sum(axis=-1)
    darker: Array = light[y <= np.percentile(y, DARK_SHARE)]
    return darker


def _irises(photo: Photo, face: Face) -> Array:
    """(n, 3) linear light of both irises, between the lids, without pupil and reflections."""
    points = face.landmarks[:, :2].astype(np.float64)
    if len(points) <= LEFT_IRIS:
        return np.zeros((0, 3))
    found = [
        _iris(photo, points, iris, lids) for iris, lids in ((RIGHT_IRIS, RIGHT_EYE), (LEFT_IRIS, LEFT_EYE))
    ]
    light: Array = np.concatenate(found)
    return light


def _iris(photo: Photo, points: Array, iris: int, lids: tuple[int, ...]) -> Array:
    middle, rim = points[iris], points[iris + 1 : iris + 5]
    radius = float(np.linalg.norm(rim - middle, axis=1).mean())
    low = np.floor(middle - radius - 1).astype(int)
    high = np.ceil(middle + radius + 2).astype(int)
    if radius < LEAST_IRIS_PX or (low < 0).any() or (high > np.array(photo.size[::-1])).any():
        return np.zeros((0, 3))
    between = np.zeros((high - low)[::-1], np.uint8)
    cv2.fillPoly(between, [np.round(points[list(lids)] - low).astype(np.int32)], (1,))
    y, x = np.mgrid[low[1] : high[1], low[0] : high[0]]
    away = np.hypot(x - middle[0], y - middle[1]) / radius
    light: Array = _LINEAR[
        photo.rgb[low[1] : high[1], low[0] : high[0]][(between > 0) & (away > RING[0]) & (away < RING[1])]
    ]
    if not len(light):
        return light
    y_of = light.sum(axis=-1)
    kept: Array = light[y_of <= GLINT * np.median(y_of)]
    return kept
