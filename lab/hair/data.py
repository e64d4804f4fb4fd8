# mypy: disable-error-code="import-not-found, unused-ignore"
"""python -m lab.hair.data --data DIR --cache DIR: decode everything once into shelves of uint8 memory maps.

A shelf is NAME.images.npy (n, 384, 384, 3) RGB in the upper left corner, NAME.hair.npy and NAME.person.npy
(n, 384, 384) of 0 to 255, and NAME.json with one record a picture. Shelves: labelled, ground (no person).
lab.hair.faces adds landmarks in the product's environment. Nothing but these sources is ever read for training.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np

from lab.nails import data as nails
from models.types import Array

SIDE = 384
GROUND_EVERY = 3
"""Every n-th of the nail photos lends its background."""


class Record(msgspec.Struct):
    """One picture of (height, width) pixels; faces: (n, 478, 2) landmarks as lists, best first."""

    stem: str
    size: tuple[int, int]
    faces: list[list[tuple[float, float]]] = []


@dataclass(frozen=True)
class Shelf:
    """images: (n, 384, 384, 3); hair, person: (n, 384, 384); all uint8."""

    images: Array
    hair: Array
    person: Array
    records: tuple[Record, ...]
    landmarks: tuple[Array, ...]

    @classmethod
    def open(cls, cache: Path, name: str) -> Shelf:
        """Map a shelf into memory."""
        records = msgspec.json.decode((cache / f"{name}.json").read_bytes(), type=tuple[Record, ...])
        images, hair, person = (
            np.load(cache / f"{name}.{part}.npy", mmap_mode="r") for part in ("images", "hair", "person")
        )
        points = tuple(np.array(r.faces, np.float32).reshape(-1, 478, 2) for r in records)
        return cls(images, hair, person, records, points)


Item = tuple[str, Array, Array]


def labelled(data: Path) -> Iterator[Item]:
    """Clothing Co-Parsing with masks: class 1 is hair."""
    for path in sorted((data / "faces/ccp/images").glob("*.jpg")):
        mask: Any = cv2.imread(str(data / "faces/ccp/masks" / f"{path.stem}.png"), cv2.IMREAD_UNCHANGED)
        yield path.stem, _read(path), (mask == 1).astype(np.uint8) * 255


def ground(data: Path) -> Iterator[Item]:
    """Photos of hands: backgrounds, and pictures without hair."""
    for i, (record, rgb, _) in enumerate(nails.photos(data)):
        if i % GROUND_EVERY == 0 and record.fold == "train" and record.kind not in nails.LEFT_OUT:
            x0, y0, x1, y1 = record.box
            yield record.stem, rgb[y0:y1, x0:x1], np.zeros((y1 - y0, x1 - x0), np.uint8)


SOURCES = {"labelled": labelled, "ground": ground}


def write(cache: Path, name: str, items: list[Item], persons: Callable[[Array], Array]) -> None:
    """Put items on a shelf; persons: (h, w, 3) uint8 to the (h, w) uint8 cover of persons in it."""
    images, hair, person = (
        np.lib.format.open_memmap(
            cache / f"{name}.{part}.npy", "w+", np.uint8, (len(items), SIDE, SIDE, *tail)
        )  # type: ignore[no-untyped-call]
        for part, tail in (("images", (3,)), ("hair", ()), ("person", ()))
    )
    records = []
    for i, (stem, rgb, mask) in enumerate(items):
        scale = min(1.0, SIDE / max(rgb.shape[:2]))
        if scale < 1:
            size = (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))
            rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
            mask = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
        h, w = rgb.shape[:2]
        images[i, :h, :w] = rgb
        person[i, :h, :w] = persons(rgb)
        hair[i, :h, :w] = mask
        records.append(Record(stem, (h, w)))
    (cache / f"{name}.json").write_bytes(msgspec.json.encode(records))


def _read(path: Path) -> Array:
    bgr: Any = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise FileNotFoundError(path)
    rgb: Array = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    return rgb


def main() -> None:
    """Build the shelves."""
    parser = argparse.ArgumentParser(prog="python -m lab.hair.data", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=sorted(SOURCES))
    args = parser.parse_args()
    from lab.hair.person import Persons  # torch: the rest of this module is read without it

    cv2.setNumThreads(1)
    args.cache.mkdir(parents=True, exist_ok=True)
    for name in args.only or SOURCES:
        items = list(SOURCES[name](args.data))
        write(args.cache, name, items, Persons().alpha)
        print(f"{name}: {len(items)} pictures")


if __name__ == "__main__":
    main()
