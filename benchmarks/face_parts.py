"""How well lips, brows and skin of faces are found on photos with masks of many classes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks import latency
from benchmarks.detect import SUFFIXES
from benchmarks.masks import edge_f
from benchmarks.skin_tone import CLASSES
from models.decode import decode
from models.detect.face import FaceDetector
from models.segment.brows import brow_masks
from models.segment.lips import LipMesh
from models.segment.skin_face import face_skin
from models.types import Array, Face, Mask, Photo

LEAST_PX = 16
"""A photo with fewer labelled pixels of a part does not show it."""


class FacePart(StrEnum):
    LIPS = "lips"
    BROWS = "brows"
    SKIN = "skin"


@dataclass(frozen=True, slots=True)
class Judged:
    """One photo that shows the part: its pixels in truth, as found, in both; edge F; the skin's class, "" unknown."""

    labelled: int
    painted: int
    common: int
    edge: float
    tone: str

    @property
    def iou(self) -> float:
        return self.common / (self.labelled + self.painted - self.common)

    @property
    def f(self) -> float:
        return 2 * self.common / (self.labelled + self.painted)


def measure(
    part: FacePart,
    images: Path,
    masks: Path,
    *,
    id: int,
    skin_id: int = 2,
    ignore: int = 255,
    only: str = "*",
) -> dict[str, Any]:
    """Judge every photo (a glob of names: only) that has a mask of the same stem, a PNG of its size.

    id, skin_id: the classes of the part and of skin; ignore: pixels that are not judged. Returns the figures over the
    photos whose mask shows the part, on how many others it was painted all the same (`false_photos` of
    `other_photos`), and times for a decoded photo, face detection included.
    """
    finder = Finder(part)
    judged: list[Judged] = []
    others = false = 0
    for image in sorted(images.glob(only)):
        mask = masks / f"{image.stem}.png"
        if image.suffix.lower() not in SUFFIXES or not mask.is_file():
            continue
        photo, classes = _read(image, mask)
        found = finder(photo) & (classes != ignore)
        truth = classes == id
        if truth.sum() >= LEAST_PX:
            judged.append(_judged(truth, found, _tone(photo.rgb, classes == skin_id)))
        else:
            others, false = others + 1, false + bool(found.any())
    if not judged:
        raise ValueError(f"no photo of {images} has class {id} in {masks}")
    return {
        **summary(judged),
        "other_photos": others,
        "false_photos": false,
        **latency.summary(finder.times, 0.5, 0.95),
        "tones": _grouped(judged, lambda one: one.tone),
    }


class Finder:
    """Faces, then one part of each. times: seconds of each photo."""

    def __init__(self, part: FacePart) -> None:
        cv2.setNumThreads(1)
        self._faces, self._lips, self._part = FaceDetector(), LipMesh(), part
        self.times: list[float] = []

    def __call__(self, photo: Photo) -> Array:
        """(h, w) bool: the part of all faces."""
        start = time.perf_counter()
        masks = self._masks(photo, self._faces.detect(photo))
        self.times.append(time.perf_counter() - start)
        found = np.zeros(photo.size, bool)
        for mask in masks:
            found[mask.box.slices] |= mask.alpha > 127
        return found

    def _masks(self, photo: Photo, faces: Sequence[Face]) -> list[Mask]:
        if self._part is FacePart.LIPS:
            return [lips.mask for lips in self._lips.segment(photo, faces)]
        if self._part is FacePart.BROWS:
            return [mask for face in faces for mask in brow_masks(photo.size, face)]
        return [mask for face in faces if (mask := face_skin(photo, face)) is not None]


def summary(judged: Sequence[Judged]) -> dict[str, float]:
    """The figures of some photos; found: share of them on which anything was."""
    common, labelled, painted = (
        sum(getattr(one, name) for one in judged) for name in ("common", "labelled", "painted")
    )
    ious = [one.iou for one in judged]
    figures = {
        "iou_mean": np.mean(ious),
        "iou_median": np.median(ious),
        "iou_pooled": common / (labelled + painted - common),
        "f": np.mean([one.f for one in judged]),
        "boundary_f": np.mean([one.edge for one in judged]),
        "precision": common / max(painted, 1),
        "recall": common / labelled,
        "found": np.mean([one.painted > 0 for one in judged]),
    }
    return {"n": len(judged)} | {key: round(float(value), 4) for key, value in figures.items()}


def _judged(truth: Array, found: Array, tone: str) -> Judged:
    common = int((truth & found).sum())
    return Judged(int(truth.sum()), int(found.sum()), common, edge_f(truth, found), tone)


def _read(image: Path, mask: Path) -> tuple[Photo, Array]:
    photo = decode(image.read_bytes())
    classes = cv2.imread(str(mask), cv2.IMREAD_GRAYSCALE)
    if classes is None or classes.shape != photo.size:
        raise ValueError(f"{mask}: no mask of the size of {image.name}")
    return photo, classes


def _tone(rgb: Array, skin: Array) -> str:
    """Class of the labelled skin by its individual typology angle (Chardon 1991); "" where too little is seen."""
    if skin.sum() < 100:
        return ""
    lab = cv2.cvtColor(rgb[skin][None].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    lightness, _, b = np.median(lab[0], axis=0)
    angle = float(np.degrees(np.arctan2(lightness - 50, b)))
    return next((name for bound, name in CLASSES if angle > bound), "dark")


def _grouped(judged: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, dict[str, float]]:
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one)].append(one)
    return {name: summary(group) for name, group in sorted(groups.items()) if name}
