# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""MediaPipe's light hand-landmark net (Apache-2.0) as an encoder: it has seen far more hands than we have labelled.

Its layers are read from the .tflite file of the mediapipe wheel and learn on with ours; those up to its first maps at
stride 4, which take most of the time backwards, stay as they are.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own idiom)

from lab import tflite

TAPS = {107: 64, 116: 96, 123: 144, 145: 384, 159: 112}
"""Tensors of the graph that are handed on, at strides 2, 4, 8, 16, 32, and their channels."""
FIXED, FIXED_CHANNELS, LAST = 111, 16, 159
"""Tensors: up to the first, of so many channels, nothing learns on; what comes after the last is left away."""
FILE = "modules/hand_landmark/hand_landmark_lite.tflite"


class HandEncoder(nn.Module):
    """(n, 3, h, w) RGB in [0, 1] -> maps at strides 2, 4, 8, 16, 32."""

    def __init__(self) -> None:
        super().__init__()
        steps, weights = tflite.read(_file().read_bytes())
        self.steps = [s for s in steps if s["out"] <= LAST]
        used = {name for s in self.steps for name in s.get("weights", ())}
        fixed = {name for s in self.steps if s["out"] <= FIXED for name in s.get("weights", ())}
        for name in sorted(used):
            self.register_parameter(
                name, nn.Parameter(torch.from_numpy(weights[name].copy()), requires_grad=name not in fixed)
            )

    def forward(self, image: Tensor, place: Tensor | None = None) -> list[Tensor]:
        """place: (1, 16, h/4, w/4), what is added behind the layers that stay as they are."""
        maps: dict[int, Tensor] = {0: image}
        for step in self.steps:
            maps[step["out"]] = self._run(step, maps)
            if step["out"] == FIXED and place is not None:
                maps[FIXED] = maps[FIXED] + place
        return [maps[tap] for tap in TAPS]

    def _run(self, step: tflite.Step, maps: dict[int, Tensor]) -> Tensor:
        x = maps[step["in"][0]]
        if step["kind"] == "ADD":
            return x + maps[step["in"][1]]
        if step["kind"] == "MAX_POOL_2D":
            return F.max_pool2d(x, 2)
        kernel, bias = (getattr(self, name) for name in step["weights"])
        pad = max(kernel.shape[-1] - step["stride"], 0)
        if kernel.shape[-1] > 1:
            x = F.pad(x, (pad // 2, pad - pad // 2) * 2)
        groups = kernel.shape[0] if step["kind"].startswith("D") else 1
        x = F.conv2d(x, kernel, bias, step["stride"], groups=groups)
        return F.relu6(x) if step["activation"] else x


def known(net: nn.Module) -> set[str]:
    """Names of a net's parameters that have learned from hands before."""
    return {
        f"{name}.{own}"
        for name, part in net.named_modules()
        if isinstance(part, HandEncoder)
        for own, _ in part.named_parameters()
    }


def _file() -> Path:
    """In the mediapipe wheel, which need not be imported (nor have what it depends on)."""
    found = find_spec("mediapipe")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("install mediapipe==0.10.21 (--no-deps is enough)")
    return Path(found.submodule_search_locations[0]) / FILE
