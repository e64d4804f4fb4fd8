# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""python -m lab.nails.quantize --models DIR --cache DIR --out DIR: both nets with 8-bit weights and activations.

Static quantization in QDQ form, weights per channel, ranges from photos of the training fold. The last layers stay in
float32: eight bits are too few for an edge.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from lab.nails.crops import refiner_batch
from lab.nails.samples import Library, proposer_batch
from models.segment.nails.session import tensor

BATCHES = 24


def main() -> None:
    """Write proposer.onnx and refiner.onnx into another folder."""
    parser = argparse.ArgumentParser(prog="python -m lab.nails.quantize", description=main.__doc__)
    parser.add_argument("--models", type=Path, required=True, help="folder of proposer.onnx and refiner.onnx")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    library = Library.open(args.cache)
    for name, samples in (
        ("proposer", _pictures(library)),
        ("refiner", _crops(library)),
    ):
        prepared = args.out / f"{name}.prepared.onnx"
        quant_pre_process(str(args.models / f"{name}.onnx"), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(args.out / f"{name}.onnx"),
            _Reader(samples),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=_heads(prepared),
        )
        prepared.unlink()
    shutil.copy(args.models / "steps.json", args.out)


def _heads(path: Path) -> list[str]:
    """The layers that give the outputs, and the ones in front of them."""
    graph = onnx.load(str(path)).graph
    makers = {output: node for node in graph.node for output in node.output}
    heads, seeking = [], [(output.name, 2) for output in graph.output]
    while seeking:
        name, layers = seeking.pop()
        node = makers.get(name)
        if node is None or not layers:
            continue
        weighted = node.op_type in ("Conv", "Gemm")
        if weighted:
            heads.append(node.name)
        seeking += [(source, layers - weighted) for source in node.input]
    return heads


class _Reader(CalibrationDataReader):
    def __init__(self, samples: Iterator[dict[str, Any]]) -> None:
        self._samples = samples

    def get_next(self) -> dict[str, Any] | None:
        return next(self._samples, None)


def _pictures(library: Library) -> Iterator[dict[str, Any]]:
    for number in range(BATCHES):
        batch = proposer_batch(library, (256, 384)[number % 2], 4, np.random.default_rng(number))
        yield {"image": tensor(batch.image)}


def _crops(library: Library) -> Iterator[dict[str, Any]]:
    for number in range(BATCHES):
        yield {"crop": tensor(refiner_batch(library, 128, 16, np.random.default_rng(number)).image)}


if __name__ == "__main__":
    main()
