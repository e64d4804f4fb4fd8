"""How well nails are found: on labelled photos, on photos without any, and on rendered hands of every skin tone."""

from __future__ import annotations

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks import latency
from benchmarks.detect import SUFFIXES
from benchmarks.masks import LEAST_PX, Score, score, summary
from benchmarks.skin_tone import tone_around
from lab.hands.picture import render
from lab.hands.scene import Scene, variants
from looks.finger import HandSide
from models.decode import decode
from models.detect.hands import HandDetector
from models.segment.nails import NailCascade
from models.types import Array, Photo

UNTRAINED = 2026
"""Seed of the rendered hands that judge; training has its own (lab.nails.procedural)."""


@dataclass(frozen=True)
class Labelled:
    """A photo, its mask, and what the metadata say of it."""

    image: Path
    mask: Path
    kind: str = ""
    fold: str = ""


def measure(
    images: Path, masks: Path, *, metadata: Path | None = None, fold: str | None = None
) -> dict[str, Any]:
    """Judge every photo that has a mask of the same stem (PNG, nail where it is above 127).

    metadata: CSV with columns stem, kind and fold. fold: only photos of this one. A mask's connected parts are its
    nails. Returns the figures of all photos, times of finding (photo decoded already), and the same by fold, by
    kind and by skin tone.
    """
    finder = Finder()
    scores: list[tuple[Labelled, Score]] = []
    tones: defaultdict[str, list[float]] = defaultdict(list)
    for case in labelled(images, masks, metadata):
        if fold in (None, case.fold):
            rgb, truth = _read(case)
            found = finder(Photo(rgb))
            scores.append((case, score(truth, found)))
            for tone, iou in _by_tone(rgb, truth, found):
                tones[tone].append(iou)
    if not scores:
        raise ValueError(f"no photo of {images} has a mask in {masks}")
    return {
        **summary([one for _, one in scores]),
        **latency.summary(finder.times, 0.5, 0.95),
        "folds": _grouped(scores, lambda case: case.fold),
        "kinds": _grouped(scores, lambda case: case.kind),
        "tones": {tone: _tone(ious) for tone, ious in sorted(tones.items())},
    }


def measure_negatives(folder: Path, only: str = "*") -> dict[str, Any]:
    """Photos without a nail: on how many one was found all the same (`false_photos`), and how many (`false_nails`)."""
    finder = Finder()
    false = {}
    for path in sorted(folder.glob(only)):
        if path.suffix.lower() in SUFFIXES:
            false[path.name] = len(finder(decode(path.read_bytes())))
    if not false:
        raise ValueError(f"no photo {only} in {folder}")
    for name, count in false.items():
        if count:
            print(f"{name}: {count}", file=sys.stderr)
    figures = {"negatives": len(false), "false_photos": sum(map(bool, false.values()))}
    return {**figures, "false_nails": sum(false.values()), **latency.summary(finder.times, 0.5, 0.95)}


def measure_monk(each: int = 4, tones: Sequence[int] = range(1, 11)) -> dict[str, Any]:
    """The same hands in each of the ten Monk tones, rendered and never trained on: how far the tones lie apart.

    each: scenes a tone. Returns the figures of all, IoU mean and recall by tone, and tone_gap, the largest difference
    of IoU means between two tones.
    """
    finder = Finder()
    by_tone: dict[int, list[Score]] = {}
    for scene in islice(_open_hands(), each):
        for tone in tones:
            sample = render(replace(scene, tone=tone))
            truth = np.zeros(sample.rgb.shape[:2], np.int32)
            for number, nail in enumerate(sample.nails, start=1):
                truth[nail.mask >= 128] = number
            by_tone.setdefault(tone, []).append(score(truth, finder(Photo(sample.rgb))))
        print(f"scene {scene.seed} in {len(tones)} tones", file=sys.stderr, flush=True)
    figures = {str(tone): summary(scores) for tone, scores in by_tone.items()}
    ious = [one["iou_mean"] for one in figures.values()]
    every = [one for scores in by_tone.values() for one in scores]
    return {**summary(every), "tone_gap": round(max(ious) - min(ious), 4), "monk": figures}


def _open_hands() -> Iterator[Scene]:
    """Scenes that show the backs of hands."""
    return (scene for scene in variants(UNTRAINED, 1000) if scene.side is HandSide.DORSAL)


class Finder:
    """Hands, then nails, as a try-on finds them. times: seconds of each photo."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._hands, self._nails = HandDetector(), NailCascade()
        self.times: list[float] = []

    def __call__(self, photo: Photo) -> list[Array]:
        start = time.perf_counter()
        nails = self._nails.segment(photo, self._hands.detect(photo))
        self.times.append(time.perf_counter() - start)
        masks = []
        for nail in nails:
            mask = np.zeros(photo.size, bool)
            mask[nail.mask.box.slices] = nail.mask.alpha > 127
            masks.append(mask)
        return masks


def labelled(images: Path, masks: Path, metadata: Path | None) -> list[Labelled]:
    """Photos with their masks, in the order of their names."""
    facts = {}
    if metadata is not None:
        with metadata.open(encoding="utf-8", newline="") as lines:
            facts = {row["stem"]: row for row in csv.DictReader(lines)}
    cases = []
    for image in sorted(images.iterdir()):
        mask = masks / f"{image.stem}.png"
        if image.suffix.lower() in SUFFIXES and mask.is_file():
            row = facts.get(image.stem, {})
            cases.append(Labelled(image, mask, row.get("kind", ""), row.get("fold", "")))
    return cases


def _read(case: Labelled) -> tuple[Array, Array]:
    """Pixels (h, w, 3), and the map of nails (h, w) with a number for each."""
    rgb = decode(case.image.read_bytes()).rgb
    mask = cv2.imread(str(case.mask), cv2.IMREAD_GRAYSCALE)
    if mask is None or mask.shape != rgb.shape[:2]:
        raise ValueError(f"{case.mask}: no mask of the size of {case.image.name}")
    truth: Array = cv2.connectedComponents((mask > 127).astype(np.uint8))[1]
    return rgb, truth


def _by_tone(rgb: Array, truth: Array, found: Sequence[Array]) -> list[tuple[str, float]]:
    """Skin tone and best IoU of each labelled nail whose skin is seen."""
    real = truth > 0
    pairs = []
    for number in range(1, int(truth.max()) + 1):
        nail = truth == number
        if nail.sum() >= LEAST_PX and (tone := tone_around(rgb, nail, real)):
            ious = [float((nail & f).sum() / (nail | f).sum()) for f in found if (nail & f).any()]
            pairs.append((tone, max(ious, default=0.0)))
    return pairs


def _tone(ious: Sequence[float]) -> dict[str, float]:
    return {
        "nails": len(ious),
        "recall": round(float(np.mean(np.array(ious) > 0.5)), 4),
        "iou_mean": round(float(np.mean(ious)), 4),
    }


def _grouped(
    scores: Sequence[tuple[Labelled, Score]], key: Callable[[Labelled], str]
) -> dict[str, dict[str, float]]:
    groups: defaultdict[str, list[Score]] = defaultdict(list)
    for case, one in scores:
        groups[key(case)].append(one)
    return {name: summary(group) for name, group in sorted(groups.items()) if name}
