# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""Checkpoints: a full one outside the repository, and a compact one that is small enough to be committed.

The compact one holds the moving average (float16) and the optimizer's second moments (bfloat16): the average is the
better net to go on from, and first moments are learned again within ten steps.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

COMMITTED = Path(__file__).with_name("checkpoints")
State = dict[str, Any]
"""step, width, net, average: weights; optimizer: AdamW's state_dict()."""


def follow(average: nn.Module, net: nn.Module, step: int, most: float) -> None:
    """Move the average towards the net, keeping at most this share; faster at first, so that it can be judged early."""
    share = min(most, (1 + step) / (10 + step))
    with torch.no_grad():
        for mine, theirs in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
            if mine.is_floating_point():
                mine.lerp_(theirs, 1 - share)
            else:
                mine.copy_(theirs)


def save(path: Path, state: State) -> None:
    """Write a state so that a cut never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    torch.save(state, draft)
    draft.replace(path)


def newest(*paths: Path) -> State | None:
    """The state with the most steps among those files that exist, in full form; the first wins a tie."""
    states = [torch.load(path, map_location="cpu", weights_only=True) for path in paths if path.exists()]
    return _expanded(max(states, key=lambda state: state["step"])) if states else None


def compact(state: State) -> State:
    """A quarter of the size."""
    optimizer = state["optimizer"]
    seconds = {i: slot["exp_avg_sq"].to(torch.bfloat16) for i, slot in optimizer["state"].items()}
    return {
        "step": state["step"],
        "width": state["width"],
        "average": {k: v.half() if v.is_floating_point() else v for k, v in state["average"].items()},
        "groups": optimizer["param_groups"],
        "seconds": seconds,
    }


def _expanded(state: State) -> State:
    if "seconds" not in state:
        return state
    average = {k: v.float() if v.is_floating_point() else v for k, v in state["average"].items()}
    slots = {
        i: {
            "step": torch.tensor(float(state["step"])),
            "exp_avg": torch.zeros_like(second, dtype=torch.float32),
            "exp_avg_sq": second.float(),
        }
        for i, second in state["seconds"].items()
    }
    return {
        "step": state["step"],
        "width": state["width"],
        "net": {k: v.clone() for k, v in average.items()},
        "average": average,
        "optimizer": {"state": slots, "param_groups": state["groups"]},
    }
