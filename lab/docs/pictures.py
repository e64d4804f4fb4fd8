"""Makes docs/pictures/before-after.jpg from the sample pictures: `python -m lab.docs.pictures`."""

from __future__ import annotations

import msgspec
import numpy as np
from PIL import Image

from kit.settings import ROOT
from models.pipeline import Studio
from models.types import Array
from modules.catalog.load import load_shelf

SAMPLES = ROOT / "assets" / "samples"
HANDS = SAMPLES / "hands"
OUT = ROOT / "docs" / "pictures" / "before-after.jpg"
TILE = (360, 480)
GAP = 6


def main() -> None:
    """A hand and a face, each before and after, in one row."""
    shelf = load_shelf(ROOT / "assets" / "catalog")
    studio = Studio.load()
    hero: str = msgspec.json.decode((HANDS / "index.json").read_bytes())["hero"]
    pairs = (
        (HANDS / hero, "des_polish_lacquer_red", (0.0, 1.0)),
        (SAMPLES / "faces" / "astronaut.jpg", "des_lips_true_red_matte", (0.21, 0.66)),
    )
    tiles: list[Array] = []
    for photo, design, across in pairs:
        made = studio.try_on(photo.read_bytes(), [shelf.look([design])])
        tiles += [_tile(made.photo.rgb, across), _tile(made.renders[0].rgb, across)]
    gap = np.full((TILE[1], GAP, 3), 255, np.uint8)
    row = np.concatenate([part for tile in tiles for part in (tile, gap)][:-1], axis=1)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(row).save(OUT, quality=88, optimize=True)


def _tile(rgb: Array, across: tuple[float, float]) -> Array:
    """The top of a picture between two fractions of its width, (480, 360, 3) uint8."""
    left, right = (round(part * rgb.shape[1]) for part in across)
    top = Image.fromarray(rgb).crop((left, 0, right, (right - left) * TILE[1] // TILE[0]))
    return np.asarray(top.resize(TILE, Image.Resampling.LANCZOS))


if __name__ == "__main__":
    main()
