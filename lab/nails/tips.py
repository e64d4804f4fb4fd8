"""python -m lab.nails.tips --cache DIR --count N: learn from detected hands which way the labelled nails point.

Outlines tell an axis at best. Where a hand is found, a nail that lies on a fingertip points from the last joint to the
tip. Runs in the product's own environment (it uses models.detect) and writes into the shelf's records.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec
import numpy as np

from lab.nails.data import Nail, Record, Shelf
from models.detect.hands import HandDetector
from models.types import Array, Hand, Photo

JOINTS, TIPS = (3, 7, 11, 15, 19), (4, 8, 12, 16, 20)
NEAR = 0.75
"""Of the last phalanx' length: how far a nail's centre may lie from the middle of its outer half."""
AGREES = np.radians(35)
KEEP_EVERY = 100
LONG = 1.5
"""From this ratio of its sides on, an outline's own axis must agree."""


def main() -> None:
    """Look for hands in up to N photos of the training fold, other kinds than close-ups, and note the directions."""
    parser = argparse.ArgumentParser(prog="python -m lab.nails.tips", description=main.__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1300)
    args = parser.parse_args()
    shelf = Shelf.open(args.cache, "photos")
    chosen = [i for i in shelf.where("train") if shelf.records[i].kind != "macro-aug"]
    chosen = np.random.default_rng(0).permutation(chosen)[: args.count].tolist()
    records = list(shelf.records)
    with HandDetector() as detector:
        for done, i in enumerate(chosen, start=1):
            hands = detector.detect(Photo(np.ascontiguousarray(shelf.images[i])))
            records[i] = pointed(records[i], hands)
            if done % KEEP_EVERY == 0 or done == len(chosen):
                (args.cache / "photos.json").write_bytes(msgspec.json.encode(records))
    known = sum(nail.tip is not None for record in records for nail in record.nails)
    print(f"{known} nails know where they point")


def pointed(record: Record, hands: tuple[Hand, ...]) -> Record:
    """The record with the directions of those nails that lie on a finger's end."""
    fingers = [
        (hand.landmarks[a, :2], hand.landmarks[b, :2])
        for hand in hands
        for a, b in zip(JOINTS, TIPS, strict=True)
    ]
    return msgspec.structs.replace(record, nails=tuple(_one(nail, fingers) for nail in record.nails))


def _one(nail: Nail, fingers: list[tuple[Array, Array]]) -> Nail:
    best, tip = NEAR, nail.tip
    for joint, end in fingers:
        along = end - joint
        length = float(np.hypot(*along))
        away = float(np.hypot(*(joint + 0.75 * along - (nail.x, nail.y)))) / max(length, 1e-6)
        angle = float(np.arctan2(along[1], along[0]))
        turned = abs((angle - nail.angle + np.pi / 2) % np.pi - np.pi / 2)
        if away < best and (nail.long < LONG * nail.short or turned < AGREES):
            best, tip = away, angle
    return msgspec.structs.replace(nail, tip=tip)


if __name__ == "__main__":
    main()
