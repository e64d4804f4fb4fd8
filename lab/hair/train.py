# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""python -m lab.hair.train --steps N --cache DIR --run DIR [--resume]: train the hair net.

The learning rate warms up, stays, and falls over the last --fall of --steps; a later --resume with more steps raises
it again. --finish: pictures nearly as they are met. A file called `stop` in the run's folder ends it after a
checkpoint. Step n always sees the same batch.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own idiom)

from lab.hair.keep import COMMITTED
from lab.hair.nets import HairNet
from lab.hair.person import Persons
from lab.hair.samples import FINISHING, LEARNING, Library, batch
from lab.nails import keep
from lab.nails.losses import overlap
from lab.nails.train import schedule

RATE = 2e-3
SIZES = ((160, 20, 0.35), (192, 14, 0.45), (256, 8, 0.2))
"""Side of a batch's pictures, how many, how often."""
EMA = 0.998
EDGE_PX, EDGE_WEIGHT = 3, 1.0
LEAST_PX = 20
LOG_EVERY, KEEP_SECONDS = 50, 120


def main() -> None:
    """Train until --steps or until the stop file appears."""
    parser = argparse.ArgumentParser(prog="python -m lab.hair.train", description=main.__doc__)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="shelves made by lab.hair.data")
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoints, log and stop file")
    parser.add_argument(
        "--resume", action="store_true", help="go on from the newest checkpoint, committed ones too"
    )
    parser.add_argument(
        "--begin-with", type=Path, help="checkpoint of the nail refiner whose encoder is taken over"
    )
    parser.add_argument(
        "--fall", type=float, default=0.3, help="share of the steps over which the rate falls"
    )
    parser.add_argument("--finish", action="store_true", help="pictures as they are met, not far ones")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    args.run.mkdir(parents=True, exist_ok=True)
    Trainer(args).train()


class Trainer:
    """The net, its moving average, its optimizer and where they are kept."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.step, self.full = args, 0, args.run / "hair.pt"
        self.net, self.average = HairNet().to(memory_format=torch.channels_last), HairNet()
        self.persons = Persons()
        self.library = Library.open(args.cache, FINISHING if args.finish else LEARNING)
        self.short = torch.cpu._is_avx512_bf16_supported()
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=RATE, weight_decay=0.03)
        if args.begin_with and (other := keep.newest(args.begin_with)):
            self.net.begin_with(other["average"])
        self.average.load_state_dict(self.net.state_dict())
        if args.resume and (state := keep.newest(self.full, COMMITTED)):
            self.net.load_state_dict(state["net"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]

    def train(self) -> None:
        """Run steps; keep a checkpoint every few minutes."""
        kept = start = time.monotonic()
        log = (self.args.run / "hair.log.jsonl").open("a")
        sums: dict[str, float] = {}
        while self.step < self.args.steps and not (self.args.run / "stop").exists():
            for key, value in self._step().items():
                sums[key] = sums.get(key, 0.0) + value / LOG_EVERY
            if self.step % LOG_EVERY == 0:
                figures = {key: round(value, 4) for key, value in sums.items()}
                seconds = (time.monotonic() - start) / LOG_EVERY
                log.write(json.dumps({"step": self.step, "s": round(seconds, 3)} | figures) + "\n")
                log.flush()
                sums, start = {}, time.monotonic()
            if time.monotonic() - kept > KEEP_SECONDS:
                keep.save(self.full, self._state())
                kept = time.monotonic()
        keep.save(self.full, self._state())
        keep.save(COMMITTED, keep.compact(self._state()))

    def _step(self) -> dict[str, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = RATE * schedule(self.step, self.args.steps, self.args.fall)
        rng = np.random.default_rng([self.args.seed, self.step])
        side, count, _ = SIZES[int(rng.choice(len(SIZES), p=[s[2] for s in SIZES]))]
        started = time.process_time()
        made = batch(self.library, side, count, rng)
        picture = np.ascontiguousarray(made.image.transpose(0, 3, 1, 2), np.float32) / 255
        seen = {tap: torch.from_numpy(x) for tap, x in self.persons(picture[:, :3]).items()}
        ready = time.process_time()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.short):
            logits = self.net(torch.from_numpy(picture).to(memory_format=torch.channels_last), seen)
        hair = torch.from_numpy(made.hair).float() / 255
        loss, figures = hair_loss(logits.float()[:, 0], hair)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimizer.step()
        self.step += 1
        keep.follow(self.average, self.net, self.step, EMA)
        share = (ready - started) / (time.process_time() - started)
        return figures | {"loss": loss.item(), "norm": float(norm), "making": share}

    def _state(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "width": 1.0,
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }


def hair_loss(logits: Tensor, hair: Tensor) -> tuple[Tensor, dict[str, float]]:
    """logits, hair: (n, s, s). Cross entropy with weight on the outline, and overlap of each picture that has hair."""
    hard = (hair > 0.5).float()[:, None]
    kernel = 2 * EDGE_PX + 1
    band = (F.max_pool2d(hard, kernel, 1, EDGE_PX) + F.max_pool2d(-hard, kernel, 1, EDGE_PX))[:, 0]
    weight = 1 + EDGE_WEIGHT * band
    bce = (F.binary_cross_entropy_with_logits(logits, hair, reduction="none") * weight).sum() / weight.sum()
    here = (hair.sum((1, 2)) > LEAST_PX).float()
    some = here.sum().clamp(min=1)
    dice = (overlap(logits, hair, (1, 2)) * here).sum() / some
    with torch.no_grad():
        mine, true = logits > 0, hair > 0.5
        union = (mine | true).sum((1, 2)).clamp(min=1)
        iou = ((mine & true).sum((1, 2)) / union * here).sum() / some
    return 2 * bce + dice, {"bce": bce.item(), "dice": dice.item(), "iou": iou.item()}


if __name__ == "__main__":
    main()
