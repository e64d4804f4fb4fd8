"""The queues: `gpu` renders pictures, `cpu` does everything else. Separate processes serve them."""

from __future__ import annotations

GPU, CPU = "gpu", "cpu"
QUEUES = (GPU, CPU)
