"""Random training pictures for the proposer, with its targets; the same (seed, step) always draws the same batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from lab.melanin import deepened, skin_by_nails
from lab.nails import augment, clutter
from lab.nails.augment import Rng
from lab.nails.data import Nail, Record, Shelf
from lab.nails.mined import Harvest, read_mined
from models.segment.nails.frame import sampled
from models.types import Array

BORDERS = (cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT)
STRIDE = 2
RENDERED = 0.08
"""Share of the pictures that we rendered."""
MISSED = 0.2
"""Share of the labelled photos that show a nail which was missed."""
CORE = 0.45
"""A place belongs to a nail's core when it lies deeper than this share of the nail's greatest depth."""
DEEPENED = 0.2
"""Share of the pictures whose skin, where it is light, is made deeper."""
BED = 0.35
"""Of the skin's melanin that a nail's bed has."""
_SQUARE = 1.35
"""Nails less long than this have no axis that their outline could tell."""


@dataclass(frozen=True)
class Recipe:
    """How far training pictures stray from what cameras bring.

    scale: of the picture, between; turned: share turned anyhow; tiled: share of four in one; empty: share without a
    nail; polished: share whose nails are painted anew.
    """

    scale: tuple[float, float] = (0.65, 1.9)
    turned: float = 0.5
    tiled: float = 0.1
    empty: float = 0.26
    polished: float = 0.4


LEARNING = Recipe()
FINISHING = Recipe(scale=(0.85, 1.4), turned=0.2, tiled=0.04, empty=0.2, polished=0.25)
"""The last steps see pictures as they are met: what was learned from far ones stays, the answer gets sharper."""


@dataclass(frozen=True)
class Library:
    """Where samples come from; renders and what was mined may still be missing."""

    photos: Shelf
    empty: Shelf
    renders: Shelf | None
    fold: tuple[int, ...]
    mined: Harvest
    recipe: Recipe = LEARNING

    @classmethod
    def open(cls, cache: Path, first: int | None = None, recipe: Recipe = LEARNING) -> Library:
        """Open the shelves of a cache; first: that many photos only, to prove that the nets can learn them."""
        photos = Shelf.open(cache, "photos")
        renders = Shelf.open(cache, "renders") if (cache / "renders.json").exists() else None
        if renders is not None and not renders.records:
            renders = None
        empty, fold = Shelf.open(cache, "empty"), tuple(photos.where("train")[:first])
        return cls(photos, empty, renders, fold, read_mined(cache), recipe)

    @cached_property
    def tempting(self) -> Array:
        """Pictures without nails on which nails were seen; as often as they were."""
        return np.array([one.picture for one in self.mined.false if one.shelf == "empty"], int)


@dataclass(frozen=True)
class View:
    """A picture (h, w, 3) uint8, its labels (h, w) uint8, and each label's direction (radians) and trust in it."""

    rgb: Array
    labels: Array
    angles: dict[int, tuple[float, float]]


@dataclass(frozen=True)
class ProposerBatch:
    """image (n, s, s, 3) uint8; at half size: nail, core (n, h, w), angle (n, h, w, 2), trust and weight (n, h, w)."""

    image: Array
    nail: Array
    core: Array
    angle: Array
    trust: Array
    weight: Array


def proposer_batch(library: Library, size: int, count: int, rng: Rng, plain: bool = False) -> ProposerBatch:
    """Whole pictures; plain: labelled photos as they are, without augmentation."""
    views = [_plain(library, size, rng) if plain else _mixed(library, size, rng) for _ in range(count)]
    targets = [_targets(view) for view in views]
    image = np.stack([view.rgb for view in views])
    return ProposerBatch(image, *(np.stack(parts) for parts in zip(*targets, strict=True)))


def _plain(library: Library, size: int, rng: Rng) -> View:
    i = int(rng.choice(library.fold))
    rgb, labels = library.photos.images[i], library.photos.labels[i]
    small = cv2.resize(rgb, (size, size), interpolation=cv2.INTER_AREA)
    near = cv2.resize(labels, (size, size), interpolation=cv2.INTER_NEAREST)
    return View(small, near, directions(library.photos.records[i], np.eye(2)))


def _mixed(library: Library, size: int, rng: Rng) -> View:
    if rng.random() < library.recipe.tiled:
        tiles = [_one(library, size // 2, rng) for _ in range(4)]
        return _tiled(tiles)
    return _one(library, size, rng)


def _one(library: Library, size: int, rng: Rng) -> View:
    kind, nails = rng.random(), 1 - library.recipe.empty
    if kind < nails - RENDERED or (kind < nails and library.renders is None):
        missed = library.mined.missed if rng.random() < MISSED else ()
        view = _labelled(library.photos, int(rng.choice(missed or library.fold)), size, rng, library.recipe)
    elif kind < nails and library.renders is not None:
        i = int(rng.integers(len(library.renders.records)))
        view = _labelled(library.renders, i, size, rng, library.recipe)
    else:
        view = _without(library, size, rng)
    rgb, labels = view.rgb, view.labels
    if labels.any() and rng.random() < library.recipe.polished:
        augment.polished(rgb, labels, rng)
    if rng.random() < 0.15:
        augment.cut_out(rgb, labels, rng)
    return View(finished(rgb, rng), labels, view.angles)


def finished(rgb: Array, rng: Rng) -> Array:
    """Light, development and camera over a composed picture."""
    if rng.random() < 0.2:
        rgb = augment.shaded(rgb, rng)
    if rng.random() < 0.85:
        rgb = augment.developed(rgb, rng)
    return augment.shot(rgb, rng)


def _labelled(shelf: Shelf, i: int, size: int, rng: Rng, recipe: Recipe) -> View:
    """One picture of a shelf, moved, scaled, turned and mirrored; now and then some nails are overgrown by skin."""
    record = shelf.records[i]
    x0, y0, x1, y1 = record.box if rng.random() < 0.6 else (0, 0, *shelf.labels[i].shape[::-1])
    rgb, labels = shelf.images[i][y0:y1, x0:x1], shelf.labels[i][y0:y1, x0:x1]
    matrix = _placed(labels, size, rng, recipe)
    border = BORDERS[int(rng.integers(len(BORDERS)))]
    view = _warped(rgb, labels, matrix, size, border, rng)
    if rng.random() < DEEPENED and (tone := skin_by_nails(rgb, labels)) is not None:
        deepened(view.rgb, view.labels, BED, tone, rng)
    if rng.random() < 0.08:
        everyone = rng.random() < 0.5
        for nail in np.unique(view.labels[view.labels > 0]):
            if everyone or rng.random() < 0.3:
                augment.erased(view.rgb, view.labels == nail, rng)
                view.labels[view.labels == nail] = 0
    return View(view.rgb, view.labels, directions(record, matrix[:, :2]))


def _placed(labels: Array, size: int, rng: Rng, recipe: Recipe) -> Array:
    """A random similarity from a picture to a square canvas."""
    h, w = labels.shape
    scale = size / max(h, w) * float(np.exp(rng.uniform(*np.log(recipe.scale))))
    turn = np.radians(rng.uniform(-180, 180) if rng.random() < recipe.turned else rng.normal(0, 15))
    c, s = np.cos(turn) * scale, np.sin(turn) * scale
    linear = np.array([[c, -s], [s, c]])
    if rng.random() < 0.5:
        linear[:, 0] = -linear[:, 0]
    linear = linear @ np.array([[1, rng.normal(0, 0.06)], [0, np.exp(rng.normal(0, 0.07))]])
    around = np.array([(w - 1) / 2, (h - 1) / 2])
    ys, xs = (labels[::4, ::4] > 0).nonzero()
    if len(xs) and rng.random() < 0.6:
        k = int(rng.integers(len(xs)))
        around = np.array([xs[k], ys[k]]) * 4.0 * 0.7 + around * 0.3
    target = (size - 1) / 2 + rng.normal(0, 0.13, 2) * size
    return np.concatenate([linear, (target - linear @ around)[:, None]], 1)


def _warped(rgb: Array, labels: Array, matrix: Array, size: int, border: int, rng: Rng) -> View:
    moved = sampled(rgb, matrix, (size, size), border)
    near = cv2.warpAffine(
        labels,
        matrix,
        (size, size),
        flags=cv2.INTER_NEAREST,
        borderMode=border if border == cv2.BORDER_REFLECT else cv2.BORDER_CONSTANT,
    )
    if border == cv2.BORDER_CONSTANT and rng.random() < 0.6:
        outside = cv2.warpAffine(np.full(labels.shape, 255, np.uint8), matrix, (size, size)) < 128
        moved[outside] = rng.integers(0, 256, 3) if rng.random() < 0.5 else int(rng.choice([0, 255]))
    return View(moved, near, {})


def _without(library: Library, size: int, rng: Rng) -> View:
    """A picture in which no nail is: a head, a texture, or a part of a photo beside its nails; things strewn on it."""
    labels = np.zeros((size, size), np.uint8)
    kind = rng.random()
    if kind < 0.5:
        i = _some_empty(library, rng)
        x0, y0, x1, y1 = library.empty.records[i].box
        source = library.empty.images[i][y0:y1, x0:x1]
        border = BORDERS[int(rng.integers(len(BORDERS)))]
        matrix = _placed(np.zeros(source.shape[:2], np.uint8), size, rng, library.recipe)
        rgb = sampled(source, matrix, (size, size), border)
    elif kind < 0.75:
        rgb = beside_nails(library, size, rng)
    else:
        rgb = clutter.texture(size, rng)
    if rng.random() < 0.5:
        clutter.strewn(rgb, rng)
    return View(rgb, labels, {})


def _some_empty(library: Library, rng: Rng) -> int:
    """A picture without nails, half of the time one on which nails were seen all the same."""
    if len(library.tempting) and rng.random() < 0.5:
        return int(rng.choice(library.tempting))
    return int(rng.integers(len(library.empty.records)))


def beside_nails(library: Library, size: int, rng: Rng) -> Array:
    """(size, size, 3): an enlarged part of a labelled photo that holds no nail; a texture when there is none."""
    i = int(rng.choice(library.fold))
    labels = library.photos.labels[i]
    x0, y0, x1, y1 = library.photos.records[i].box
    for _ in range(6):
        side = int(rng.uniform(0.15, 0.5) * min(x1 - x0, y1 - y0))
        x, y = int(rng.integers(x0, x1 - side + 1)), int(rng.integers(y0, y1 - side + 1))
        if not labels[y : y + side, x : x + side].any():
            part = library.photos.images[i][y : y + side, x : x + side]
            enlarged: Array = cv2.resize(part, (size, size), interpolation=cv2.INTER_CUBIC)
            return enlarged
    return clutter.texture(size, rng)


def directions(record: Record, linear: Array) -> dict[int, tuple[float, float]]:
    """Per label the direction after a linear map and how far it is to be trusted."""
    found = {}
    for label, nail in enumerate(record.nails, start=1):
        angle, trust = axis(nail)
        x, y = linear @ np.array([np.cos(angle), np.sin(angle)])
        found[label] = (float(np.arctan2(y, x)), trust)
    return found


def axis(nail: Nail) -> tuple[float, float]:
    """A nail's direction, and 1 where it is known, less where only the outline tells it."""
    if nail.tip is not None:
        return nail.tip, 1.0
    return nail.angle, float(np.clip(nail.long / max(nail.short, 1.0) - _SQUARE, 0, 0.5))


def _tiled(tiles: list[View]) -> View:
    rgb = np.vstack([np.hstack([tiles[0].rgb, tiles[1].rgb]), np.hstack([tiles[2].rgb, tiles[3].rgb])])
    labels, angles = [], {}
    for k, tile in enumerate(tiles):
        labels.append(np.where(tile.labels > 0, tile.labels + 60 * k, 0).astype(np.uint8))
        angles.update({label + 60 * k: value for label, value in tile.angles.items()})
    return View(rgb, np.vstack([np.hstack(labels[:2]), np.hstack(labels[2:])]), angles)


def _targets(view: View) -> tuple[Array, Array, Array, Array, Array]:
    """Nail, core, angle, trust, weight at half size."""
    full = view.labels
    h, w = full.shape[0] // STRIDE, full.shape[1] // STRIDE
    nail = cv2.resize((full > 0).astype(np.float32), (w, h), interpolation=cv2.INTER_AREA)
    labels = full[::STRIDE, ::STRIDE]
    core, trust = np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)
    weight, angle = np.ones((h, w), np.float32), np.zeros((h, w, 2), np.float32)
    for label in np.unique(labels[labels > 0]):
        ys, xs = np.nonzero(labels == label)
        box = (slice(ys.min(), ys.max() + 1), slice(xs.min(), xs.max() + 1))
        own = labels[box] == label
        ringed = cv2.copyMakeBorder(own.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
        depth = cv2.distanceTransform(ringed, cv2.DIST_L2, 3)[1:-1, 1:-1]
        core[box][own] = (depth >= CORE * depth.max())[own]
        weight[box][own] = np.clip(np.sqrt(400.0 / own.sum()), 0.6, 3.0)
        direction, sure = view.angles.get(int(label), (0.0, 0.0))
        angle[box][own] = np.cos(2 * direction), np.sin(2 * direction)
        trust[box][own] = sure
    return nail, core, angle, trust, weight
