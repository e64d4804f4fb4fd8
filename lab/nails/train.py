# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""python -m lab.nails.train --net NET --steps N --cache DIR --run DIR [--resume]: train one net.

The learning rate warms up, stays, and falls over the last --fall of --steps; a later --resume with more steps raises
it again. --finish: the last steps, on pictures as they are met. A file called `stop` in the run's folder ends it after
a checkpoint. Step n always sees the same batch.
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
from torch.utils.data import DataLoader, Dataset

from lab.nails import keep
from lab.nails.crops import refiner_batch
from lab.nails.hand import known
from lab.nails.losses import proposer_loss, refiner_loss
from lab.nails.nets import NETS, REFINER_SIDE, graft
from lab.nails.samples import FINISHING, LEARNING, Library, proposer_batch

RATE = 2e-3
SIZES = ((224, 12, 0.45), (288, 8, 0.30), (384, 4, 0.25))
"""Side of the proposer's canvas, pictures in a batch, how often."""
CROPS = 24
LEARNED = 0.2
"""Share of the rate for the layers of an encoder that has learned from hands before."""
WARM = 300
EMA = 0.999
LOG_EVERY, KEEP_SECONDS, COMPACT_SECONDS = 50, 180, 1200


def main() -> None:
    """Train until --steps or until the stop file appears."""
    parser = argparse.ArgumentParser(prog="python -m lab.nails.train", description=main.__doc__)
    parser.add_argument("--net", choices=sorted(NETS), required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="shelves made by lab.nails.data")
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoints, log and stop file")
    parser.add_argument(
        "--resume", action="store_true", help="go on from the newest checkpoint, committed ones too"
    )
    parser.add_argument(
        "--begin-with", choices=sorted(NETS), help="take over the encoder of this net's checkpoint"
    )
    parser.add_argument(
        "--fall", type=float, default=0.2, help="share of the steps over which the rate falls"
    )
    parser.add_argument("--finish", action="store_true", help="pictures as they are met, not far ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--width", type=float, default=1.0, help="channels of the net, over the default")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--workers", type=int, default=0, help="processes that make batches beside the net")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--first", type=int, help="prove the code: learn this many photos, without augmentation"
    )
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    args.run.mkdir(parents=True, exist_ok=True)
    Trainer(args).train()


class Trainer:
    """One net, its moving average, its optimizer and where they are kept."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.name, self.step, self.device = args, args.net, 0, torch.device(args.device)
        self.net: nn.Module = NETS[self.name](args.width).to(self.device, memory_format=torch.channels_last)
        self.average: nn.Module = NETS[self.name](args.width).to(self.device)
        self.average.load_state_dict(self.net.state_dict())
        self.short = self.device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
        self.optimizer = torch.optim.AdamW(self._groups(), lr=RATE, weight_decay=0.02)
        self.full, self.compact = self._checkpoints(self.name)
        if args.begin_with and (other := keep.newest(*self._checkpoints(args.begin_with))):
            graft(self.net, other["average"])
            graft(self.average, other["average"])
        if args.resume and (state := keep.newest(self.full, self.compact)):
            self.net.load_state_dict(state["net"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]

    def _groups(self) -> list[dict[str, Any]]:
        """Parameters, and what share of the rate they take: what was learned elsewhere moves less."""
        taken_over = known(self.net)
        named = [(name, one) for name, one in self.net.named_parameters() if one.requires_grad]
        learned = [one for name, one in named if name in taken_over]
        new = [one for name, one in named if name not in taken_over]
        groups = [{"params": new, "share": 1.0}, {"params": learned, "share": LEARNED}]
        return [group for group in groups if group["params"]]

    def _checkpoints(self, name: str) -> tuple[Path, Path]:
        """The full one and the compact one of a net."""
        return self.args.run / f"{name}.pt", keep.COMMITTED / f"{name}.pt"

    def train(self) -> None:
        """Run steps; keep a checkpoint every few minutes, and a compact one now and then."""
        kept = compacted = time.monotonic()
        log = (self.args.run / f"{self.name}.log.jsonl").open("a")
        sums: dict[str, float] = {}
        start = time.monotonic()
        batches = Batches(self.args, self.step)
        for image, target in DataLoader(batches, batch_size=None, num_workers=self.args.workers):
            if (self.args.run / "stop").exists():
                break
            for key, value in self._step(image, target).items():
                sums[key] = sums.get(key, 0.0) + value / LOG_EVERY
            if self.step % LOG_EVERY == 0:
                seconds = (time.monotonic() - start) / LOG_EVERY
                log.write(json.dumps({"step": self.step, "s": round(seconds, 3)} | _rounded(sums)) + "\n")
                log.flush()
                sums, start = {}, time.monotonic()
            if time.monotonic() - kept > KEEP_SECONDS:
                keep.save(self.full, self._state())
                kept = time.monotonic()
            if not self.args.first and time.monotonic() - compacted > COMPACT_SECONDS:
                keep.save(self.compact, keep.compact(self._state()))
                compacted = time.monotonic()
        keep.save(self.full, self._state())
        if not self.args.first:
            keep.save(self.compact, keep.compact(self._state()))

    def _step(self, image: Tensor, target: dict[str, Tensor]) -> dict[str, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = (
                RATE * group.get("share", 1.0) * schedule(self.step, self.args.steps, self.args.fall)
            )
        target = {key: value.to(self.device, non_blocking=True) for key, value in target.items()}
        picture = image.to(self.device, non_blocking=True).permute(0, 3, 1, 2).float() / 255
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.short):
            out = self.net(picture)
        whole = tuple(o.float() for o in out) if isinstance(out, tuple) else out.float()
        loss, figures = (refiner_loss if self.name.endswith("refiner") else proposer_loss)(whole, target)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimizer.step()
        self.step += 1
        keep.follow(self.average, self.net, self.step, EMA)
        return figures | {"loss": loss.item(), "norm": float(norm)}

    def _state(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "width": self.args.width,
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }


class Batches(Dataset[tuple[Tensor, dict[str, Tensor]]]):
    """Batch n of the rest of a training: image (n, s, s, 3) uint8 and its targets."""

    def __init__(self, args: argparse.Namespace, done: int) -> None:
        self.args, self.done = args, done
        self.library = Library.open(args.cache, args.first, FINISHING if args.finish else LEARNING)

    def __len__(self) -> int:
        return max(0, self.args.steps - self.done)

    def __getitem__(self, index: int) -> tuple[Tensor, dict[str, Tensor]]:
        if index >= len(self):
            raise IndexError(index)
        cv2.setNumThreads(1)
        rng = np.random.default_rng([self.args.seed, self.done + index, len(self.args.net)])
        plain = self.args.first is not None
        if self.args.net.endswith("refiner"):
            batch: Any = refiner_batch(self.library, REFINER_SIDE, CROPS, rng, plain)
        else:
            size, count, _ = SIZES[int(rng.choice(len(SIZES), p=[s[2] for s in SIZES]))]
            batch = proposer_batch(self.library, size, count, rng, plain)
        tensors = {key: torch.from_numpy(value) for key, value in vars(batch).items()}
        return tensors.pop("image"), tensors


def schedule(step: int, steps: int, falling: float) -> float:
    """Share of the full rate: warm-up, plateau, linear fall to a fiftieth over the last share `falling`."""
    fall = min(1.0, (steps - step) / (falling * steps))
    return min(1.0, (step + 1) / WARM) * (0.02 + 0.98 * fall)


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {key: round(value, 5) for key, value in figures.items()}


if __name__ == "__main__":
    main()
