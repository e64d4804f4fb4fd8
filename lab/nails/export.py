# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""python -m lab.nails.export --run DIR --out DIR: write the nets' averages as ONNX (opset 17, float32).

Inputs are RGB in [0, 1]: `image` (n, 3, h, w) with sides that are multiples of 32, `crop` (n, 3, 128, 128).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from lab.nails import keep
from lab.nails.nets import NETS, REFINER_SIDE

OPSET = 17
WHOLE = ("image", ["maps"], {"image": {0: "n", 2: "h", 3: "w"}, "maps": {0: "n", 2: "h2", 3: "w2"}})
CROP = ("crop", ["mask", "facts"], {"crop": {0: "n"}, "mask": {0: "n"}, "facts": {0: "n"}})
NAMES = {
    "proposer": WHOLE,
    "refiner": CROP,
    "hand_refiner": CROP,
}
CLOSE = 2e-3
"""Largest difference between torch and ONNX Runtime, logits."""


def main() -> None:
    """Export the newest checkpoint of each net and write steps.json beside them."""
    parser = argparse.ArgumentParser(prog="python -m lab.nails.export", description=main.__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    steps = {}
    for name, net in NETS.items():
        state = keep.newest(args.run / f"{name}.pt", keep.COMMITTED / f"{name}.pt")
        if state is None:
            raise FileNotFoundError(f"no checkpoint of the {name} in {args.run} or {keep.COMMITTED}")
        model = net(state["width"]).eval()
        model.load_state_dict(state["average"])
        export(model, name, args.out / f"{name}.onnx")
        steps[name] = state["step"]
    (args.out / "steps.json").write_text(json.dumps(steps))
    print(json.dumps(steps))


def export(model: torch.nn.Module, name: str, path: Path) -> None:
    """Write one net and fail if ONNX Runtime does not give what torch gives."""
    entry, exits, axes = NAMES[name]
    sample = torch.rand(2, 3, REFINER_SIDE, REFINER_SIDE, generator=torch.Generator().manual_seed(0))
    torch.onnx.export(
        model,
        (sample,),
        str(path),
        input_names=[entry],
        output_names=exits,
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    with torch.no_grad():
        mine = model(sample)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    theirs = session.run(None, {entry: sample.numpy()})
    for a, b in zip(mine if isinstance(mine, tuple) else (mine,), theirs, strict=True):
        difference = float(np.abs(a.numpy() - b).max())
        if difference > CLOSE:
            raise ValueError(f"{name}: torch and ONNX Runtime differ by {difference:.4f}")


if __name__ == "__main__":
    main()
