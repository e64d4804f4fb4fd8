"""The shelf's nail art through the whole pipeline, on a sample photo of both hands."""

from __future__ import annotations

import numpy as np

from kit.settings import ROOT
from looks.layer import NailArt
from models.pipeline import Studio
from modules.catalog.load import load_shelf
from modules.catalog.shelf import DesignKind


def test_the_shelfs_art_is_drawn_on_its_fingers_of_both_hands_and_the_same_each_time() -> None:
    shelf, studio = load_shelf(ROOT / "assets" / "catalog"), Studio.load()
    found = shelf.search(kind=DesignKind.NAIL_ART, renderable=True)
    looks = [shelf.look([design.id]) for design in found]
    photo = (ROOT / "assets" / "samples" / "hands" / "both_08.jpg").read_bytes()

    first = studio.try_on(photo, looks)
    again = studio.try_on(first.photo, looks, first.scan)

    assert {nail.hand for nail in first.scan.nails or ()} == {0, 1}
    for design, render, repeated in zip(found, first.renders, again.renders, strict=True):
        assert isinstance(design.layer, NailArt)
        assert np.array_equal(render.rgb, repeated.rgb), design.id
        for one in first.scan.nails or ():
            inside = one.mask.alpha > 200
            before, after = (rgb[one.mask.box.slices][inside] for rgb in (first.photo.rgb, render.rgb))
            worn = one.finger is None or one.finger in design.layer.fingers
            assert bool((before != after).any()) is worn, (design.id, one.finger)
