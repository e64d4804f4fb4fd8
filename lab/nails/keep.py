# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""Checkpoints: a full one outside the repository, and a compact one (bfloat16) that is small enough to be committed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

COMMITTED = Path(__file__).with_name("checkpoints")


def save(path: Path, state: dict[str, Any], compact: bool = False) -> None:
    """Write a state so that a cut never leaves half a file; compact rounds every float to bfloat16."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    torch.save(_rounded(state) if compact else state, draft)
    draft.replace(path)


def newest(*paths: Path) -> dict[str, Any] | None:
    """The state with the most steps among those files that exist; tensors in float32 again."""
    states = [torch.load(path, map_location="cpu", weights_only=True) for path in paths if path.exists()]
    return _widened(max(states, key=lambda state: state["step"])) if states else None


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, torch.Tensor) and value.is_floating_point() and value.ndim:
        return value.to(torch.bfloat16)
    return value


def _widened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _widened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_widened(item) for item in value]
    return value.float() if isinstance(value, torch.Tensor) and value.dtype == torch.bfloat16 else value
