"""Skin tone around a nail or in a face: the individual typology angle of skin, in the six classes in use.

Source: Chardon, Cretois and Hourseau, "Skin colour typology and suntanning pathways" (1991).
"""

from __future__ import annotations

import cv2
import numpy as np

from models.types import Array

CLASSES = ((55, "very_light"), (41, "light"), (28, "intermediate"), (10, "tan"), (-30, "brown"))
"""Lower bound in degrees; below the last one `dark`."""
INNER, OUTER = 0.12, 0.6
"""The ring's distance from the nail, over the square root of its area."""
LEAST_PX = 30


def tone_around(rgb: Array, nail: Array, nails: Array) -> str | None:
    """Class of the skin beside a nail; None where too little of it is seen.

    rgb: (h, w, 3) uint8; nail, nails: (h, w) bool, this one and all of them.
    """
    size = float(np.sqrt(nail.sum()))
    reach = int(np.ceil(OUTER * size)) + 1
    rows, columns = np.nonzero(nail)
    y0, x0 = max(0, rows.min() - reach), max(0, columns.min() - reach)
    view = slice(y0, rows.max() + reach + 1), slice(x0, columns.max() + reach + 1)
    away = cv2.distanceTransform((~nails[view]).astype(np.uint8), cv2.DIST_L2, 3)
    own = cv2.distanceTransform((~nail[view]).astype(np.uint8), cv2.DIST_L2, 3)
    return tone_within(rgb[view], (away > INNER * size) & (own < OUTER * size))


def tone_within(rgb: Array, place: Array) -> str | None:
    """Class of the skin in a place (h, w) bool of (h, w, 3) uint8; None where too little of it is skin."""
    skin = place & _skin_coloured(rgb)
    if skin.sum() < LEAST_PX:
        return None
    lab = cv2.cvtColor(rgb[skin][None].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    lightness, _, b = np.median(lab[0], axis=0)
    angle = float(np.degrees(np.arctan2(lightness - 50, b)))
    return next((name for bound, name in CLASSES if angle > bound), "dark")


def _skin_coloured(rgb: Array) -> Array:
    """A wide range of chroma that skin of any tone lies in (Chai and Ngan 1999, widened); (h, w) bool."""
    _, cr, cb = np.moveaxis(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb), 2, 0)
    found: Array = (cr > 130) & (cr < 180) & (cb > 72) & (cb < 133)
    return found
