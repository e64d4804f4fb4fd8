"""What a crowd of customers asks for: photos, looks, and an order of both that a seed decides."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2

from kit.settings import ROOT
from looks.layer import NailPolish
from modules.catalog.load import load_shelf

HANDS = ROOT / "assets" / "samples" / "hands"
PHOTOS = tuple(f"open_{number:02}_{side}" for number, side in enumerate(("left", "right") * 5, 1))


@dataclass(frozen=True)
class Errand:
    """A sample photo by name, and the designs of each look on it."""

    photo: str
    looks: tuple[tuple[str, ...], ...]


def errands(chance: random.Random, count: int, *, kinds: int) -> list[Errand]:
    """So many errands of one or two looks, among them not more than so many different ones."""
    shelf = load_shelf(ROOT / "assets" / "catalog")
    polishes = [design for design in shelf.designs.values() if isinstance(design.layer, NailPolish)]
    designs = [design.id for design in polishes if design.renderable]
    different = [
        Errand(PHOTOS[n % len(PHOTOS)], tuple((chance.choice(designs),) for _ in range(chance.randint(1, 2))))
        for n in range(kinds)
    ]
    return [different[n % kinds] if n < kinds else chance.choice(different) for n in range(count)]


def small_photo(name: str, width: int = 480) -> bytes:
    """A sample hand made small, so that a render takes a tenth of a second."""
    image = cv2.imread(str(HANDS / f"{name}.jpg"))
    height = round(image.shape[0] * width / image.shape[1])
    done, data = cv2.imencode(".jpg", cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))
    assert done
    return data.tobytes()
