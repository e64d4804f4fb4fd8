"""Makes docs/pictures/face-makeup.jpg, one portrait in twelve looks: `python -m lab.docs.faces`."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from kit.settings import ROOT
from looks.look import Look
from models.pipeline import Studio
from models.types import Array, Photo
from modules.catalog.load import load_shelf

PHOTO = ROOT / "assets" / "samples" / "faces" / "astronaut.jpg"
OUT = ROOT / "docs" / "pictures" / "face-makeup.jpg"
HEAD = (160, 62, 294, 196)  # of the sample: left, top, right, bottom
LARGER = 5  # the sample is enlarged before it is painted, as a phone's photo would be
TILE_PX, GAP_PX, LABEL_PX, COLUMNS = 330, 4, 18, 4
PAPER, INK = (250, 249, 247), (40, 40, 40)
ROWS: dict[str, tuple[str, ...]] = {
    "as photographed": (),
    "foundation and concealer": ("des_base_shell_tint", "des_base_light_concealer"),
    "contour and highlighter": ("des_cheeks_cool_taupe_contour", "des_cheeks_pearl_highlighter"),
    "blush, draped": ("des_cheeks_rose_draping",),
    "blush, sun-kissed": ("des_cheeks_sunday_sun_kiss",),
    "shadow of three colours": ("des_eyes_plum_trio",),
    "shadow of four, shimmer": ("des_eyes_lagoon_quartet",),
    "wing and volume lashes": ("des_eyes_black_wing", "des_eyes_velvet_volume"),
    "smoky liner, high arch": ("des_eyes_kohl_smoke", "des_brows_dark_brown_brow"),
    "gloss ombre": ("des_lips_glass_cherry_ombre",),
    "metallic": ("des_lips_antique_plum_metal",),
    "a whole face": (
        "des_base_shell_tint",
        "des_cheeks_cool_taupe_contour",
        "des_cheeks_warm_rose_blush",
        "des_cheeks_pearl_highlighter",
        "des_eyes_warm_duo",
        "des_eyes_brown_line",
        "des_eyes_full_lashes",
        "des_brows_medium_brown_brow",
        "des_lips_cherry_satin",
    ),
}


def main() -> None:
    """A tile for each look."""
    shelf, studio = load_shelf(ROOT / "assets" / "catalog"), Studio.load()
    with Image.open(PHOTO) as image:
        head = image.convert("RGB").crop(HEAD)
    size = head.width * LARGER, head.height * LARGER
    photo = np.asarray(head.resize(size, Image.Resampling.BICUBIC))
    looks = [shelf.look(designs) for designs in ROWS.values() if designs]
    tiles = [photo, *_drawn(studio, photo, looks)]
    rows = -(-len(tiles) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (TILE_PX + GAP_PX), rows * (TILE_PX + LABEL_PX + GAP_PX)), PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, (name, tile) in enumerate(zip(ROWS, tiles, strict=True)):
        x, y = number % COLUMNS * (TILE_PX + GAP_PX), number // COLUMNS * (TILE_PX + LABEL_PX + GAP_PX)
        draw.text((x + 4, y + 3), name, fill=INK)
        small = Image.fromarray(tile).resize((TILE_PX, TILE_PX), Image.Resampling.LANCZOS)
        sheet.paste(small, (x, y + LABEL_PX))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(OUT, quality=88, optimize=True)


def _drawn(studio: Studio, photo: Array, looks: list[Look]) -> list[Array]:
    """The portrait in each look."""
    return [render.rgb for render in studio.try_on(Photo(photo), looks).renders]


if __name__ == "__main__":
    main()
