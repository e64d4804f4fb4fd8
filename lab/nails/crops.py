"""Random training crops for the refiner: nails in turned frames as a proposer would place them, and no nails."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lab.melanin import deepened, skin_by_nails
from lab.nails import augment, clutter
from lab.nails.augment import Rng
from lab.nails.data import Nail, Shelf
from lab.nails.samples import BED, BORDERS, DEEPENED, Library, finished
from models.segment.nails.frame import MARGIN, Frame, sampled
from models.types import Array

_SPREADS = ((0.2, 0.08, 0.65), (0.22, 0.2, 0.22), (0.35, 0.3, 0.13))
"""Of a frame around a nail: of the logarithm of its side, of its middle over the nail's length, and how often."""
LEAST_LONG = 8.0
"""Pixels: smaller nails teach nothing about edges."""
MINED = 0.6
"""Share of the crops without a nail that show what was taken for one."""
MET = 0.4
"""Share of the nails that are shown in a frame which was really proposed."""


@dataclass(frozen=True)
class RefinerBatch:
    """image (n, s, s, 3) uint8; mask (n, s, s) float32; present (n,); tip (n, 2) unit vectors, zero when unknown."""

    image: Array
    mask: Array
    present: Array
    tip: Array


@dataclass(frozen=True)
class Crop:
    """One training crop: see RefinerBatch."""

    rgb: Array
    mask: Array
    present: bool
    tip: tuple[float, float] = (0.0, 0.0)


def refiner_batch(library: Library, size: int, count: int, rng: Rng, plain: bool = False) -> RefinerBatch:
    """Crops of one nail each, and about a third without; plain: nails in exact frames without augmentation."""
    crops = [_exact(library, size, rng) if plain else _any(library, size, rng) for _ in range(count)]
    return RefinerBatch(
        np.stack([c.rgb for c in crops]),
        np.stack([c.mask for c in crops]),
        np.array([c.present for c in crops], np.float32),
        np.array([c.tip for c in crops], np.float32),
    )


def _exact(library: Library, size: int, rng: Rng) -> Crop:
    shelf, i, label = _some_nail(library, rng, renders=False)
    nail = shelf.records[i].nails[label - 1]
    frame = Frame(nail.x, nail.y, MARGIN * nail.long, nail.tip if nail.tip is not None else nail.angle)
    matrix = frame.matrix(size)
    rgb = sampled(shelf.images[i], matrix, (size, size), cv2.BORDER_REPLICATE)
    mask = _soft(shelf.labels[i] == label, matrix, size, cv2.BORDER_CONSTANT)
    return Crop(rgb, mask, True, _tip(nail, matrix))


def _any(library: Library, size: int, rng: Rng) -> Crop:
    kind = rng.random()
    if kind < 0.62:
        crop = _nail(library, size, rng)
    elif kind < 0.68:
        crop = _overgrown(library, size, rng)
    else:
        crop = _none(library, size, rng)
    return Crop(finished(crop.rgb, rng), crop.mask, crop.present, crop.tip)


def _some_nail(library: Library, rng: Rng, renders: bool = True) -> tuple[Shelf, int, int]:
    """A shelf, a picture in it and the label of a nail that is large enough."""
    while True:
        if renders and library.renders is not None and rng.random() < 0.12:
            shelf, i = library.renders, int(rng.integers(len(library.renders.records)))
        else:
            shelf, i = library.photos, int(rng.choice(library.fold))
        large = [k for k, nail in enumerate(shelf.records[i].nails, start=1) if nail.long >= LEAST_LONG]
        if large:
            return shelf, i, int(rng.choice(large))


def _some_frame(library: Library, rng: Rng) -> tuple[Shelf, int, int, Frame]:
    """A nail as above, in a frame that was proposed for it or that might have been."""
    if library.mined.met and rng.random() < MET:
        one = library.mined.met[int(rng.integers(len(library.mined.met)))]
        return library.photos, one.picture, one.label, _shaken(Frame(*one.frame), rng)
    shelf, i, label = _some_nail(library, rng)
    return shelf, i, label, _jittered(shelf.records[i].nails[label - 1], rng)


def _jittered(nail: Nail, rng: Rng) -> Frame:
    """A frame as a first or a second pass would lay it: half of them anyhow turned, half of them tip upwards."""
    direction = nail.tip if nail.tip is not None else nail.angle + np.pi * int(rng.integers(2))
    up = direction + rng.normal(0, 0.25) if rng.random() < 0.5 else rng.uniform(-np.pi, np.pi)
    spread, reach = _SPREADS[int(rng.choice(len(_SPREADS), p=[s[2] for s in _SPREADS]))][:2]
    side = MARGIN * nail.long * float(np.exp(np.clip(rng.normal(0.05, spread), -0.7, 0.7)))
    reach *= nail.long
    return Frame(nail.x + rng.normal(0, reach), nail.y + rng.normal(0, reach), side, float(up))


def _tip(nail: Nail, matrix: Array) -> tuple[float, float]:
    if nail.tip is None:
        return 0.0, 0.0
    x, y = matrix[:, :2] @ np.array([np.cos(nail.tip), np.sin(nail.tip)])
    length = float(np.hypot(x, y))
    return float(x) / length, float(y) / length


def _soft(mask: Array, matrix: Array, size: int, border: int) -> Array:
    warped = cv2.warpAffine(
        mask.astype(np.float32), matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=border
    )
    out: Array = np.clip(warped, 0, 1)
    return out


def _framed(shelf: Shelf, i: int, frame: Frame, size: int, rng: Rng) -> tuple[Array, Array, Array, Array]:
    """Picture, all labels, map, and the region's labels of the centre; the padding is cut away half of the time."""
    x0, y0, x1, y1 = shelf.records[i].box
    inside = x0 <= frame.x < x1 and y0 <= frame.y < y1
    if not inside or rng.random() < 0.4:
        x0, y0, x1, y1 = 0, 0, shelf.labels[i].shape[1], shelf.labels[i].shape[0]
    matrix = Frame(frame.x - x0, frame.y - y0, frame.side, frame.up).matrix(size, mirrored=rng.random() < 0.5)
    stretch = np.eye(2) + rng.normal(0, 0.04, (2, 2))
    middle = np.full(2, (size - 1) / 2)
    matrix = np.concatenate(
        [stretch @ matrix[:, :2], (stretch @ (matrix[:, 2] - middle) + middle)[:, None]], 1
    )
    source = shelf.labels[i][y0:y1, x0:x1]
    border = BORDERS[int(rng.integers(len(BORDERS)))]
    rgb = sampled(shelf.images[i][y0:y1, x0:x1], matrix, (size, size), border)
    labels = cv2.warpAffine(source, matrix, (size, size), flags=cv2.INTER_NEAREST)
    if rng.random() < DEEPENED and (tone := skin_by_nails(shelf.images[i], shelf.labels[i])) is not None:
        deepened(rgb, labels, BED, tone, rng)
    return rgb, labels, matrix, source


def _nail(library: Library, size: int, rng: Rng) -> Crop:
    shelf, i, label, frame = _some_frame(library, rng)
    nail = shelf.records[i].nails[label - 1]
    rgb, labels, matrix, source = _framed(shelf, i, frame, size, rng)
    mask = _soft(source == label, matrix, size, cv2.BORDER_CONSTANT)
    if rng.random() < 0.4:
        augment.polished(rgb, labels, rng, float(np.hypot(*matrix[:, 0])))
    if rng.random() < 0.06:
        hidden = np.ones_like(labels)
        augment.cut_out(rgb, hidden, rng)
        mask *= hidden
    return Crop(rgb, mask, bool(mask.sum() > 30), _tip(nail, matrix))


def _overgrown(library: Library, size: int, rng: Rng) -> Crop:
    """The centre nail is replaced by skin."""
    shelf, i, label = _some_nail(library, rng)
    rgb, labels, _, _ = _framed(shelf, i, _jittered(shelf.records[i].nails[label - 1], rng), size, rng)
    if (labels == label).any():
        augment.erased(rgb, labels == label, rng)
    return Crop(rgb, np.zeros((size, size), np.float32), False)


def _none(library: Library, size: int, rng: Rng) -> Crop:
    """A place whose centre is no nail: one that was taken for a nail, or any in photos and renders (palms, knuckles,
    rings), on heads, on textures.
    """
    kind = rng.random()
    if library.mined.false and rng.random() < MINED:
        one = library.mined.false[int(rng.integers(len(library.mined.false)))]
        shelf = library.photos if one.shelf == "photos" else library.empty
        rgb = _framed(shelf, one.picture, _shaken(Frame(*one.frame), rng), size, rng)[0]
    elif kind < 0.1:
        rgb = clutter.texture(size, rng)
    else:
        shelf = library.photos if kind < 0.5 else library.empty
        if library.renders is not None and kind < 0.22:
            shelf = library.renders
        i, frame = _place_without(shelf, library, rng)
        rgb = _framed(shelf, i, frame, size, rng)[0]
    if rng.random() < 0.35:
        clutter.strewn(rgb, rng)
    return Crop(rgb, np.zeros((size, size), np.float32), False)


def _shaken(frame: Frame, rng: Rng) -> Frame:
    reach = 0.04 * frame.side
    side = frame.side * float(np.exp(rng.normal(0, 0.15)))
    up = frame.up if rng.random() < 0.7 else float(rng.uniform(-np.pi, np.pi))
    return Frame(frame.x + rng.normal(0, reach), frame.y + rng.normal(0, reach), side, up)


def _place_without(shelf: Shelf, library: Library, rng: Rng) -> tuple[int, Frame]:
    """A frame whose centre and its neighbourhood are free of nails."""
    while True:
        i = (
            int(rng.choice(library.fold))
            if shelf is library.photos
            else int(rng.integers(len(shelf.records)))
        )
        x0, y0, x1, y1 = shelf.records[i].box
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        longest = max((n.long for n in shelf.records[i].nails), default=float(rng.uniform(12, 90)))
        side = MARGIN * longest * float(np.exp(rng.normal(0, 0.35)))
        reach = 0.12 * side
        rows = slice(max(0, int(y - reach)), int(y + reach) + 1)
        if not shelf.labels[i][rows, max(0, int(x - reach)) : int(x + reach) + 1].any():
            return i, Frame(x, y, side, float(rng.uniform(-np.pi, np.pi)))
