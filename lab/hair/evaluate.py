"""python -m lab.hair.evaluate --images DIR --masks DIR --model FILE --cache DIR: judge an exported net.

The same figures as `vernis bench hair`, for a net that is not in the manifest; faces are kept in the cache folder, so
that the second time is fast. --coarse judges the net's own map without the matte. Runs in the product's environment.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np

from benchmarks.hair import Score, score, summary
from models.decode import decode
from models.detect.face import FaceDetector
from models.segment.hair import HairSegmenter
from models.segment.hair.net import HairNet
from models.types import Array, Box, Face, Photo


class Known(msgspec.Struct):
    """A face that was found earlier."""

    landmarks: list[list[float]]
    box: tuple[int, int, int, int]
    score: float


def main() -> None:
    """Print one JSON object: figures of each source, with a face and without."""
    parser = argparse.ArgumentParser(prog="python -m lab.hair.evaluate", description=main.__doc__)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="judge every n-th picture only")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    segmenter = HairSegmenter(HairNet(args.model.read_bytes()))
    scores: defaultdict[str, list[Score]] = defaultdict(list)
    spent = []
    for path in sorted(args.images.iterdir())[:: args.every]:
        photo = decode(path.read_bytes())
        ids: Any = cv2.imread(str(args.masks / f"{path.stem}.png"), cv2.IMREAD_GRAYSCALE)
        faces = seen(photo, args.cache / f"{path.stem}.faces.json")
        start = time.perf_counter()
        found = painted(segmenter, photo, faces)
        spent.append((time.perf_counter() - start) * 1000)
        one = score(ids == 1, found, ids != 255)
        source = path.stem.split("_")[0]
        for group in (source, f"{source} {'face' if faces else 'no_face'}", "all"):
            scores[group].append(one)
    figures = {group: summary(some) for group, some in sorted(scores.items())}
    print(json.dumps(figures | {"p50_ms": round(float(np.median(spent)), 1)}))


def painted(segmenter: HairSegmenter, photo: Photo, faces: tuple[Face, ...]) -> Array:
    """All hair of a photo, (h, w) bool."""
    union = np.zeros(photo.size, bool)
    for hair in segmenter.segment(photo, faces):
        union[hair.mask.box.slices] |= hair.mask.alpha > 127
    return union


_detectors: list[FaceDetector] = []


def seen(photo: Photo, path: Path) -> tuple[Face, ...]:
    """The faces of a photo, from a file if they were looked for earlier."""
    if not path.exists():
        if not _detectors:
            _detectors.append(FaceDetector())
        found = _detectors[0].detect(photo)
        corners = [(f.box.x0, f.box.y0, f.box.x1, f.box.y1) for f in found]
        known = [Known(f.landmarks.tolist(), box, f.score) for f, box in zip(found, corners, strict=True)]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(known))
    faces = msgspec.json.decode(path.read_bytes(), type=list[Known])
    return tuple(Face(np.array(f.landmarks, np.float32), Box(*f.box), f.score) for f in faces)


if __name__ == "__main__":
    main()
