"""From a coarse map of hair to a matte of single strands: a fast guided filter with the photo's colours as guide.

He, Sun and Tang, Guided Image Filtering (2013), the colour form; He and Sun, Fast Guided Filter (2015): the linear
model of alpha in the colours is fitted on a small copy and applied to the full photo, which brings the strands back.
"""

from __future__ import annotations

from math import ceil

import cv2
import numpy as np

from models.detect.square import Square
from models.segment.hair.frame import from_photo
from models.segment.polygon import FAINTEST
from models.types import Array, Box, Mask

WORKING = 320  # pixels of the longer side on which the model is fitted: bounds its time
RADIUS = 5.0  # pixels of the coarse map: its outline is surer than that
PASSES = (1.0, 0.5)  # the radius of each fit; the second one starts from what the first has found
SMOOTH = 2e-4  # epsilon, in squared colours of [0, 1]: smaller follows finer colour edges
REACH = 9.0  # pixels of the coarse map around its outline: where alpha may change
FAINT = 0.04
STEEP = 3.0  # about one half: where the net leans towards hair it is hair, not half of it
CONTRAST = 1.4  # about one half: a fit over a window leaves a veil around hair and takes as much from within


def matte(rgb: Array, probability: Array, square: Square) -> Mask | None:
    """The hair of a (h, w, 3) uint8 photo from its (s, s) float32 probability in a square; None if there is none."""
    side = probability.shape[0]
    box = _box(probability, square, rgb.shape[:2])
    if box is None:
        return None
    to_square = from_photo(square, side)
    scale = min(1.0, WORKING / max(box.shape))
    small = max(8, round(box.shape[1] * scale)), max(8, round(box.shape[0] * scale))
    guide = cv2.resize(rgb[box.slices], small, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    coarse = np.clip((_placed(probability, to_square, box, small) - 0.5) * STEEP + 0.5, 0, 1)
    pixel = square.side / side * scale
    low, high = _band(coarse, max(2, round(REACH * pixel)))
    alpha = coarse
    for share in PASSES:
        model = _fitted(guide, alpha, max(2, round(share * RADIUS * pixel)))
        alpha = np.clip((guide * model[..., :3]).sum(-1) + model[..., 3], low, high)
    size = (box.shape[1], box.shape[0])
    low, high, model = (cv2.resize(part, size, interpolation=cv2.INTER_LINEAR) for part in (low, high, model))
    alpha = cv2.addWeighted(_applied(rgb[box.slices], model), CONTRAST, low, 0, 0.5 - 0.5 * CONTRAST)
    out = (np.clip(alpha, low, high) * 255 + 0.5).astype(np.uint8)
    out[out < FAINTEST] = 0
    return Mask(out, box) if out.any() else None


def _box(probability: Array, square: Square, size: tuple[int, ...]) -> Box | None:
    """The part of the photo that may hold hair, with room for strands."""
    rows, cols = np.nonzero(probability > FAINT)
    if not len(rows):
        return None
    pad = REACH
    x0, x1, y0, y1 = cols.min() - pad, cols.max() + 1 + pad, rows.min() - pad, rows.max() + 1 + pad
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) / probability.shape[0]
    placed = square.place(corners)
    left, top = np.maximum(np.floor(placed.min(0)), 0).astype(int).tolist()
    right, low = np.minimum(np.ceil(placed.max(0)), (size[1], size[0])).astype(int).tolist()
    return Box(left, top, right, low) if left < right and top < low else None


def _placed(probability: Array, to_square: Array, box: Box, small: tuple[int, int]) -> Array:
    """The probability on the working copy (w, h) of a box."""
    step = np.array([box.shape[1] / small[0], box.shape[0] / small[1]])
    turn = to_square[:, :2] * step
    # OpenCV counts from the middle of the first pixel, we from its corner.
    shift = to_square[:, :2] @ np.array([box.x0, box.y0]) + to_square[:, 2] + turn @ np.full(2, 0.5) - 0.5
    move = np.column_stack([turn, shift])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out: Array = cv2.warpAffine(probability, move, small, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return out


def _fitted(guide: Array, alpha: Array, radius: int) -> Array:
    """(h, w, 4) float32: alpha = r, g, b times the first three plus the last, best around each pixel."""

    def mean(x: Array) -> Array:
        out: Array = cv2.boxFilter(x, cv2.CV_32F, (2 * radius + 1,) * 2, borderType=cv2.BORDER_REFLECT)
        return out

    colours, middle = mean(guide), mean(alpha)
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    squares = [mean(guide[..., i] * guide[..., j]) - colours[..., i] * colours[..., j] for i, j in pairs]
    rr, rg, rb, gg, gb, bb = squares
    rr, gg, bb = rr + SMOOTH, gg + SMOOTH, bb + SMOOTH
    with_alpha = mean(guide * alpha[..., None]) - colours * middle[..., None]
    cofactors = np.stack(
        [
            gg * bb - gb * gb,
            gb * rb - rg * bb,
            rg * gb - gg * rb,
            rr * bb - rb * rb,
            rb * rg - rr * gb,
            rr * gg - rg * rg,
        ],
        -1,
    )
    determinant = rr * cofactors[..., 0] + rg * cofactors[..., 1] + rb * cofactors[..., 2]
    c, r, g, b = cofactors, *np.moveaxis(with_alpha, -1, 0)
    slopes = (
        np.stack(
            [
                c[..., 0] * r + c[..., 1] * g + c[..., 2] * b,
                c[..., 1] * r + c[..., 3] * g + c[..., 4] * b,
                c[..., 2] * r + c[..., 4] * g + c[..., 5] * b,
            ],
            -1,
        )
        / np.maximum(determinant, 1e-12)[..., None]
    )
    offset = middle - (slopes * colours).sum(-1)
    return mean(np.dstack([slopes, offset]).astype(np.float32))


def _applied(rgb: Array, model: Array) -> Array:
    """(h, w) float32 alpha of (h, w, 3) uint8 colours under a model of each pixel."""
    products = cv2.multiply(rgb, model[..., :3], scale=1 / 255, dtype=cv2.CV_32F)
    out: Array = cv2.transform(products, np.ones((1, 3), np.float32)) + model[..., 3]
    return out


def _band(coarse: Array, reach: int) -> tuple[Array, Array]:
    """Least and greatest alpha: only around the outline may the colours decide."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    inner, outer = cv2.erode(coarse, kernel), cv2.dilate(coarse, kernel)
    low = np.clip((inner - 0.5) * 4, 0, 1)
    high = np.clip(outer * 4 - 1, 0, 1)
    soft = ceil(reach / 2) * 2 + 1
    return cv2.blur(low, (soft, soft)), cv2.blur(high, (soft, soft))
