"""How well hair is cut out: any folder of photos with masks, by lightness, type, face, skin tone and source."""

from __future__ import annotations

import csv
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks import latency
from benchmarks.detect import SUFFIXES
from benchmarks.masks import edge_f
from benchmarks.skin_tone import tone_within
from models.decode import decode
from models.detect.face import FaceDetector
from models.segment.hair import HairSegmenter
from models.segment.hair.frame import OVAL
from models.types import Array, Face, Photo

BOUNDARY_PX = 3.0
LIGHTNESS = ((25, "dark"), (50, "medium"), (70, "light"))
"""Upper bounds of the median CIELAB lightness of labelled hair; above the last one `very_light`."""


@dataclass(frozen=True)
class Score:
    """One picture. hair: whether its mask has any; painted: share of the picture painted where the mask has none."""

    hair: bool
    iou: float
    f: float
    boundary_f: float
    painted: float


@dataclass(frozen=True)
class Case:
    """A picture's score and the groups that it belongs to; "" where that is not known."""

    score: Score
    source: str
    kind: str
    lightness: str
    face: str
    tone: str


def measure(
    images: Path, masks: Path, *, hair_id: int = 1, ignore: int = 255, metadata: Path | None = None
) -> dict[str, Any]:
    """Judge every photo that has a mask of the same stem (PNG of ids); pixels of id `ignore` count nowhere.

    metadata: CSV with columns stem and hair_type. Everything found in a picture is judged together, as masks do not
    say whose hair it is. Returns the figures of all pictures, times of faces and hair (photo decoded already), and the
    same by source (the letters before the first "_" of a name), hair type, hair lightness, face found or not and skin
    tone. IoU and F are means over pictures with hair; `painted_without_hair` is a mean over all, `hairless` over those
    whose mask has no hair.
    """
    finder = Finder()
    kinds = _kinds(metadata)
    cases = []
    for image in sorted(images.iterdir()):
        mask = masks / f"{image.stem}.png"
        if image.suffix.lower() in SUFFIXES and mask.is_file():
            cases.append(_judged(finder, image, mask, hair_id, ignore, kinds.get(image.stem, "")))
    if not cases:
        raise ValueError(f"no photo of {images} has a mask in {masks}")
    hairless = [case.score for case in cases if not case.score.hair]
    return {
        **summary([case.score for case in cases]),
        **latency.summary(finder.times, 0.5, 0.95),
        "hairless": {"n": len(hairless), "painted": _mean([one.painted for one in hairless])},
        "by_source": _grouped(cases, lambda case: case.source),
        "by_kind": _grouped(cases, lambda case: case.kind),
        "by_lightness": _grouped(cases, lambda case: case.lightness),
        "by_face": _grouped(cases, lambda case: case.face),
        "by_tone": _grouped(cases, lambda case: case.tone),
        "by_source_and_face": _grouped(cases, lambda case: f"{case.source} {case.face}"),
    }


class Finder:
    """Faces, then hair, as a try-on finds them. times: seconds of each photo."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._faces, self._hair = FaceDetector(), HairSegmenter.load()
        self.times: list[float] = []

    def __call__(self, photo: Photo) -> tuple[tuple[Face, ...], Array]:
        """The faces, and all hair (h, w) bool."""
        start = time.perf_counter()
        faces = self._faces.detect(photo)
        found = self._hair.segment(photo, faces)
        self.times.append(time.perf_counter() - start)
        union = np.zeros(photo.size, bool)
        for hair in found:
            union[hair.mask.box.slices] |= hair.mask.alpha > 127
        return faces, union


def score(truth: Array, found: Array, counted: Array) -> Score:
    """Compare (h, w) bool maps where `counted` says so."""
    real, mine = truth & counted, found & counted
    common, either = int((real & mine).sum()), int((real | mine).sum())
    whole = max(int(counted.sum()), 1)
    return Score(
        hair=bool(real.any()),
        iou=common / either if either else 1.0,
        f=2 * common / max(int(real.sum() + mine.sum()), 1),
        boundary_f=edge_f(real, mine, BOUNDARY_PX),
        painted=int((mine & ~real).sum()) / whole,
    )


def summary(scores: Sequence[Score]) -> dict[str, float | None]:
    """The figures of a set."""
    some = [one for one in scores if one.hair]
    return {
        "n": len(scores),
        "iou_mean": _mean([one.iou for one in some]),
        "iou_median": round(float(np.median([one.iou for one in some])), 4) if some else None,
        "painted_without_hair": _mean([one.painted for one in scores]),
        "f": _mean([one.f for one in some]),
        "boundary_f": _mean([one.boundary_f for one in some]),
    }


def _judged(finder: Finder, image: Path, mask: Path, hair_id: int, ignore: int, kind: str) -> Case:
    photo = decode(image.read_bytes())
    ids = cv2.imread(str(mask), cv2.IMREAD_GRAYSCALE)
    if ids is None or ids.shape != photo.size:
        raise ValueError(f"{mask}: no mask of the size of {image.name}")
    faces, found = finder(photo)
    truth = ids == hair_id
    return Case(
        score(truth, found, ids != ignore),
        source=match.group() if (match := re.match(r"[A-Za-z]+(?=_)", image.stem)) else "",
        kind=kind,
        lightness=lightness(photo.rgb, truth),
        face="face" if faces else "no_face",
        tone=_tone(photo.rgb, faces, truth),
    )


def lightness(rgb: Array, hair: Array) -> str:
    """Class of the median CIELAB lightness of hair (h, w) bool; "" where there is none."""
    if not hair.any():
        return ""
    lab = cv2.cvtColor(rgb[hair][None].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    middle = float(np.median(lab[0, :, 0]))
    return next((name for bound, name in LIGHTNESS if middle < bound), "very_light")


def _tone(rgb: Array, faces: Sequence[Face], hair: Array) -> str:
    if not faces:
        return ""
    oval = np.zeros(hair.shape, np.uint8)
    cv2.fillConvexPoly(oval, cv2.convexHull(faces[0].landmarks[list(OVAL), :2].astype(np.int32)), (1,))
    return tone_within(rgb, (oval > 0) & ~hair) or ""


def _kinds(metadata: Path | None) -> dict[str, str]:
    if metadata is None:
        return {}
    with metadata.open(encoding="utf-8", newline="") as lines:
        return {row["stem"]: row["hair_type"] for row in csv.DictReader(lines)}


def _grouped(cases: Sequence[Case], key: Callable[[Case], str]) -> dict[str, dict[str, float | None]]:
    groups: defaultdict[str, list[Score]] = defaultdict(list)
    for case in cases:
        groups[key(case)].append(case.score)
    return {name: summary(group) for name, group in sorted(groups.items()) if name}


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None
