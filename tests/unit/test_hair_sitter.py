"""What is kept of a head for the next shade: only for this photo, and only as long as its matte."""

from __future__ import annotations

import gc

import numpy as np

from models.render.hair import sitter
from models.render.hair.sitter import sit
from models.types import Illuminant, Mask
from tests.unit.test_render_hair import face, head


def test_the_next_shade_on_the_same_photo_finds_the_head_taken_apart() -> None:
    rgb, scan = head()
    assert scan.hair
    mask = scan.hair[0].mask
    assert sit(rgb, mask, face(), Illuminant()) is sit(rgb.copy(), mask, face(), Illuminant())


def test_another_picture_under_the_same_matte_is_looked_at_anew() -> None:
    rgb, scan = head()
    assert scan.hair
    mask = scan.hair[0].mask
    first = sit(rgb, mask, None, Illuminant())
    darker = sit((rgb // 2).astype(np.uint8), mask, None, Illuminant())
    warmer = sit(rgb, mask, None, Illuminant((1.2, 0.97, 0.66), 1.0))
    assert darker is not first
    assert darker.seen.level < first.seen.level
    assert warmer is not first


def test_what_is_kept_goes_with_the_matte() -> None:
    rgb, scan = head()
    assert scan.hair
    mask = Mask(scan.hair[0].mask.alpha.copy(), scan.hair[0].mask.box)
    place = id(mask.alpha)
    sit(rgb, mask, None, Illuminant())
    assert place in sitter._kept

    del mask
    gc.collect()

    assert place not in sitter._kept


def test_only_the_last_heads_are_kept() -> None:
    rgb, scan = head()
    assert scan.hair
    alpha, box = scan.hair[0].mask.alpha, scan.hair[0].mask.box
    masks = [Mask(alpha.copy(), box) for _ in range(sitter.KEPT + 2)]
    for mask in masks:
        sit(rgb, mask, None, Illuminant())
    assert len(sitter._kept) <= sitter.KEPT
