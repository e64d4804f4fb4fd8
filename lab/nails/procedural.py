"""python -m lab.nails.procedural --cache DIR --count N [--seed S]: rendered hands with exact nail masks."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from lab.hands.anatomy import POSES
from lab.hands.picture import Sample, render
from lab.hands.scene import Scene, variants
from looks.finger import HandSide

PALM_SHARE = 0.3
"""Of the scenes: a palm's fingertips are the hardest places without a nail."""


def main() -> None:
    """Render hands into DIR/renders; a picture that is already there is left alone, so that it can be continued."""
    parser = argparse.ArgumentParser(prog="python -m lab.nails.procedural", description=main.__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    folder = args.cache / "renders"
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(args.seed)
    for i, scene in enumerate(variants(args.seed, args.count)):
        turned = _palm(scene) if rng.random() < PALM_SHARE else scene
        if not (folder / f"{i:05}.json").exists():
            _write(folder / f"{i:05}", render(turned))


def _palm(scene: Scene) -> Scene:
    pose = "open" if "open" in POSES else scene.pose
    return replace(scene, side=HandSide.PALMAR, pose=pose)


def _write(stem: Path, sample: Sample) -> None:
    """stem.jpg, stem.png (0, or 1 + the nail's index) and stem.json (each nail's angle to its tip); the json last."""
    instances = np.zeros(sample.rgb.shape[:2], np.uint8)
    angles = []
    for i, nail in enumerate(sample.nails, start=1):
        instances[nail.mask >= 128] = i
        along = nail.axis[1] - nail.axis[0]
        angles.append(round(float(np.arctan2(along[1], along[0])), 4))
    cv2.imwrite(f"{stem}.jpg", sample.rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    cv2.imwrite(f"{stem}.png", instances)
    stem.with_suffix(".json").write_text(json.dumps({"tone": sample.scene.tone, "tips": angles}))


if __name__ == "__main__":
    main()
