"""Give the nails of a photo the shapes of a look: extensions laid before the paint, their edges after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from looks.layer import AnyLayer, NailArt, NailPolish
from looks.shape import NailShape
from models.render.light import encoded, linear, luminance
from models.render.nails.above import uncovered
from models.render.nails.extension import (
    Window,
    natural_alpha,
    outline,
    shaped_alpha,
    taper_start,
    window,
    with_mask,
)
from models.render.nails.plate import Lit, lit, plate_of
from models.render.nails.under import filled
from models.types import Array, Nail, Scan

SHADOW, REACH, CAST = 0.42, 0.07, 0.055
"""Of the contact shadow: its depth, and in nail widths how far it falls and how soft it is."""
LIFT = 0.9  # plate lengths over which an extension's shadow fades, as it rises from what lies below
EDGE = 0.028  # of the nail's width: how thick an extension's free edge shows
MILK = 0.55  # how far a free edge's colour lies from the bed's towards white


@dataclass(frozen=True, slots=True)
class Tip:
    """A shaped nail as it was laid. length: of the natural nail; light: (2,) towards the light in the photo."""

    nail: Nail
    ahead: Array
    length: float
    light: Array


def wear(canvas: Array, scan: Scan, layers: Sequence[AnyLayer]) -> tuple[Scan, tuple[Tip, ...]]:
    """Lay the bare tips of a look's shapes on the canvas; the scan that comes back has nails of those shapes.

    A nail takes the shape of the first layer that asks for one. Pixels further than extension.MARGIN widths from the
    natural and the shaped nail keep their bytes.
    """
    nails, tips = [], []
    for nail in scan.nails or ():
        asked = _asked(layers, nail)
        tip = lay_tip(canvas, nail, *asked, scan) if asked else None
        nails.append(tip.nail if tip else nail)
        tips += [tip] if tip else []
    return (replace(scan, nails=tuple(nails)) if tips else scan), tuple(tips)


def _asked(layers: Sequence[AnyLayer], nail: Nail) -> tuple[NailShape, float] | None:
    worn = (
        (layer.shape, layer.length)
        for layer in layers
        if isinstance(layer, NailPolish | NailArt) and (nail.finger is None or nail.finger in layer.fingers)
    )
    return next((asked for asked in worn if asked != (NailShape.NATURAL, 1.0)), None)


def lay_tip(canvas: Array, nail: Nail, shape: NailShape, length: float, scan: Scan) -> Tip:
    """One nail's bare extension with its shadow, and skin where its own edge was filed away."""
    plate = plate_of(nail)
    edge, begin = outline(plate, shape, length), taper_start(length)
    view = window(nail, plate, edge, (canvas.shape[0], canvas.shape[1]))
    natural, keep = natural_alpha(nail, view.box), uncovered(nail, view.box, scan)
    shaped = shaped_alpha(natural, view, edge, begin, keep)
    look = lit(canvas, plate)
    patch = canvas[view.box.slices]
    ground = linear(patch)
    filed = _file_away(ground, natural, shaped, nail.width_px)
    shadow = _shadow(natural, shaped, view, look, nail.width_px) * keep
    ground *= (1 - shadow)[..., None]
    share = _laid(natural, shaped, view, length)
    new = share > 0.002
    _lay_bare(ground, new, share, look, view)
    changed = new | (filed > 0.002) | (shadow > 0)
    patch[changed] = encoded(ground[changed])
    return Tip(with_mask(nail, shaped, view.box), plate.ahead, length, look.light)


def _file_away(ground: Array, natural: Array, shaped: Array, width_px: float) -> Array:
    """Replace what was filed off the nail by its surroundings, in place; (h, w): where, and by how much."""
    gone = np.clip(natural - shaped, 0, 1)
    rows, columns = np.flatnonzero((gone > 0.02).any(1)), np.flatnonzero((gone > 0.02).any(0))
    if not len(rows):
        return np.zeros_like(gone)
    reach = 2 * max(2, round(0.05 * width_px)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    taken = cv2.dilate(natural, kernel)
    near = cv2.dilate((gone > 0.02).astype(np.float32), kernel)
    share = cv2.GaussianBlur(np.minimum(near, taken), (0, 0), 1.0) * (1 - shaped)
    share = np.maximum(share, gone)
    around = round(0.5 * width_px)
    part = (
        slice(max(0, rows[0] - around), rows[-1] + around),
        slice(max(0, columns[0] - around), columns[-1] + around),
    )
    ground[part] += (filled(ground[part], 1 - taken[part]) - ground[part]) * share[part][..., None]
    return share


def _shadow(natural: Array, shaped: Array, view: Window, look: Lit, width_px: float) -> Array:
    """(h, w): how much light an extension takes from what lies just beside it."""
    added: Array = np.clip(shaped - natural, 0, 1) * np.clip((view.along - 0.55) / 0.3, 0, 1)
    if added.max() < 0.02:
        return np.zeros_like(shaped)
    offset = -look.light * REACH * width_px
    move = np.array([[1, 0, offset[0]], [0, 1, offset[1]]], np.float32)
    fallen = cv2.warpAffine(added, move, (added.shape[1], added.shape[0]))
    fallen = cv2.GaussianBlur(fallen, (0, 0), max(1.0, CAST * width_px))
    fade = np.exp(-np.clip(view.along - 1, 0, None) / LIFT)
    shadow: Array = SHADOW * fallen * fade * (1 - shaped)
    return np.where(shadow > 0.004, shadow, 0).astype(np.float32)


def _laid(natural: Array, shaped: Array, view: Window, length: float) -> Array:
    """(h, w): where the extension hides what lies below; a longer one also covers the natural free edge."""
    inside = cv2.GaussianBlur(cv2.erode(natural, np.ones((3, 3), np.uint8)), (0, 0), 1.0)
    laid = 1 - inside
    if length > 1:
        over = np.clip((view.along - 0.66) / 0.26, 0, 1)
        laid = np.maximum(laid, over * over * (3 - 2 * over))
    laid = laid * np.clip((view.along - 0.25) / 0.2, 0, 1)
    share: Array = shaped * laid
    return share


def _lay_bare(ground: Array, new: Array, share: Array, look: Lit, view: Window) -> None:
    """An unpainted extension, in place: the bed's colour, milky beyond it, under the plate's shading."""
    across, along = view.across[new], view.along[new]
    y = float(luminance(look.bed))
    milk = look.bed + (np.array([y, y, y * 0.93], np.float32) * 1.12 - look.bed) * MILK
    edge = np.clip((along + 0.10 * across**2 - 0.84) / 0.22, 0, 1)
    edge = edge * edge * (3 - 2 * edge)
    lit = look.at(across) * (1 - 0.07 * np.clip(along - 0.9, 0, 1.6))
    bare = (look.bed + (milk - look.bed) * edge[:, None]) * lit[:, None]
    below = ground[new]
    ground[new] = below + (bare - below) * share[new][:, None]


def lay_edge(canvas: Array, tip: Tip) -> None:
    """The thickness of a free edge after the paint: a thin line, bright towards the light and dark away from it."""
    box, width = tip.nail.mask.box, tip.nail.width_px
    alpha = tip.nail.mask.alpha.astype(np.float32) / 255
    sigma = max(0.7, EDGE * width)
    padded = cv2.copyMakeBorder(alpha, 4, 4, 4, 4, cv2.BORDER_CONSTANT)
    soft = cv2.GaussianBlur(padded, (0, 0), sigma)
    right, down = (
        cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=0.125),
        cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=0.125),
    )
    size = np.hypot(right, down) + 1e-4
    out = np.stack([-right / size, -down / size], -1)[4:-4, 4:-4]
    band = np.clip((0.86 - soft[4:-4, 4:-4]) / 0.36, 0, 1) * alpha
    ahead = np.clip(out @ tip.ahead, 0, 1)
    rim = band * ahead
    patch = canvas[box.slices]
    ground = linear(patch)
    k = rim * (0.05 + 0.20 * np.clip(out @ tip.light, -1, 1))
    light = ground * (1 + k)[..., None] + (np.clip(k, 0, None) * 0.25)[..., None]
    np.copyto(patch, encoded(light), where=(rim > 0.02)[..., None])
