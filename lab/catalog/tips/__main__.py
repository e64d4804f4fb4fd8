"""`python -m lab.catalog.tips`: draw every shipped design anew into assets/catalog/tips (about 2 CPU minutes)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import click
import cv2
from PIL import Image, ImageDraw

from lab.catalog.tips.draw import SIDE_PX, drawn
from modules.catalog.load import load_shelf
from modules.catalog.shelf import Design

SHELF = Path(__file__).parents[3] / "assets" / "catalog"
TIPS = SHELF / "tips"
QUALITY = 86
COLUMNS, CELL_PX, LABEL_PX = 12, 144, 14
PAPER, INK = (250, 249, 247), (40, 40, 40)


def draw_all(designs: Collection[Design]) -> int:
    """Write a WebP for each design and take away those of designs that are gone; returns how many bytes they take."""
    TIPS.mkdir(exist_ok=True)
    for stray in {path.stem for path in TIPS.glob("*.webp")} - {design.id for design in designs}:
        (TIPS / f"{stray}.webp").unlink()
    with click.progressbar(designs, label="drawing") as waiting:
        for design in waiting:
            Image.fromarray(drawn(design)).save(TIPS / f"{design.id}.webp", quality=QUALITY, method=6)
    return sum(path.stat().st_size for path in TIPS.glob("*.webp"))


def sheet(designs: Collection[Design]) -> Image.Image:
    """All pictures as they are stored, to be judged side by side."""
    rows = -(-len(designs) // COLUMNS)
    picture = Image.new("RGB", (COLUMNS * CELL_PX, rows * (CELL_PX + LABEL_PX)), PAPER)
    draw = ImageDraw.Draw(picture)
    for number, design in enumerate(designs):
        x, y = number % COLUMNS * CELL_PX, number // COLUMNS * (CELL_PX + LABEL_PX)
        with Image.open(TIPS / f"{design.id}.webp") as tip:
            picture.paste(tip.resize((CELL_PX, CELL_PX), Image.Resampling.LANCZOS), (x, y))
        draw.text((x + 2, y + CELL_PX), design.name, fill=INK)
    return picture


@click.command()
@click.option(
    "--sheet", "out", type=click.Path(path_type=Path, dir_okay=False), help="Draw a contact sheet, too."
)
@click.option("--only", help="Only designs whose id holds this.")
def main(out: Path | None, only: str | None) -> None:
    """Draw the shipped designs' pictures."""
    cv2.setNumThreads(1)
    designs = list(load_shelf(SHELF).designs.values())
    if only:
        for design in (design for design in designs if only in design.id):
            Image.fromarray(drawn(design)).save(TIPS / f"{design.id}.webp", quality=QUALITY, method=6)
    else:
        click.echo(f"{len(designs)} pictures of {SIDE_PX} px, {draw_all(designs) / 1e6:.2f} MB")
    if out is not None:
        sheet(designs).save(out)


if __name__ == "__main__":
    main()
