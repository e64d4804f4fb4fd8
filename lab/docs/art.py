"""Makes docs/pictures/nail-art.jpg from the sample hands: `python -m lab.docs.art [OUT.png]`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from kit.settings import ROOT
from looks.art import Accent, AnyArt, Arrangement, Cut, Decal, French, Gems, Motif, Ombre
from looks.colour import Swatch
from looks.finger import Finger
from looks.finish import NailFinish
from looks.layer import NailArt
from looks.look import Look
from models.pipeline import Studio
from models.types import Array, Scan

HANDS = ROOT / "assets" / "samples" / "hands"
OUT = ROOT / "docs" / "pictures" / "nail-art.jpg"
TILE, GAP, COLUMNS = (420, 420), 6, 4
SHOWN = (Finger.MIDDLE, Finger.RING)
MARGIN = 0.10  # about their nails, of the larger side of what they span

ART: tuple[tuple[str, AnyArt, str], ...] = (
    ("open_01_left", French(width=0.2), "f2d4cc f7f6f4"),
    ("open_04_right", French(width=0.18, line=0.05), "b26a74 1f1f22 d3ad5c"),
    ("open_10_right", Ombre(stops=(0.15, 0.9)), "e0a596 f9f6f3"),
    ("relaxed_06_left", Ombre(stops=(0.0, 0.5, 1.0)), "f0d49f f5a271 e55e73"),
    ("open_06_right", Decal(motif=Motif.DAISY, scale=0.34, count=4), "a9cfe4 faf9f8 fac445"),
    ("open_01_left", Decal(motif=Motif.MARBLE, scale=2.0, tile=True), "eef1f4 777c82 c9a24a"),
    ("open_04_right", Decal(motif=Motif.LEOPARD, scale=1.6, tile=True), "d9b48a 2a1c14 a06a3c"),
    ("open_10_right", Decal(motif=Motif.HEART, scale=0.5), "f3d9d6 b00020"),
    ("relaxed_06_left", Gems(arrangement=Arrangement.CUTICLE_ARC, count=7, size_mm=1.2), "14224f edf1f4"),
    (
        "open_06_right",
        Gems(arrangement=Arrangement.LINE, cut=Cut.MARQUISE, count=4, size_mm=2.2),
        "1a191d d0263c",
    ),
    (
        "open_04_right",
        Gems(arrangement=Arrangement.SCATTER, cut=Cut.PEARL, count=5, size_mm=1.8),
        "b98a84 f2ede4",
    ),
    ("open_10_right", Accent(colour=1, art=Decal(motif=Motif.DOTS, scale=0.36, tile=True)), "6a1c4e f4f1ec"),
)


def main() -> None:
    """Every kind of art on hands of several tones, cut to their nails; OUT.png keeps full size."""
    studio, tiles = Studio.load(), []
    for hand, art, colours in ART:
        layer = NailArt(
            art=art,
            colours=tuple(Swatch.of(f"#{colour}") for colour in colours.split()),
            finish=NailFinish.GEL,
        )
        made = studio.try_on((HANDS / f"{hand}.jpg").read_bytes(), [Look("art", (layer,))])
        tiles.append(_tile(made.renders[0].rgb, made.scan))
    rows = [_joined(tiles[at : at + COLUMNS], 1) for at in range(0, len(tiles), COLUMNS)]
    sheet = Image.fromarray(_joined(rows, 0))
    if len(sys.argv) > 1:
        sheet.save(Path(sys.argv[1]))
        return
    OUT.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(OUT, quality=86, optimize=True)


def _tile(rgb: Array, scan: Scan) -> Array:
    """A square about the nails, (420, 420, 3) uint8."""
    boxes = [nail.mask.box for nail in scan.nails or () if nail.finger in SHOWN]
    left, top = min(box.x0 for box in boxes), min(box.y0 for box in boxes)
    right, bottom = max(box.x1 for box in boxes), max(box.y1 for box in boxes)
    half = max(right - left, bottom - top) * (0.5 + MARGIN)
    x = float(np.clip((left + right) / 2, half, rgb.shape[1] - half))
    y = float(np.clip((top + bottom) / 2, half, rgb.shape[0] - half))
    part = Image.fromarray(rgb).crop((round(x - half), round(y - half), round(x + half), round(y + half)))
    return np.asarray(part.resize(TILE, Image.Resampling.LANCZOS))


def _joined(parts: list[Array], axis: int) -> Array:
    shape = list(parts[0].shape)
    shape[axis] = GAP
    gap = np.full(shape, 255, np.uint8)
    return np.concatenate([one for part in parts for one in (part, gap)][:-1], axis=axis)


if __name__ == "__main__":
    main()
