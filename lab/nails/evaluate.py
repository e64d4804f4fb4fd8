"""python -m lab.nails.evaluate --cache DIR --models DIR: judge the cascade on fold val, and on photos without nails.

--negatives DIR --only 'nohand_*' names those photos; --record adds the figures to curve.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.masks import Score, score, summary
from lab.nails.crops import LEAST_LONG
from lab.nails.data import Shelf
from models.segment.nails.cascade import Cascade
from models.segment.nails.frame import MARGIN, Frame
from models.segment.nails.propose import Proposer
from models.segment.nails.refine import Found, Refiner
from models.types import Array

CURVE = Path(__file__).with_name("curve.json")


def main() -> None:
    """Print one JSON object: the figures of val, by kind, and how many negatives got a nail."""
    parser = argparse.ArgumentParser(prog="python -m lab.nails.evaluate", description=main.__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder that lab.nails.export wrote")
    parser.add_argument("--negatives", type=Path, help="folder of photos without a nail")
    parser.add_argument("--only", default="*", help="which of the negatives, as a glob")
    parser.add_argument("--every", type=int, default=1, help="judge every n-th photo of the fold only")
    parser.add_argument("--record", action="store_true", help=f"add the figures to {CURVE.name}")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    cascade = loaded(args.models)
    figures: dict[str, Any] = {"steps": json.loads((args.models / "steps.json").read_text())}
    shelf = Shelf.open(args.cache, "photos")
    figures |= {"exact_frames_iou": _in_exact_frames(cascade, shelf, args.every)}
    figures |= _on_val(cascade, shelf, args.every)
    if args.negatives:
        figures |= _on_negatives(cascade, sorted(args.negatives.glob(args.only)))
    print(json.dumps(figures))
    if args.record:
        curve = json.loads(CURVE.read_text()) if CURVE.exists() else []
        CURVE.write_text("[\n" + ",\n".join(json.dumps(entry) for entry in [*curve, figures]) + "\n]\n")


def loaded(folder: Path) -> Cascade:
    """The nets that lab.nails.export wrote."""
    proposer, refiner = ((folder / f"{name}.onnx").read_bytes() for name in ("proposer", "refiner"))
    return Cascade(Proposer(proposer), Refiner(refiner))


def _on_val(cascade: Cascade, shelf: Shelf, every: int) -> dict[str, Any]:
    scores: dict[str, list[Score]] = {}
    spent = []
    for i in shelf.where("val")[::every]:
        rgb = np.ascontiguousarray(shelf.images[i])
        start = time.perf_counter()
        found = cascade.find(rgb)
        spent.append((time.perf_counter() - start) * 1000)
        scores.setdefault(shelf.records[i].kind, []).append(
            score(np.asarray(shelf.labels[i]), masks(found, rgb))
        )
    everything = [one for group in scores.values() for one in group]
    return summary(everything) | {
        "p50_ms": round(float(np.median(spent)), 1),
        "kinds": {kind: summary(group) for kind, group in sorted(scores.items())},
    }


def _in_exact_frames(cascade: Cascade, shelf: Shelf, every: int) -> float:
    """Mean IoU of one pass of the refiner where it is shown each labelled nail's true frame: what it could reach."""
    ious = []
    for i in shelf.where("val")[::every]:
        rgb, labels = np.ascontiguousarray(shelf.images[i]), np.asarray(shelf.labels[i])
        large = [(k, n) for k, n in enumerate(shelf.records[i].nails, start=1) if n.long >= LEAST_LONG]
        for label, nail in large:
            truth = labels == label
            (found,) = cascade.refiner.refine(rgb, [Frame(nail.x, nail.y, MARGIN * nail.long, nail.angle)])
            mine = masks([found], rgb)[0] if found else np.zeros_like(truth)
            ious.append((truth & mine).sum() / (truth | mine).sum())
    return round(float(np.mean(ious)), 4)


def _on_negatives(cascade: Cascade, files: list[Path]) -> dict[str, Any]:
    false = []
    for path in files:
        bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if bgr is None:
            print(f"not a picture: {path}", file=sys.stderr)
            continue
        found = cascade.find(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
        false.append(len(found))
    return {"negatives": len(false), "false_photos": sum(map(bool, false)), "false_nails": sum(false)}


def masks(found: Sequence[Found], rgb: Array) -> list[Array]:
    """Boolean masks (h, w) as large as this picture."""
    out = []
    for one in found:
        mask = np.zeros(rgb.shape[:2], bool)
        mask[one.box.slices] = one.alpha > 0.5
        out.append(mask)
    return out


if __name__ == "__main__":
    main()
