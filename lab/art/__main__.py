"""`python -m lab.art`: draw every motif anew into assets/art (a few seconds)."""

from __future__ import annotations

from pathlib import Path

import click
import cv2
import numpy as np

from lab.art.motifs import MOTIFS
from lab.art.patterns import PATTERNS
from models.render.nails.art.motifs import FOLDER
from models.types import Array

SIDE_PX, LARGER = 384, 3
PAPER, INKS = (238, 226, 222), ((150, 24, 58), (214, 168, 62), (28, 66, 110))


def plates(name: str) -> Array:
    """(SIDE_PX, SIDE_PX, 3) uint8: the shares of three inks."""
    size = SIDE_PX * LARGER
    draw, low = (PATTERNS[name], 0.0) if name in PATTERNS else (MOTIFS[name], -1.0)
    axis = low + (np.arange(size, dtype=np.float32) + 0.5) * (1 - low) / size
    x, y = np.meshgrid(axis, 1 - axis if name in PATTERNS else -axis)
    inks = [np.zeros_like(x)] * 3
    for number, ink in enumerate(draw(x, y)):
        inks[number] = ink
    shares = cv2.resize(
        np.clip(np.stack(inks, axis=-1), 0, 1), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA
    )
    whole: Array = np.round(shares * 255).astype(np.uint8)
    return whole


def sheet(drawn: dict[str, Array]) -> Array:
    """All motifs printed on paper, patterns twice in each direction."""
    cells = []
    for name, shares in drawn.items():
        tiled = np.tile(shares, (2, 2, 1))[::2, ::2] if name in PATTERNS else shares
        page = np.full(tiled.shape, PAPER, np.float32)
        for number, ink in enumerate(INKS):
            page += (np.array(ink, np.float32) - page) * (tiled[..., number : number + 1] / 255)
        cells.append(page.astype(np.uint8))
    return np.concatenate(
        [np.concatenate(cells[at : at + 5], axis=1) for at in range(0, len(cells), 5)], axis=0
    )


@click.command()
@click.option(
    "--sheet", "out", type=click.Path(path_type=Path, dir_okay=False), help="Draw a contact sheet, too."
)
def main(out: Path | None) -> None:
    """Draw the motifs."""
    FOLDER.mkdir(exist_ok=True)
    drawn = {name: plates(name) for name in (*MOTIFS, *PATTERNS)}
    for name, shares in drawn.items():
        cv2.imwrite(str(FOLDER / f"{name}.png"), shares[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    if out is not None:
        cv2.imwrite(str(out), sheet(drawn)[..., ::-1])


if __name__ == "__main__":
    main()
