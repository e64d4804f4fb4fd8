"""A nail of another shape and length: its outline and mask, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from looks.shape import NailShape
from models.render.nails.plate import ROWS, Plate
from models.render.nails.shape import free_edge
from models.types import Array, Box, Mask, Nail

MARGIN = 0.30  # of the nail's width around its mask: what the shadow may reach
_TAPER = (0.40, 0.58)  # of the plate: where the free edge's shape begins, short and long
_BLEND = 0.16  # of the plate before it: from the mask as segmented to the drawn outline


@dataclass(frozen=True, slots=True)
class Window:
    """A box around the natural and the shaped nail, and its pixels in nail coordinates, (h, w) float32.

    across: -1 to 1 between the nail's own straight sides; along: 0 at the cuticle, 1 at the natural free edge.
    """

    box: Box
    across: Array
    along: Array


def taper_start(length: float) -> float:
    """Where along the natural plate the shape of the free edge begins."""
    return float(np.clip(0.5 * length, *_TAPER))


def outline(plate: Plate, shape: NailShape, length: float) -> Array:
    """(n, 2) closed outline in photo pixels, from a little before the taper to the tip and back."""
    begin = taper_start(length)
    own = ROWS[(begin - 2 * _BLEND < ROWS) & (begin > ROWS)]
    ease = np.clip((own - (begin - _BLEND)) / _BLEND, 0, 1)
    ease = ease * ease * (3 - 2 * ease)
    if shape is NailShape.NATURAL:
        tip = ROWS[(begin <= ROWS) & (ROWS <= 1)]
        half, centre = np.interp(tip, ROWS, plate.half), np.interp(tip, ROWS, plate.centre)
        settled = half > 0.4 * plate.wide
        if settled.any():  # the rest is a rounded end or nothing, whose middle is noise
            tip, half = tip[settled], half[settled]
            centre = np.where(tip < begin + 0.2, centre[settled], np.interp(begin + 0.2, ROWS, plate.centre))
            closing = np.sin(np.linspace(0, np.pi / 2, 9))[1:]
            half = np.append(half, half[-1] * np.sqrt(1 - closing**2))
            tip = np.append(tip, tip[-1] + (1 - tip[-1]) * closing)
            centre = np.append(centre, np.full(len(closing), centre[-1]))
        along, ease = begin + (tip - begin) * (length - begin) / (1 - begin), np.zeros_like(ease)
    else:
        unit = plate.half_px * float(plate.sides(np.array(0.5 * (begin + length)))[0]) / plate.length_px
        share, distance = free_edge(shape, (length - begin) / unit)
        along = length - distance * unit
        half, centre = plate.sides(along)
        half = half * share
    straight, middle = plate.sides(own)
    mine, mine_middle = np.interp(own, ROWS, plate.half), np.interp(own, ROWS, plate.centre)
    half = np.concatenate([mine + (straight - mine) * ease, half])
    centre = np.concatenate([mine_middle + (middle - mine_middle) * ease, centre])
    along = np.concatenate([own, along])
    right, left = plate.pixels(centre + half, along), plate.pixels(centre - half, along)
    closed: Array = np.concatenate([right, left[::-1]])
    return closed


def window(nail: Nail, plate: Plate, edge: Array, size: tuple[int, int]) -> Window:
    """The part of the photo (height, width) that a nail with this outline may change."""
    margin = MARGIN * nail.width_px + 2
    low, high = np.floor(edge.min(0) - margin).astype(int), np.ceil(edge.max(0) + margin).astype(int)
    box, pad = nail.mask.box, 4
    box = Box(
        max(0, min(int(low[0]), box.x0 - pad)),
        max(0, min(int(low[1]), box.y0 - pad)),
        min(size[1], max(int(high[0]), box.x1 + pad)),
        min(size[0], max(int(high[1]), box.y1 + pad)),
    )
    dx = np.arange(box.x0, box.x1, dtype=np.float32)[None, :] + 0.5 - plate.origin[0]
    dy = np.arange(box.y0, box.y1, dtype=np.float32)[:, None] + 0.5 - plate.origin[1]
    along = (dx * plate.ahead[0] + dy * plate.ahead[1]) / plate.length_px
    across = (dy * plate.ahead[0] - dx * plate.ahead[1]) / plate.half_px
    half, centre = plate.sides(along)
    return Window(box, (across - centre) / half, along)


def natural_alpha(nail: Nail, box: Box) -> Array:
    """(h, w) float32 coverage of the nail as segmented, in a larger box."""
    alpha = np.zeros(box.shape, np.float32)
    mine = nail.mask.box
    alpha[mine.y0 - box.y0 : mine.y1 - box.y0, mine.x0 - box.x0 : mine.x1 - box.x0] = nail.mask.alpha
    alpha /= 255
    return alpha


def shaped_alpha(natural: Array, view: Window, edge: Array, begin: float, keep: Array) -> Array:
    """(h, w) float32 coverage of the shaped nail: as segmented at the cuticle, the outline beyond.

    keep: (h, w), 0 where something lies above; it hides only what was added.
    """
    drawn: Array = np.zeros(view.box.shape, np.uint8)
    points = (edge - np.array([view.box.x0, view.box.y0], np.float32) - 0.5) * 16
    cv2.fillPoly(drawn, [np.round(points).astype(np.int32)], (255,), cv2.LINE_AA, 4)
    alpha: Array = drawn.astype(np.float32) / 255
    sigma = _softness(natural, begin, view)
    if sigma > 0.3:
        alpha = cv2.GaussianBlur(alpha, (0, 0), sigma)
    share = np.clip((view.along - (begin - _BLEND)) / _BLEND, 0, 1)
    alpha = natural + (alpha - natural) * share
    shaped: Array = np.minimum(alpha, np.maximum(natural, keep))
    return shaped


def _softness(natural: Array, begin: float, view: Window) -> float:
    """How much softer than one pixel the segmented sides are, as a Gaussian's sigma in pixels."""
    sides = natural[(view.along > 0.2) & (view.along < begin)]
    partial = float((4 * sides * (1 - sides)).sum())
    rows = max(float(np.count_nonzero(sides > 0.5)) ** 0.5, 1.0)
    return float(np.clip((1.5 * partial / (2 * rows) - 1.0) / 3.0, 0, 2.0))


def with_mask(nail: Nail, alpha: Array, box: Box) -> Nail:
    """The nail as it is now; its axis stays that of the natural plate, which art and surface are measured by."""
    mask = np.round(alpha * 255).astype(np.uint8)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return nail
    top, left, bottom, right = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
    tight = Box(int(box.x0 + left), int(box.y0 + top), int(box.x0 + right), int(box.y0 + bottom))
    return replace(nail, mask=Mask(np.ascontiguousarray(mask[top:bottom, left:right]), tight))
