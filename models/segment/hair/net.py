"""The hair net in ONNX Runtime: a square of a photo in, the probability of hair out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from models.detect.square import Pyramid, Square
from models.segment.hair.frame import SIDE, drawn, from_photo
from models.segment.nails.session import load
from models.types import Array

VIEWS = ((1.0, False), (1.3, True), (0.8, False))
"""What is shown for one look: a square as large as this share of the one that is asked for, mirrored or not."""
EVEN = 0.35
"""Mean probability at which hair is as likely as not; what is called half is brought to it."""


class HairNet:
    """Loaded and warm. Not thread-safe: one a worker process."""

    def __init__(self, weight: bytes) -> None:
        self._session = load(weight)
        self._weights = [_brought(np.ones((SIDE, SIDE), np.float32), share) for share, _ in VIEWS]
        self.look(Pyramid(np.zeros((8, 8, 3), np.uint8)), Square(4, 4, 8), ())

    def look(self, pyramid: Pyramid, square: Square, faces: Sequence[Array]) -> Array:
        """(256, 256) float32 probability of hair in a square; faces: landmarks (n, 2 or 3) in photo pixels.

        The mean of the VIEWS that hold a pixel.
        """
        views = [
            _shown(pyramid, replace(square, side=square.side * share), faces, mirrored)
            for share, mirrored in VIEWS
        ]
        (out,) = self._session.run(None, {"image": np.stack(views)})
        seen = (
            _brought(one[0, :, ::-1] if mirrored else one[0], share)
            for one, (share, mirrored) in zip(out, VIEWS, strict=True)
        )
        mean = sum(seen) / sum(self._weights)
        odds = mean / np.maximum(1 - mean, 1e-6) * ((1 - EVEN) / EVEN)
        likely: Array = (odds / (1 + odds)).astype(np.float32)
        return likely


def _shown(pyramid: Pyramid, square: Square, faces: Sequence[Array], mirrored: bool) -> Array:
    """(4, 256, 256) float32 in [0, 1]: the picture and the drawn faces."""
    rgb = pyramid.crop(square, SIDE, border=cv2.BORDER_CONSTANT)
    marked = np.dstack([rgb, drawn(faces, from_photo(square, SIDE), SIDE)]).transpose(2, 0, 1)
    planes: Array = np.ascontiguousarray(marked[:, :, ::-1] if mirrored else marked, np.float32) / 255
    return planes


def _brought(view: Array, share: float) -> Array:
    """A map of a square `share` as large, laid on the square; nothing where it does not reach."""
    if share == 1.0:
        return view
    middle = SIDE / 2 - 0.5
    move = np.array([[1 / share, 0, middle - middle / share], [0, 1 / share, middle - middle / share]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out: Array = cv2.warpAffine(np.ascontiguousarray(view), move, (SIDE, SIDE), flags=flags)
    return out
