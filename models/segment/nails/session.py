"""The two nets of the cascade in ONNX Runtime."""

from __future__ import annotations

import os

import numpy as np
import onnxruntime

from models.types import Array

PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
THREADS = min(2, os.cpu_count() or 1)
"""Of one net. They sleep when there is nothing to do: other processes need the cores."""


def load(weight: bytes) -> onnxruntime.InferenceSession:
    """A net on the GPU if there is one, else on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    here = onnxruntime.get_available_providers()
    return onnxruntime.InferenceSession(weight, options, providers=[p for p in PROVIDERS if p in here])


def tensor(rgb: Array) -> Array:
    """(n, h, w, 3) uint8 to (n, 3, h, w) float32 in [0, 1]."""
    out: Array = np.ascontiguousarray(rgb.transpose(0, 3, 1, 2), dtype=np.float32) / 255
    return out


def sigmoid(x: Array) -> Array:
    """Logits to probabilities."""
    out: Array = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return out
