"""The swatch sheet: all colours, polishes finish by finish, to judge the palette by eye."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click
from PIL import Image, ImageDraw

from modules.catalog.load import load_shelf
from modules.catalog.shelf import Design, DesignKind

SHELF = Path(__file__).parents[2] / "assets" / "catalog"
COLUMNS, CELL_PX, MARGIN_PX, LABEL_PX = 14, 120, 8, 110
PAPER, INK = (250, 249, 247), (40, 40, 40)


def sheet(designs: list[Design]) -> Image.Image:
    """One picture of all designs; those that cannot be drawn yet carry a dot before their name."""
    rows = [
        (label, group[start : start + COLUMNS])
        for label, group in ((label, list(group)) for label, group in groupby(designs, _row))
        for start in range(0, len(group), COLUMNS)
    ]
    picture = Image.new("RGB", (LABEL_PX + COLUMNS * CELL_PX, len(rows) * CELL_PX), PAPER)
    draw = ImageDraw.Draw(picture)
    for line, (label, group) in enumerate(rows):
        draw.text((MARGIN_PX, line * CELL_PX + CELL_PX // 3), label, fill=INK)
        for column, design in enumerate(group):
            _cell(draw, LABEL_PX + column * CELL_PX, line * CELL_PX, design)
    return picture


def _row(design: Design) -> str:
    kind = design.kind.replace("_", " ")
    return f"{kind}\n{design.finish}" if design.kind is DesignKind.NAIL_POLISH else kind


def _cell(draw: ImageDraw.ImageDraw, x: int, y: int, design: Design) -> None:
    width, bottom = (CELL_PX - MARGIN_PX) / len(design.swatches), y + CELL_PX - 3 * MARGIN_PX
    for index, swatch in enumerate(design.swatches):
        draw.rectangle((x + index * width, y + MARGIN_PX, x + (index + 1) * width, bottom), fill=swatch.hex)
    draw.text((x, bottom + 4), ("" if design.renderable else "· ") + design.name, fill=INK)


@click.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def main(out: Path) -> None:
    """Draw the whole shelf as one PNG."""
    sheet(list(load_shelf(SHELF).designs.values())).save(out)


if __name__ == "__main__":
    main()
