"""python -m lab.nails.data --data DIR --cache DIR: decode everything once into shelves of uint8 memory maps.

A shelf is NAME.images.npy (n, 432, 432, 3) RGB, NAME.labels.npy (n, 432, 432) with 0 or 1 + the nail's index, and
NAME.json with one record a picture. Shelves: photos (labelled), renders (our own hands), empty (no nail in sight).
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np

from lab.nails.mirror import real_region
from models.types import Array

SIDE = 432
LEFT_OUT = ("11k", "disease")
"""Kinds that never train weights that ship (see the licence note in the data's SOURCES.md)."""
_LEAST_AREA = 12


class Nail(msgspec.Struct, frozen=True):
    """One labelled nail, pixels: its least box's centre, long and short side and long axis (radians, modulo pi).

    tip is the direction from cuticle to free edge (radians; None where it is not known).
    """

    x: float
    y: float
    long: float
    short: float
    angle: float
    tip: float | None = None


class Record(msgspec.Struct, frozen=True):
    """One picture; box: x0, y0, x1, y1 of what was photographed, without padding; nails[i] has label i + 1."""

    stem: str
    kind: str
    fold: str
    box: tuple[int, int, int, int]
    nails: tuple[Nail, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """images: (n, 432, 432, 3) uint8; labels: (n, 432, 432) uint8; records: one a picture."""

    images: Array
    labels: Array
    records: tuple[Record, ...]

    @classmethod
    def open(cls, cache: Path, name: str) -> Shelf:
        """Map a shelf into memory, read only."""
        records = msgspec.json.decode((cache / f"{name}.json").read_bytes(), type=tuple[Record, ...])
        images, labels = (
            np.load(cache / f"{name}.{part}.npy", mmap_mode="r") for part in ("images", "labels")
        )
        return cls(images, labels, records)

    def where(self, fold: str) -> list[int]:
        """Indices of a fold that may train or judge: the kinds that may not ship are left out of training."""
        return [
            i
            for i, r in enumerate(self.records)
            if r.fold == fold and not (fold == "train" and r.kind in LEFT_OUT)
        ]


Item = tuple[Record, Array, Array]


def measured(labels: Array, tips: list[float | None]) -> tuple[Nail, ...]:
    """Describe each labelled nail of a (h, w) map; one too small to see is described too, with zero size."""
    found = []
    for i, tip in enumerate(tips, start=1):
        rows, cols = np.nonzero(labels == i)
        if len(rows) < _LEAST_AREA:
            found.append(Nail(0.0, 0.0, 0.0, 0.0, 0.0, None))
            continue
        points = np.stack([cols, rows], -1).astype(np.float32)
        (x, y), (w, h), _ = cv2.minAreaRect(cv2.convexHull(points))
        spread = np.cov(points.T)
        angle = 0.5 * atan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1])
        found.append(Nail(x, y, max(w, h) + 1, min(w, h) + 1, angle, tip))
    return tuple(found)


def photos(data: Path) -> Iterator[Item]:
    """The labelled photos, both folds."""
    folder = data / "nails" / "train"
    polygons: dict[str, list[list[int]]] = json.loads((folder / "polygons_432.json").read_text())
    with (folder / "meta.csv").open() as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        stem = row["stem"]
        rgb = _read(folder / "images" / f"{stem}.jpg")
        labels = np.zeros((SIDE, SIDE), np.uint8)
        outlines = polygons.get(stem, [])
        for i, outline in enumerate(outlines, start=1):
            cv2.fillPoly(labels, [np.array(outline, np.int32).reshape(-1, 2)], (i,))
        nails = measured(labels, [None] * len(outlines))
        yield Record(stem, row["kind"], row["fold"], real_region(rgb), nails), rgb, labels


def renders(cache: Path) -> Iterator[Item]:
    """Our own procedural hands (lab.nails.procedural)."""
    for facts in sorted((cache / "renders").glob("*.json")):
        rgb, box = _fitted(_read(facts.with_suffix(".jpg")))
        labels, _ = _fitted(cv2.imread(str(facts.with_suffix(".png")), cv2.IMREAD_UNCHANGED))
        tips: list[float | None] = json.loads(facts.read_text())["tips"]
        yield Record(facts.stem, "render", "train", box, measured(labels, tips)), rgb, labels


def empty(data: Path) -> Iterator[Item]:
    """Heads and shoulders: skin, eyes, mouths, jewellery and cloth, hardly ever a nail."""
    for folder in ("faces/ccp/images", "faces/ccp_unlabelled"):
        for path in sorted((data / folder).glob("*.jpg")):
            rgb, box = _fitted(_read(path))
            yield Record(path.stem, "face", "train", box), rgb, np.zeros((SIDE, SIDE), np.uint8)


def write(cache: Path, name: str, items: Iterator[Item], most: int) -> int:
    """Put items on a shelf; returns how many there are."""
    images = _map(cache / f"{name}.images.npy", (most, SIDE, SIDE, 3))
    labels = _map(cache / f"{name}.labels.npy", (most, SIDE, SIDE))
    records = []
    for i, (record, rgb, label) in enumerate(items):
        images[i], labels[i] = rgb, label
        records.append(record)
    (cache / f"{name}.json").write_bytes(msgspec.json.encode(records))
    return len(records)


def _map(path: Path, shape: tuple[int, ...]) -> Array:
    """A new .npy file of uint8 that is written through memory."""
    made: Array = np.lib.format.open_memmap(path, "w+", np.uint8, shape)  # type: ignore[no-untyped-call]
    return made


def _read(path: Path) -> Array:
    bgr: Any = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise FileNotFoundError(path)
    rgb: Array = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    return rgb


def _fitted(picture: Array) -> tuple[Array, tuple[int, int, int, int]]:
    """A picture with its longer side at 432 in the corner of a square, and its box."""
    h, w = picture.shape[:2]
    scale = SIDE / max(h, w)
    size = (round(w * scale), round(h * scale))
    how = cv2.INTER_NEAREST if picture.ndim == 2 else cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    out = np.zeros((SIDE, SIDE, *picture.shape[2:]), np.uint8)
    out[: size[1], : size[0]] = cv2.resize(picture, size, interpolation=how)
    return out, (0, 0, size[0], size[1])


def main() -> None:
    """Build the shelves."""
    parser = argparse.ArgumentParser(prog="python -m lab.nails.data", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=("photos", "renders", "empty"))
    args = parser.parse_args()
    cv2.setNumThreads(1)
    args.cache.mkdir(parents=True, exist_ok=True)
    sources = {
        "photos": lambda: photos(args.data),
        "renders": lambda: renders(args.cache),
        "empty": lambda: empty(args.data),
    }
    for name in args.only or sources:
        most = sum(1 for _ in _names(name, args.data, args.cache))
        print(name, write(args.cache, name, sources[name](), most), flush=True)


def _names(shelf: str, data: Path, cache: Path) -> Iterator[Path]:
    """Files that a shelf is made from."""
    match shelf:
        case "photos":
            yield from (data / "nails" / "train" / "images").glob("*.jpg")
        case "renders":
            yield from (cache / "renders").glob("*.json")
        case _:
            yield from (data / "faces" / "ccp" / "images").glob("*.jpg")
            yield from (data / "faces" / "ccp_unlabelled").glob("*.jpg")


if __name__ == "__main__":
    main()
