"""Writes the figures of the hair weights' model card from benchmarks/results: `python -m lab.docs.hair_card`."""

from __future__ import annotations

from collections.abc import Iterable

from kit.settings import ROOT
from lab.docs.figures import Figures, saved

CARD = ROOT / "models" / "weights" / "hair.md"
HEAD = "## Figures\nWritten from `benchmarks/results` by `python -m lab.docs.hair_card`.\n"
COLUMNS = ("iou_mean", "iou_median", "f", "boundary_f", "painted_without_hair")
GROUPS = {
    "source": "by_source",
    "source, and whether a face was found": "by_source_and_face",
    "kind of hair (figT)": "by_kind",
    "lightness of hair": "by_lightness",
    "skin tone": "by_tone",
}


def card(text: str) -> str:
    """The card with its figures as they were measured. Raises ValueError when it has no place for them."""
    figures = saved("hair-val")
    written = text[: text.index(HEAD)] + HEAD
    tables = [line for title, key in GROUPS.items() for line in ("", *_table(title, figures[key]))]
    return "\n".join([written, *_table("photos", {"all": figures}), *tables, "", _notes(figures)])


def _table(title: str, rows: dict[str, Figures]) -> Iterable[str]:
    yield f"| {title} | n | IoU mean | median | F | boundary F (3 px) | painted without hair |"
    yield "|" + "---|" * 7
    for name, row in rows.items():
        yield (
            f"| {name.replace('_', ' ')} | {row['n']} | "
            + " | ".join(f"{row[key]:.3f}" for key in COLUMNS)
            + " |"
        )


def _notes(figures: Figures) -> str:
    return (
        "`painted without hair` is the share of a picture that was painted where its mask has no hair. Faces and hair "
        f"took {figures['p50_ms']} ms a photo (median) on a machine that did other work too.\n"
    )


if __name__ == "__main__":
    CARD.write_text(card(CARD.read_text(encoding="utf-8")), encoding="utf-8")
