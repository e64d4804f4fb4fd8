# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""MediaPipe's selfie segmentation (Apache-2.0) as a torch module: the hair net looks at persons through its eyes.

The graph is read from the .tflite file of the mediapipe wheel, operation by operation; nothing is retrained here.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own idiom)

from lab import tflite
from models.manifest import weight
from models.types import Array

TAPS = {4: 16, 25: 16, 48: 24, 157: 32, 193: 24, 219: 16, 245: 16, 248: 1}
"""Tensors of the graph that are handed on, and their channels: four of the encoder, three of the decoder, the logit."""
FINE, QUARTER, EIGHTH, SIXTEENTH, UP_EIGHTH, UP_QUARTER, UP_HALF, LOGIT = TAPS


class PersonNet(nn.Module):
    """(n, 3, 256, 256) RGB in [0, 1] -> the tensors TAPS, at strides 2, 4, 8, 16, 8, 4, 2, 1."""

    def __init__(self) -> None:
        super().__init__()
        self.steps, weights = tflite.read(weight("selfie_segmentation").read())
        for name, tensor in weights.items():
            self.register_parameter(name, nn.Parameter(torch.from_numpy(tensor)))

    def forward(self, image: Tensor) -> dict[int, Tensor]:
        maps: dict[int, Tensor] = {0: image}
        for step in self.steps:
            if step["out"] > LOGIT:
                continue
            x = maps[step["in"][0]]
            maps[step["out"]] = self._run(step, x, maps)
        return {tap: maps[tap] for tap in TAPS}

    def _run(self, step: tflite.Step, x: Tensor, maps: dict[int, Tensor]) -> Tensor:
        kind = step["kind"]
        if kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            kernel, bias = (getattr(self, name) for name in step["weights"])
            pad = kernel.shape[-1] - step["stride"]
            if kernel.shape[-1] > 1:
                x = F.pad(x, (pad // 2, pad - pad // 2) * 2)
            groups = kernel.shape[0] if kind.startswith("D") else 1
            return F.conv2d(x, kernel, bias, step["stride"], groups=groups)
        if kind == "Convolution2DTransposeBias":
            kernel, bias = (getattr(self, name) for name in step["weights"])
            return F.conv_transpose2d(x, kernel, bias, 2)
        if kind == "ADD":
            return x + maps[step["in"][1]]
        if kind == "MUL":
            return x * maps[step["in"][1]]
        if kind == "AVERAGE_POOL_2D":
            return x.mean((2, 3), keepdim=True)
        if kind == "RESIZE_BILINEAR":
            return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
        return {"RELU": F.relu, "HARD_SWISH": F.hardswish, "LOGISTIC": torch.sigmoid}[kind](x)


class Persons:
    """The person net in ONNX Runtime: five times as fast as torch where nothing is to be learned.

    __call__: (n, 3, s, s) float32 in [0, 1] to the TAPS.
    """

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(_as_onnx(), options, providers=["CPUExecutionProvider"])

    def __call__(self, image: Array) -> dict[int, Array]:
        return dict(zip(TAPS, self._session.run(None, {"image": image}), strict=True))

    def alpha(self, rgb: Array) -> Array:
        """(h, w) uint8 probability of a person for (h, w, 3) uint8."""
        h, w = rgb.shape[:2]
        side = max(h, w)
        square = np.zeros((side, side, 3), np.uint8)
        square[:h, :w] = rgb
        small = cv2.resize(square, (256, 256), interpolation=cv2.INTER_AREA)
        logit = self(np.ascontiguousarray(small.transpose(2, 0, 1)[None], np.float32) / 255)[LOGIT][0, 0]
        soft = (255 / (1 + np.exp(-np.clip(logit, -30, 30)))).astype(np.uint8)
        out: Array = cv2.resize(soft, (side, side), interpolation=cv2.INTER_LINEAR)[:h, :w]
        return out


class _Listed(nn.Module):
    """The person net with its tensors in a row, as ONNX wants them."""

    def __init__(self) -> None:
        super().__init__()
        self.net = PersonNet()

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        return tuple(self.net(image).values())


def _as_onnx() -> bytes:
    file = io.BytesIO()
    axes = {"image": {0: "n", 2: "h", 3: "w"}}
    names = [f"tap{tap}" for tap in TAPS]
    torch.onnx.export(
        _Listed().eval(),
        (torch.rand(2, 3, 256, 256),),
        file,
        input_names=["image"],
        output_names=names,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    return file.getvalue()
