"""python -m lab.hair.faces --cache DIR: find the faces of the labelled pictures, in the product's environment."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import msgspec
import numpy as np

from lab.hair.data import Record
from models.detect.face import FaceDetector
from models.types import Photo

SHELF = "labelled"
MOST = 3


def main() -> None:
    """Write the records again with its faces' landmarks."""
    parser = argparse.ArgumentParser(prog="python -m lab.hair.faces", description=main.__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    with FaceDetector() as detector:
        path = args.cache / f"{SHELF}.json"
        records = msgspec.json.decode(path.read_bytes(), type=list[Record])
        images = np.load(args.cache / f"{SHELF}.images.npy", mmap_mode="r")
        for record, image in zip(records, images, strict=True):
            h, w = record.size
            faces = detector.detect(Photo(np.ascontiguousarray(image[:h, :w])))
            record.faces = [[(float(x), float(y)) for x, y, _ in face.landmarks] for face in faces[:MOST]]
    path.write_bytes(msgspec.json.encode(records))
    print(f"a face in {sum(bool(record.faces) for record in records)} of {len(records)}")


if __name__ == "__main__":
    main()
