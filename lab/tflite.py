# mypy: disable-error-code="import-not-found, no-untyped-call, unused-ignore"
"""Reads a .tflite file: its operations in their order, and their weights as torch wants them."""

from __future__ import annotations

from typing import Any

import numpy as np
import tflite

from models.types import Array

WEIGHED = {
    "CONV_2D": (0, 3, 1, 2),
    "DEPTHWISE_CONV_2D": (3, 0, 1, 2),
    "Convolution2DTransposeBias": (3, 0, 1, 2),
}
"""Operations that have weights, and how those are turned."""
ACTIVATIONS = {
    tflite.ActivationFunctionType.NONE: None,
    tflite.ActivationFunctionType.RELU6: "RELU6",
}
Step = dict[str, Any]
"""kind, in (tensors), out (tensor), activation; where it has weights their names, and its stride."""


def read(content: bytes) -> tuple[list[Step], dict[str, Array]]:
    """The steps of a graph, and its weights by name; raises ValueError for what this reader does not know."""
    model = tflite.Model.GetRootAsModel(content, 0)
    graph = model.Subgraphs(0)
    names = {v: k for k, v in vars(tflite.BuiltinOperator).items() if isinstance(v, int)}
    steps: list[Step] = []
    halves: dict[int, int] = {}
    weights: dict[str, Array] = {}
    for i in range(graph.OperatorsLength()):
        operator = graph.Operators(i)
        code = model.OperatorCodes(operator.OpcodeIndex())
        kind = names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        kind = code.CustomCode().decode() if kind == "CUSTOM" else kind
        inputs = [operator.Inputs(k) for k in range(operator.InputsLength())]
        out = operator.Outputs(0)
        if kind == "DEQUANTIZE":
            halves[out] = inputs[0]
            continue
        step: Step = {"kind": kind, "in": inputs, "out": out}
        if kind in WEIGHED:
            step["weights"] = [f"t{inputs[1]}", f"t{inputs[2]}"]
            kernel, bias = (_values(model, graph.Tensors(halves.get(k, k))) for k in inputs[1:3])
            weights[f"t{inputs[1]}"] = np.ascontiguousarray(kernel.transpose(WEIGHED[kind]))
            weights[f"t{inputs[2]}"] = bias
            step["stride"], step["activation"] = _options(operator, kind, kernel.shape[1])
        steps.append(step)
    return steps, weights


def _values(model: Any, tensor: Any) -> Array:
    raw = model.Buffers(tensor.Buffer()).DataAsNumpy().tobytes()
    kind = np.float16 if tensor.Type() == tflite.TensorType.FLOAT16 else np.float32
    return np.frombuffer(raw, kind).reshape(tensor.ShapeAsNumpy()).astype(np.float32)


def _options(operator: Any, kind: str, kernel: int) -> tuple[int, str | None]:
    if kind == "Convolution2DTransposeBias":
        return 2, None
    options = tflite.Conv2DOptions() if kind == "CONV_2D" else tflite.DepthwiseConv2DOptions()
    table = operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    padded = kernel == 1 or options.Padding() == tflite.Padding.SAME
    if options.FusedActivationFunction() not in ACTIVATIONS or not padded:
        raise ValueError("an operation that this reader does not know")
    return options.StrideH(), ACTIVATIONS[options.FusedActivationFunction()]
