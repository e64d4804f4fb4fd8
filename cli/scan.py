"""`vernis scan`: what a photo shows, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

if TYPE_CHECKING:
    from models.types import Array, Nail


@click.command()
@click.argument("photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def scan(photo: Path) -> None:
    """Print the hands and nails of a photo, and the colour of its light; places in pixels of the upright photo."""
    from cli.render import Unreadable
    from models.analyse.illuminant import estimate_illuminant
    from models.decode import DecodeError, decode
    from models.pipeline import Studio

    try:
        seen = decode(photo.read_bytes())
    except DecodeError as error:
        raise Unreadable(f"{photo} could not be worked with: {error}") from error
    studio = Studio.load()
    hands = studio.hands.detect(seen)
    nails = studio.nails.segment(seen, hands)
    light = estimate_illuminant(seen, nails)
    found = {
        "height_px": seen.size[0],
        "width_px": seen.size[1],
        "hands": [{"name": hand.name, "side": hand.side, "score": round(hand.score, 3)} for hand in hands],
        "nails": [_nail(nail) for nail in nails],
        "illuminant": {
            "gains": [round(gain, 3) for gain in light.gains],
            "confidence": round(light.confidence, 3),
        },
    }
    click.echo(msgspec.json.encode(found).decode())


def _nail(nail: Nail) -> dict[str, Any]:
    from models.segment.nails.edges import cuticle_line, free_edge

    box = nail.mask.box
    return {
        "hand": nail.hand,
        "finger": nail.finger,
        "confidence": round(nail.confidence, 3),
        "box": [box.x0, box.y0, box.x1, box.y1],
        "area_px": round(float(nail.mask.alpha.sum()) / 255, 1),
        "width_px": round(nail.width_px, 1),
        "axis": _places(nail.axis),
        "cuticle_line": _places(cuticle_line(nail)),
        "free_edge": _places(free_edge(nail)),
    }


def _places(points: Array) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in points]
