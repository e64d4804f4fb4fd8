"""Pictures of the shipped designs: one for each, of the colour that it promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from kit.settings import ROOT
from lab.catalog.tips.draw import SIDE_PX, drawn
from looks.colour import delta_e00, srgb_to_lab
from modules.catalog.load import load_shelf
from modules.catalog.shelf import Design, DesignKind

FOLDER = ROOT / "assets" / "catalog"
TIPS = FOLDER / "tips"
DESIGNS = list(load_shelf(FOLDER).designs.values())
MOST_BYTES = 3_000_000

PLAIN = {"cream": 4.0, "gel": 4.0, "matte": 5.0}
"""Finishes that cover and neither glitter nor change with the angle, and the largest ΔE00 to the swatch."""


def picture(design: Design) -> np.ndarray[Any, Any]:
    with Image.open(TIPS / f"{design.id}.webp") as image:
        return np.asarray(image.convert("RGB"))


def middle(rgb: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Median Lab of what lies in the middle, beside the highlight."""
    side = len(rgb)
    window = rgb[int(0.42 * side) : int(0.62 * side), int(0.46 * side) : int(0.60 * side)]
    return np.asarray(np.median(srgb_to_lab(window.reshape(-1, 3) / 255), axis=0))


def test_every_design_has_its_picture_and_no_picture_is_left_over() -> None:
    assert {path.stem for path in TIPS.iterdir()} == {design.id for design in DESIGNS}
    assert sum(path.stat().st_size for path in TIPS.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("kind", list(DesignKind))
def test_pictures_show_something_and_no_two_are_alike(kind: DesignKind) -> None:
    seen = {}
    for design in (design for design in DESIGNS if design.kind is kind):
        rgb = picture(design)
        assert rgb.shape == (SIDE_PX, SIDE_PX, 3)
        assert rgb.std(axis=(0, 1)).max() > 5, design.id
        small = rgb[::8, ::8].tobytes()
        assert small not in seen, (design.id, seen.get(small))
        seen[small] = design.id


@pytest.mark.parametrize("finish", list(PLAIN))
def test_plain_polish_has_the_colour_of_its_swatch(finish: str) -> None:
    for design in DESIGNS:
        if design.kind is DesignKind.NAIL_POLISH and design.finish == finish:
            distance = float(delta_e00(middle(picture(design)), np.array(design.swatches[0].lab)))
            assert distance <= PLAIN[finish], (design.id, distance)


@pytest.mark.parametrize("kind", [DesignKind.HAIR, DesignKind.CHEEKS])
def test_the_other_media_lean_to_their_swatch(kind: DesignKind) -> None:
    """Strands and powder are darker and lighter than the swatch in places: nearer to it than to nearly all others."""
    own = [design for design in DESIGNS if design.kind is kind and len(design.swatches) == 1]
    swatches = np.array([design.swatches[0].lab for design in own])
    for number, design in enumerate(own):
        distances = delta_e00(swatches, middle(picture(design))[None])
        assert int((distances < distances[number] - 4).sum()) == 0, design.id


def test_the_stored_pictures_are_those_that_are_drawn() -> None:
    """WebP is lossy: a few levels. `python -m lab.catalog.tips` draws them anew."""
    for design in (DESIGNS[0], DESIGNS[-1], next(d for d in DESIGNS if d.finish == "glitter")):
        fresh, stored = drawn(design).astype(int), picture(design).astype(int)
        assert np.abs(fresh - stored).mean() < 3, design.id
