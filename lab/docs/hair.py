"""Makes docs/pictures/hair-colour.jpg, locks before and after beside what physics gives: `python -m lab.docs.hair`."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.hair_colour import scanned
from benchmarks.truth.hair import TARGETS, HairSitting
from kit.settings import ROOT
from looks.colour import Swatch
from looks.layer import Hair
from models.render.hair import HairRenderer
from models.types import Array

OUT = ROOT / "docs" / "pictures" / "hair-colour.jpg"
ROWS = ((2, 2, "neutral"), (6, 5, "neutral"), (9, 8, "tungsten"))
"""Skin tone, level of the hair before, light."""
SHOWN = ("blue_black", "chestnut", "copper", "honey", "platinum", "denim")
GAP_PX, LABEL_PX, PAPER, INK = 6, 18, (250, 249, 247), (40, 40, 40)


def main() -> None:
    """A row for each head: the photo, then for each colour ours and the truth side by side."""
    columns = 1 + len(SHOWN)
    tiles = [[_half(sitting.before(level)), *_pairs(sitting, level)] for sitting, level in _heads()]
    high, wide = tiles[0][0].shape[0], tiles[0][1].shape[1]
    size = (columns * (wide + GAP_PX), len(tiles) * (high + GAP_PX) + LABEL_PX)
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, name in enumerate(("before", *SHOWN)):
        draw.text((number * (wide + GAP_PX) + 4, 3), name.replace("_", " "), fill=INK)
    for row, line in enumerate(tiles):
        for column, tile in enumerate(line):
            place = column * (wide + GAP_PX), row * (high + GAP_PX) + LABEL_PX
            sheet.paste(Image.fromarray(tile), place)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(OUT, quality=86, optimize=True)


def _heads() -> list[tuple[HairSitting, int]]:
    return [(HairSitting(tone, light), level) for tone, level, light in ROWS]


def _pairs(sitting: HairSitting, level: int) -> list[Array]:
    photo = sitting.before(level)
    scan, found = scanned(sitting, photo), []
    for name in SHOWN:
        swatch, canvas = Swatch.of(TARGETS[name]), photo.copy()
        HairRenderer().draw(canvas, scan, Hair(colours=(swatch,)))
        found.append(np.concatenate([_half(canvas), _half(sitting.after(swatch.hex))], axis=1))
    return found


def _half(picture: Array) -> Array:
    """The lock without most of the cheek."""
    return np.ascontiguousarray(picture[20:220, 52:196])


if __name__ == "__main__":
    main()
