"""Sizes and faithfulness of the files that are made of a picture."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from models.derive.outputs import before, outputs, shrunk
from models.types import Array


def picture(height: int, width: int) -> Array:
    y, x = np.mgrid[0:height, 0:width]
    rgb: Array = np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], axis=-1).astype(np.uint8)
    return rgb


@pytest.mark.parametrize(
    ("size", "preview", "thumbnail"),
    [
        ((2000, 3000), (1080, 720), (320, 213)),
        ((3000, 500), (180, 1080), (53, 320)),
        ((400, 300), (300, 400), (240, 320)),
        ((64, 64), (64, 64), (64, 64)),
    ],
)
def test_sides_are_bounded_and_never_enlarged(
    size: tuple[int, int], preview: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    files = {name: Image.open(BytesIO(data)) for name, data in outputs(picture(*size)).items()}
    assert files["full"].size == size[::-1]
    assert files["preview"].size == preview
    assert files["thumbnail"].size == thumbnail
    assert Image.open(BytesIO(before(picture(*size)))).size == preview


def test_a_saturated_edge_keeps_its_colour_in_the_full_picture() -> None:
    rgb = np.full((64, 64, 3), 230, np.uint8)
    rgb[20:44, 21:43] = (179, 18, 42)
    back = np.asarray(Image.open(BytesIO(outputs(rgb)["full"])).convert("RGB")).astype(int)
    assert np.abs(back[:, 19:23] - rgb[:, 19:23].astype(int)).max() < 30
    assert np.abs(back - rgb).mean() < 1.5


def test_a_small_picture_is_handed_on_untouched() -> None:
    rgb = picture(100, 80)
    assert shrunk(rgb, 1080) is rgb
