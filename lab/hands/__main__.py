"""python -m lab.hands OUT_DIR [--set samples | variants] [--only NAME …] [--seed N] [--count N]"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

from lab.hands.picture import render
from lab.hands.samples import SAMPLES, write
from lab.hands.scene import variants


def main() -> None:
    """Write the committed samples, or random scenes with masks of all nails, into a folder."""
    parser = argparse.ArgumentParser(prog="python -m lab.hands", description=main.__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", choices=("samples", "variants"), default="samples")
    parser.add_argument("--only", nargs="*", choices=sorted(SAMPLES), help="render these samples alone")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=16)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    if args.set == "samples":
        print(write(args.out, args.only or SAMPLES))
        return
    args.out.mkdir(parents=True, exist_ok=True)
    for i, scene in enumerate(variants(args.seed, args.count)):
        sample = render(scene)
        cv2.imwrite(str(args.out / f"{i:04}.jpg"), sample.rgb[..., ::-1])
        nails = sum((n.mask for n in sample.nails), sample.rgb[..., 0] * 0)
        cv2.imwrite(str(args.out / f"{i:04}.png"), nails)


if __name__ == "__main__":
    main()
