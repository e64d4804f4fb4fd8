"""What golden pictures are made of, and the few numbers that stand for each.

A record holds, per painted region, its mean colour (Lab) and a coarse bitmap of its mask, and one difference hash of
the whole picture: enough to see a change of colour, of shape or of anything else, in a kilobyte.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from looks.colour import Swatch, srgb_to_lab
from looks.finish import LipFinish, NailFinish
from looks.layer import Lips, NailPolish
from looks.look import Look
from models.pipeline import Studio, TryOnResult
from models.types import Array, Mask

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "samples"
SAMPLES = ASSETS / "hands"
RECORDS = Path(__file__).with_name("records.json")
HANDS = ("open_01_left", "open_04_right", "open_06_right", "open_10_right", "relaxed_06_left")
POLISHES = {
    "red_gel": NailPolish(swatch=Swatch.of("#b3122a"), finish=NailFinish.GEL),
    "white_cream": NailPolish(swatch=Swatch.of("#f4f1ec"), finish=NailFinish.CREAM),
    "navy_matte": NailPolish(swatch=Swatch.of("#14224f"), finish=NailFinish.MATTE),
    "nude_sheer": NailPolish(swatch=Swatch.of("#d8a78c"), finish=NailFinish.SHEER),
    "plum_jelly": NailPolish(swatch=Swatch.of("#4a1436"), finish=NailFinish.JELLY),
}
EFFECTS = {
    "gold_metallic": NailPolish(swatch=Swatch.of("#bf9c54"), finish=NailFinish.METALLIC),
    "ivory_pearl": NailPolish(swatch=Swatch.of("#e8d6d0"), finish=NailFinish.PEARL),
    "berry_fine_shimmer": NailPolish(swatch=Swatch.of("#8c2f52"), finish=NailFinish.SHIMMER_FINE),
    "blue_coarse_shimmer": NailPolish(swatch=Swatch.of("#20406a"), finish=NailFinish.SHIMMER_COARSE),
    "silver_glitter": NailPolish(swatch=Swatch.of("#c3c7cc"), finish=NailFinish.GLITTER),
    "peacock_flake": NailPolish(swatch=Swatch.of("#006167"), finish=NailFinish.FLAKE),
    "gold_foil": NailPolish(swatch=Swatch.of("#dcba6c"), finish=NailFinish.FOIL),
    "silver_chrome": NailPolish(swatch=Swatch.of("#bec1c4"), finish=NailFinish.CHROME),
    "grey_holographic": NailPolish(swatch=Swatch.of("#b8b8c4"), finish=NailFinish.HOLOGRAPHIC),
    "green_cat_eye": NailPolish(swatch=Swatch.of("#173a2c"), finish=NailFinish.CAT_EYE),
    "sand_textured": NailPolish(swatch=Swatch.of("#cdab87"), finish=NailFinish.TEXTURED),
}
LIPSTICKS = {
    "red_matte": Lips(colours=(Swatch.of("#b3122a"),), finish=LipFinish.MATTE),
    "rose_gloss": Lips(colours=(Swatch.of("#c9657a"),), finish=LipFinish.GLOSS),
    "plum_satin": Lips(colours=(Swatch.of("#5a1030"),), finish=LipFinish.SATIN),
    "coral_sheer": Lips(colours=(Swatch.of("#ff6f52"),), finish=LipFinish.SHEER),
}
DESIGNS: dict[str, dict[str, NailPolish] | dict[str, Lips]] = {
    **{f"hands/{name}": POLISHES for name in HANDS},
    "hands/open_08_right": EFFECTS,
    "faces/astronaut": LIPSTICKS,
}
CASES = [(photo, design) for photo, designs in DESIGNS.items() for design in designs]
GRID = 16  # cells of a mask's bitmap on each side

Record = dict[str, Any]


def render(studio: Studio, photo: str) -> TryOnResult:
    """All of a sample photo's designs on it, in their order."""
    looks = [Look(name=name, layers=(layer,)) for name, layer in DESIGNS[photo].items()]
    return studio.try_on((ASSETS / f"{photo}.jpg").read_bytes(), looks)


def regions(result: TryOnResult) -> dict[str, Mask]:
    """Every painted region by name."""
    nails = {nail.finger or "unnamed": nail.mask for nail in result.scan.nails or ()}
    return {**nails, **{f"lips_{lips.face}": lips.mask for lips in result.scan.lips or ()}}


def record(result: TryOnResult, design: str) -> Record:
    """The numbers of one rendered picture."""
    rgb = picture(result, design)
    return {
        "hash": difference_hash(rgb),
        "regions": {
            name: {
                "lab": mean_lab(rgb, mask),
                "box": [mask.box.x0, mask.box.y0, mask.box.x1, mask.box.y1],
                "bits": bitmap(mask),
            }
            for name, mask in regions(result).items()
        },
    }


def picture(result: TryOnResult, design: str) -> Array:
    """The rendered pixels of a design."""
    (rgb,) = (render.rgb for render in result.renders if render.look.name == design)
    return rgb


def save(result: TryOnResult, photo: str, design: str, folder: Path, suffix: str = "") -> Path:
    """Write a rendered picture as PNG and say where."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{photo.replace('/', '-')}-{design}{suffix}.png"
    cv2.imwrite(str(path), cv2.cvtColor(picture(result, design), cv2.COLOR_RGB2BGR))
    return path


def mean_lab(rgb: Array, mask: Mask) -> list[float]:
    """Mean Lab inside a mask, to two places."""
    inside = rgb[mask.box.slices][mask.alpha > 127]
    lab: list[float] = srgb_to_lab(inside / 255).mean(axis=0).round(2).tolist()
    return lab


def bitmap(mask: Mask) -> str:
    """GRID × GRID cells of a mask over its box, hexadecimal."""
    cells = cv2.resize(mask.alpha, (GRID, GRID), interpolation=cv2.INTER_AREA) > 127
    return np.packbits(cells).tobytes().hex()


def placed(region: Record, size: tuple[int, int]) -> Array:
    """A record's region as a bool mask of a photo's size (height, width)."""
    x0, y0, x1, y1 = region["box"]
    cells = np.unpackbits(np.frombuffer(bytes.fromhex(region["bits"]), np.uint8)).reshape(GRID, GRID)
    mask = np.zeros(size, bool)
    mask[y0:y1, x0:x1] = cv2.resize(cells, (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST) > 0
    return mask


def difference_hash(rgb: Array) -> str:
    """64 bits: whether each of 8 × 8 cells is brighter than its left neighbour, hexadecimal."""
    small = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (9, 8), interpolation=cv2.INTER_AREA)
    return np.packbits(small[:, 1:] > small[:, :-1]).tobytes().hex()


def bits_apart(one: str, other: str) -> int:
    """Bits that two hashes differ in."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
