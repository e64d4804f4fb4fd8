"""Makes docs/pictures/nail-shapes.jpg, every shape at five lengths on a sample hand: `python -m lab.docs.shapes`."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from PIL import Image, ImageDraw

from kit.settings import ROOT
from looks.colour import Swatch
from looks.finger import Finger
from looks.finish import NailFinish
from looks.layer import NailPolish
from looks.look import Look
from looks.shape import NailShape
from models.pipeline import Studio, TryOnResult
from models.types import Array

HAND = ROOT / "assets" / "samples" / "hands" / "open_04_right.jpg"
OUT = ROOT / "docs" / "pictures" / "nail-shapes.jpg"
LENGTHS = (0.8, 1.0, 1.4, 2.0, 2.5)
SHOWN = (Finger.MIDDLE, Finger.RING)
CELL, LABEL_PX, PAPER, INK = (250, 190), 78, (255, 255, 255), (40, 40, 40)


def sheet(photo: Path, colour: str, finish: NailFinish) -> Image.Image:
    """Rows are shapes, columns lengths; each cell shows the same two fingers."""
    looks = [
        Look(name=f"{shape} {length}", layers=(_polish(colour, finish, shape, length),))
        for shape in NailShape
        for length in LENGTHS
    ]
    made = Studio.load().try_on(photo.read_bytes(), looks)
    box = _fingertips(made)
    width, height = CELL
    picture = Image.new(
        "RGB", (LABEL_PX + len(LENGTHS) * width, LABEL_PX // 3 + len(NailShape) * height), PAPER
    )
    draw = ImageDraw.Draw(picture)
    for column, length in enumerate(LENGTHS):
        draw.text((LABEL_PX + column * width + width // 2, 8), f"{length}", fill=INK)
    for number, render in enumerate(made.renders):
        row, column = divmod(number, len(LENGTHS))
        y = LABEL_PX // 3 + row * height
        if not column:
            draw.text((8, y + height // 2), list(NailShape)[row].value, fill=INK)
        cell = Image.fromarray(render.rgb).crop(box).resize((width - 4, height - 4), Image.Resampling.LANCZOS)
        picture.paste(cell, (LABEL_PX + column * width, y))
    return picture


def _polish(colour: str, finish: NailFinish, shape: NailShape, length: float) -> NailPolish:
    return NailPolish(swatch=Swatch.of(colour), finish=finish, shape=shape, length=length)


def _fingertips(made: TryOnResult) -> tuple[int, int, int, int]:
    """Left, top, right, bottom around the shown nails, with room for the longest."""
    found = made.scan.nails or ()
    ends: Array = np.concatenate([n.axis for n in found if n.finger in SHOWN] or [n.axis for n in found])
    (left, top), (right, bottom) = ends.min(axis=0).tolist(), ends.max(axis=0).tolist()
    reach = float(np.median([np.hypot(*(n.axis[1] - n.axis[0])) for n in found])) * 2.0
    width = max(right - left + 1.2 * reach, (bottom - top + 1.65 * reach) * CELL[0] / CELL[1])
    height, middle = width * CELL[1] / CELL[0], (left + right) / 2
    start = max(0.0, top - 1.05 * reach)
    return round(middle - width / 2), round(start), round(middle + width / 2), round(start + height)


@click.command()
@click.option("--photo", type=click.Path(path_type=Path, exists=True), default=HAND)
@click.option("--out", type=click.Path(path_type=Path), default=OUT)
@click.option("--colour", default="#b3122a")
@click.option("--finish", type=click.Choice([finish.value for finish in NailFinish]), default="gel")
def main(photo: Path, out: Path, colour: str, finish: str) -> None:
    """Draw the sheet of a photo, the committed one unless another is named."""
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet(photo, colour, NailFinish(finish)).save(out, quality=86, optimize=True)


if __name__ == "__main__":
    main()
