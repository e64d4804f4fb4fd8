"""Makes docs/pictures/nail-finishes.jpg, every finish on three sample hands: `python -m lab.docs.finishes`."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from kit.settings import ROOT
from looks.colour import Swatch
from looks.finger import Finger
from looks.finish import NailFinish
from looks.layer import NailPolish
from looks.look import Look
from models.pipeline import Studio, TryOnResult
from models.types import Array

HANDS = ROOT / "assets" / "samples" / "hands"
OUT = ROOT / "docs" / "pictures" / "nail-finishes.jpg"
SAMPLES = ("open_10_right", "open_06_right", "open_02_right")  # a dark, a medium and a light hand
FINGERS = (Finger.MIDDLE, Finger.RING)
SWATCHES = {
    NailFinish.CREAM: "#b3122a",
    NailFinish.GEL: "#14224f",
    NailFinish.MATTE: "#5d6130",
    NailFinish.SHEER: "#e8a7a0",
    NailFinish.JELLY: "#b3122a",
    NailFinish.METALLIC: "#ba6e41",
    NailFinish.PEARL: "#e8d6d0",
    NailFinish.SHIMMER_FINE: "#8c2f52",
    NailFinish.SHIMMER_COARSE: "#20406a",
    NailFinish.GLITTER: "#c3c7cc",
    NailFinish.FLAKE: "#006167",
    NailFinish.FOIL: "#dcba6c",
    NailFinish.CHROME: "#bec1c4",
    NailFinish.HOLOGRAPHIC: "#b8b8c4",
    NailFinish.CAT_EYE: "#173a2c",
    NailFinish.TEXTURED: "#cdab87",
}
CROP_PX, TILE_PX, GAP_PX, LABEL_PX, COLUMNS = 92, 230, 4, 18, 4
PAPER, INK = (250, 249, 247), (40, 40, 40)


def main() -> None:
    """A block for each finish: two nails of each hand, enlarged."""
    studio = Studio.load()
    looks = [
        Look(name=finish, layers=(NailPolish(swatch=Swatch.of(SWATCHES[finish]), finish=finish),))
        for finish in NailFinish
    ]
    results = [studio.try_on((HANDS / f"{name}.jpg").read_bytes(), looks) for name in SAMPLES]
    wide, high = len(FINGERS) * TILE_PX, len(SAMPLES) * TILE_PX + LABEL_PX
    rows = -(-len(looks) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (wide + GAP_PX), rows * (high + GAP_PX)), PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, finish in enumerate(NailFinish):
        x, y = number % COLUMNS * (wide + GAP_PX), number // COLUMNS * (high + GAP_PX)
        draw.text((x + 4, y + 3), f"{finish.replace('_', ' ')}  {SWATCHES[finish]}", fill=INK)
        for row, result in enumerate(results):
            for column, finger in enumerate(FINGERS):
                tile = Image.fromarray(_nail(result, number, finger))
                tile = tile.resize((TILE_PX, TILE_PX), Image.Resampling.BICUBIC)
                sheet.paste(tile, (x + column * TILE_PX, y + LABEL_PX + row * TILE_PX))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(OUT, quality=88, optimize=True)


def _nail(result: TryOnResult, number: int, finger: Finger) -> Array:
    """(CROP_PX, CROP_PX, 3) uint8 about one finger's nail; grey where it was not found."""
    rgb = result.renders[number].rgb
    for nail in result.scan.nails or ():
        if nail.finger is finger:
            box = nail.mask.box
            middle = (box.x0 + box.x1) // 2, (box.y0 + box.y1) // 2
            x, y = (
                int(np.clip(place - CROP_PX // 2, 0, side - CROP_PX))
                for place, side in zip(middle, (rgb.shape[1], rgb.shape[0]), strict=True)
            )
            found: Array = rgb[y : y + CROP_PX, x : x + CROP_PX]
            return found
    return np.full((CROP_PX, CROP_PX, 3), 128, np.uint8)


if __name__ == "__main__":
    main()
