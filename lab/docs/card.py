"""Writes the figures of the nail weights' model card from benchmarks/results: `python -m lab.docs.card`."""

from __future__ import annotations

from collections.abc import Iterable

from kit.settings import ROOT
from lab.docs.figures import Figures, saved

CARD = ROOT / "models" / "weights" / "README.md"
HEAD = "## Figures\nWritten from `benchmarks/results` by `python -m lab.docs.card`.\n"
COLUMNS = ("iou_mean", "iou_median", "iou_pooled", "boundary_f", "recall", "precision")


def card(text: str) -> str:
    """The card with its figures as they were measured. Raises ValueError when it has no place for them."""
    written = text[: text.index(HEAD)] + HEAD
    return "\n".join(
        [written, *_kinds(saved("nails-val")), "", *_tones(saved("nails-val")), "", _negatives()]
    )


def _kinds(figures: Figures) -> Iterable[str]:
    yield "| fold `val` | photos | IoU mean | median | pooled | boundary F | recall | precision |"
    yield "|" + "---|" * 8
    for kind, row in [("all", figures), *figures["kinds"].items()]:
        yield f"| {kind} | {row['n']} | " + " | ".join(f"{row[key]:.3f}" for key in COLUMNS) + " |"


def _tones(figures: Figures) -> Iterable[str]:
    yield "| skin tone | nails | recall | IoU of a nail |"
    yield "|" + "---|" * 4
    for tone, row in figures["tones"].items():
        yield f"| {tone.replace('_', ' ')} | {row['nails']} | {row['recall']:.3f} | {row['iou_mean']:.3f} |"


def _negatives() -> str:
    found = saved("nails-negatives")
    return f"Photos without hands: nails were painted on {found['false_photos']} of {found['negatives']}.\n"


if __name__ == "__main__":
    CARD.write_text(card(CARD.read_text(encoding="utf-8")), encoding="utf-8")
