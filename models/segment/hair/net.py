"""The hair net in ONNX Runtime: a square of a photo in, the probability of hair out."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.detect.square import Pyramid, Square
from models.segment.hair.frame import SIDE, drawn, from_photo
from models.segment.nails.session import load
from models.types import Array


class HairNet:
    """Loaded and warm. Not thread-safe: one a worker process."""

    def __init__(self, weight: bytes) -> None:
        self._session = load(weight)
        self.look(Pyramid(np.zeros((8, 8, 3), np.uint8)), Square(4, 4, 8), ())

    def look(self, pyramid: Pyramid, square: Square, faces: Sequence[Array]) -> Array:
        """(256, 256) float32 probability of hair in a square; faces: landmarks (n, 2 or 3) in photo pixels.

        The mean of the picture and its mirror image.
        """
        rgb = pyramid.crop(square, SIDE, border=cv2.BORDER_CONSTANT)
        marked = np.dstack([rgb, drawn(faces, from_photo(square, SIDE), SIDE)])
        planes = np.ascontiguousarray(marked.transpose(2, 0, 1), np.float32) / 255
        pair = np.stack([planes, planes[:, :, ::-1]])
        (out,) = self._session.run(None, {"image": pair})
        mean: Array = (out[0, 0] + out[1, 0, :, ::-1]) / 2
        return mean
