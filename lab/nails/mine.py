"""python -m lab.nails.mine --cache DIR --models DIR: let the cascade look at what it is trained on.

Writes CACHE/mined.json: false nails, the frames in which true ones were met, and what was missed. False nails of
labelled photos count within the real part only, and not where the cascade is very sure: it may be a nail that nobody
labelled. On pictures without nails everything counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import hypot
from pathlib import Path

import cv2
import msgspec
import numpy as np

from lab.nails.crops import LEAST_LONG
from lab.nails.data import Nail, Record, Shelf
from lab.nails.evaluate import loaded, masks
from lab.nails.mined import FILE, Harvest, Mined
from models.segment.nails import cascade
from models.segment.nails.cascade import Cascade
from models.segment.nails.frame import Frame
from models.segment.nails.refine import Found
from models.types import Array

LEAST, MOST = 0.1, 0.97
"""Presence of what is mined; the upper bound holds for labelled photos."""
APART = 0.1
"""A false nail shares less than this of its area with any labelled one."""
REACH = 0.6
"""A frame is a nail's when its middle lies within this share of the nail's length from the nail's own."""
HARD, ONE_IN = 0.6, 3
"""A nail was hard when presence or IoU stayed below; of the easy ones every third is kept."""


def main() -> None:
    """Mine every n-th picture of both shelves."""
    parser = argparse.ArgumentParser(prog="python -m lab.nails.mine", description=main.__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder that lab.nails.export wrote")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    cascade.LEAST = LEAST
    nets = loaded(args.models)
    photos, empty = (Shelf.open(args.cache, name) for name in ("photos", "empty"))
    false: list[Mined] = []
    met: list[Mined] = []
    missed: list[int] = []
    for i in photos.where("train")[:: args.every]:
        picture = np.ascontiguousarray(photos.images[i])
        false += _false("photos", photos, i, nets.find(picture))
        frames = nets.proposer.propose(picture).frames
        met += _met(nets, photos, i, picture, frames)
        missed += [i] * sum(
            not any(_near(frame, nail) for frame in frames) for nail in photos.records[i].nails
        )
    for i in range(0, len(empty.records), args.every):
        false += _false("empty", empty, i, nets.find(np.ascontiguousarray(empty.images[i])))
    harvest = Harvest(tuple(false), tuple(met), tuple(missed))
    (args.cache / FILE).write_bytes(msgspec.json.encode(harvest))
    print(*(f"{key} {len(value)}" for key, value in msgspec.structs.asdict(harvest).items()))


def _false(name: str, shelf: Shelf, i: int, found: Sequence[Found]) -> Iterator[Mined]:
    x0, y0, x1, y1 = shelf.records[i].box
    real = np.asarray(shelf.labels[i]) > 0
    for one, mask in zip(found, masks(found, real), strict=True):
        inside = x0 <= one.frame.x < x1 and y0 <= one.frame.y < y1
        unsure = name == "empty" or one.present < MOST
        if inside and unsure and (mask & real).sum() < APART * max(1, mask.sum()):
            yield Mined(name, i, _numbers(one.frame))


def _met(nets: Cascade, shelf: Shelf, i: int, picture: Array, frames: Sequence[Frame]) -> Iterator[Mined]:
    """Frames of labelled nails, as proposed and as a first look laid them anew."""
    first = nets.refiner.refine(picture, frames)
    second = [one.frame for one in first if one is not None]
    looks = [*zip(frames, first, strict=True)]
    looks += zip(second, nets.refiner.refine(picture, second), strict=True)
    for k, (frame, one) in enumerate(looks):
        label = _label(shelf.records[i], frame)
        if label is None:
            continue
        hard = one is None or one.present < HARD or _iou(one, shelf.labels[i] == label) < HARD
        if hard or (i + k) % ONE_IN == 0:
            yield Mined("photos", i, _numbers(frame), label)


def _label(record: Record, frame: Frame) -> int | None:
    """Of the nail that a frame is of, nearest middle first."""
    near = [
        (hypot(frame.x - nail.x, frame.y - nail.y), label)
        for label, nail in enumerate(record.nails, start=1)
        if nail.long >= LEAST_LONG and _near(frame, nail)
    ]
    return min(near)[1] if near else None


def _near(frame: Frame, nail: Nail) -> bool:
    return hypot(frame.x - nail.x, frame.y - nail.y) <= REACH * nail.long


def _iou(one: Found, truth: Array) -> float:
    (mask,) = masks([one], truth)
    return float((mask & truth).sum() / max(1, (mask | truth).sum()))


def _numbers(frame: Frame) -> tuple[float, float, float, float]:
    x, y, side, up = (round(float(value), 2) for value in asdict(frame).values())
    return x, y, side, up


if __name__ == "__main__":
    main()
