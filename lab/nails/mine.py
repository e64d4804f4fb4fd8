"""python -m lab.nails.mine --cache DIR --models DIR: find what the cascade takes for nails and is none.

Writes CACHE/mined.json. Photos of the training fold are searched within their real part only, and what the cascade is
very sure of there is left out: it may be a nail that nobody labelled. On pictures without nails everything counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import cv2
import msgspec
import numpy as np

from lab.nails.data import Shelf
from lab.nails.evaluate import loaded, masks
from lab.nails.mined import FILE, Mined
from models.segment.nails import cascade
from models.segment.nails.frame import Frame
from models.segment.nails.refine import Found

LEAST, MOST = 0.1, 0.97
"""Presence of what is mined; the upper bound holds for labelled photos."""
APART = 0.1
"""A false nail shares less than this of its area with any labelled one."""


def main() -> None:
    """Mine every n-th picture of both shelves."""
    parser = argparse.ArgumentParser(prog="python -m lab.nails.mine", description=main.__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder of proposer.onnx and refiner.onnx")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    cascade.LEAST = LEAST
    nets = loaded(args.models)
    mined: list[Mined] = []
    for name in ("photos", "empty"):
        shelf = Shelf.open(args.cache, name)
        pictures = shelf.where("train") if name == "photos" else range(len(shelf.records))
        for i in pictures[:: args.every]:
            found = nets.find(np.ascontiguousarray(shelf.images[i]))
            mined += [
                Mined(name, i, _numbers(one.frame)) for one in _false(shelf, i, found, name == "photos")
            ]
    (args.cache / FILE).write_bytes(msgspec.json.encode(mined))
    print(len(mined))


def _false(shelf: Shelf, i: int, found: Sequence[Found], labelled: bool) -> Iterator[Found]:
    x0, y0, x1, y1 = shelf.records[i].box
    real = np.asarray(shelf.labels[i]) > 0
    for one, mask in zip(found, masks(found, real), strict=True):
        inside = x0 <= one.frame.x < x1 and y0 <= one.frame.y < y1
        unsure = not labelled or one.present < MOST
        if inside and unsure and (mask & real).sum() < APART * max(1, mask.sum()):
            yield one


def _numbers(frame: Frame) -> tuple[float, float, float, float]:
    x, y, side, up = (round(float(value), 2) for value in asdict(frame).values())
    return x, y, side, up


if __name__ == "__main__":
    main()
