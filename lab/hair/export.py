# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""python -m lab.hair.export --run DIR --out FILE: write the net's average, with the person net in it, as ONNX.

Input `image` (n, 4, s, s) in [0, 1], RGB and drawn faces; output `hair` (n, 1, s, s), probabilities; opset 17.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from lab.hair.keep import COMMITTED
from lab.hair.nets import HairNet, Whole
from lab.nails import keep
from models.segment.hair.frame import SIDE

OPSET = 17
CLOSE = 2e-3
"""Largest difference between torch and ONNX Runtime, probability."""


def main() -> None:
    """Export the newest checkpoint."""
    parser = argparse.ArgumentParser(prog="python -m lab.hair.export", description=main.__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    state = keep.newest(args.run / "hair.pt", COMMITTED)
    if state is None:
        raise FileNotFoundError(f"no checkpoint in {args.run} or at {COMMITTED}")
    net = HairNet()
    net.load_state_dict(state["average"])
    args.out.parent.mkdir(parents=True, exist_ok=True)
    export(Whole(net).eval(), args.out)
    print(json.dumps({"step": state["step"]}))


def export(model: torch.nn.Module, path: Path) -> None:
    """Write the net and fail if ONNX Runtime does not give what torch gives."""
    sample = torch.rand(2, 4, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    axes = {"image": {0: "n", 2: "h", 3: "w"}, "hair": {0: "n", 2: "h", 3: "w"}}
    torch.onnx.export(
        model,
        (sample,),
        str(path),
        input_names=["image"],
        output_names=["hair"],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    with torch.no_grad():
        mine = model(sample).numpy()
    (theirs,) = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(
        None, {"image": sample.numpy()}
    )
    if (difference := float(np.abs(mine - theirs).max())) > CLOSE:
        raise ValueError(f"torch and ONNX Runtime differ by {difference:.4f}")


if __name__ == "__main__":
    main()
