# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""What each net is asked to make small. Dice is taken over a batch for the proposer, per crop for the refiner."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own idiom)

MISSED = 0.65
"""Share of a missed pixel in the proposer's overlap loss, against 1 - MISSED of an invented one: aimed at recall."""
RARE = 2.0
"""Extra weight of nail pixels, three in a hundred, in the proposer's cross-entropy."""
EDGE_PX = 3
EDGE_WEIGHT = 3.0


def overlap(logits: Tensor, target: Tensor, dims: tuple[int, ...], missed: float = 0.5) -> Tensor:
    """1 - Tversky index over `dims` (Salehi et al. 2017); missed = 0.5 is Dice."""
    p = logits.sigmoid()
    both = (p * target).sum(dims)
    lost, invented = (target * (1 - p)).sum(dims), (p * (1 - target)).sum(dims)
    return 1 - (both + 1) / (both + missed * lost + (1 - missed) * invented + 1)


def proposer_loss(out: Tensor, target: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
    """out: (n, 4, h, w). Weighted cross-entropy and Tversky for nail and core; doubled angle where it is known."""
    nail, core, angle = out[:, 0], out[:, 1], out[:, 2:]
    weight = target["weight"]
    bce, bce_core = (
        (
            F.binary_cross_entropy_with_logits(logits, truth, reduction="none") * weight * (1 + RARE * truth)
        ).mean()
        for logits, truth in ((nail, target["nail"]), (core, target["core"]))
    )
    dice = overlap(nail, target["nail"], (0, 1, 2), MISSED)
    dice_core = overlap(core, target["core"], (0, 1, 2), MISSED)
    error = (angle - target["angle"].permute(0, 3, 1, 2)).square().sum(1)
    turned = (error * target["trust"]).sum() / (target["trust"].sum() + 1)
    loss = 4 * bce + dice + 2 * bce_core + 0.5 * dice_core + 0.15 * turned
    return loss, {
        "bce": bce.item(),
        "dice": dice.item(),
        "angle": turned.item(),
        "most": nail.amax().sigmoid().item(),
    }


def refiner_loss(out: tuple[Tensor, Tensor], target: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
    """out: mask logits (n, 1, s, s) and facts (n, 3). Edges count more; crops without a nail teach the mask little."""
    logits, facts = out[0][:, 0], out[1]
    mask, present = target["mask"], target["present"]
    band = _band(mask)
    bce = (
        F.binary_cross_entropy_with_logits(logits, mask, reduction="none") * (1 + EDGE_WEIGHT * band)
    ).mean((1, 2))
    dice = overlap(logits, mask, (1, 2))
    shape = (bce * (0.3 + 0.7 * present)).mean() + (dice * present).sum() / (present.sum() + 1)
    score = F.binary_cross_entropy_with_logits(facts[:, 0], present)
    known = target["tip"].square().sum(1)
    tip = ((facts[:, 1:] - target["tip"]).square().sum(1) * known).sum() / (known.sum() + 1)
    loss = shape + 0.4 * score + 0.1 * tip
    with torch.no_grad():
        hit = ((logits > 0) & (mask > 0.5)).sum((1, 2))
        union = ((logits > 0) | (mask > 0.5)).sum((1, 2)).clamp(min=1)
        iou = ((hit / union) * present).sum() / present.sum().clamp(min=1)
        right = ((facts[:, 0] > 0) == (present > 0.5)).float().mean()
    return loss, {"dice": dice.mean().item(), "iou": iou.item(), "present": right.item(), "tip": tip.item()}


def _band(mask: Tensor) -> Tensor:
    """1 within EDGE_PX of the outline, else 0."""
    hard = (mask > 0.5).float()[:, None]
    kernel = 2 * EDGE_PX + 1
    grown = F.max_pool2d(hard, kernel, 1, EDGE_PX)
    shrunk = -F.max_pool2d(-hard, kernel, 1, EDGE_PX)
    return (grown - shrunk)[:, 0]
