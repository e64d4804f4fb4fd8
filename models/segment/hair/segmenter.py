"""Hair of every head in a photo: with a face in the frame around it, from behind in the whole photo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from models.detect.square import Pyramid, Square
from models.manifest import weight
from models.segment.hair.frame import SIDE, from_photo, head
from models.segment.hair.heads import of_head
from models.segment.hair.matte import matte
from models.segment.hair.net import HairNet
from models.types import Array, Face, Hair, Mask, Photo

MOST_HEADS = 6
HAIR = 0.5
CLOSER = 0.6  # of the frame: smaller hair is looked at again from nearer
ROOM = 1.35  # around it
FROM_BEHIND = 0.05  # of the photo: less hair without a face is taken for none
REST = 0.03  # of the frame: without a face, what leaves less than this free is a dark or empty picture
CERTAIN = 0.72  # mean probability of hair without a face
SMALL_FACE = 0.2  # of the photo's longer side: a smaller one may be a mirror's, or somebody's behind
OUTWEIGHS = 1.5  # times all the hair of such faces: what hair without a face must cover to be somebody's


class HairSegmenter:
    """Cuts out hair. Not thread-safe: one a worker process."""

    def __init__(self, net: HairNet) -> None:
        self._net = net

    @classmethod
    def load(cls) -> Self:
        """With the weight of the manifest, warm."""
        return cls(HairNet(weight("hair").read()))

    def segment(self, photo: Photo, faces: Sequence[Face]) -> tuple[Hair, ...]:
        """One matte per head that has hair, best face first, and the hair of a head seen from behind (face None).

        That one is looked for where no face is seen, or only faces so small that they may belong to others.
        """
        pyramid = Pyramid(photo.rgb)
        marks = [face.landmarks[:, :2] for face in faces]
        found = (self._of(photo, pyramid, marks, own) for own in range(min(len(marks), MOST_HEADS)))
        heads = tuple(hair for hair in found if hair is not None)
        if any(max(face.box.shape) > SMALL_FACE * max(photo.size) for face in faces):
            return heads
        behind = self._from_behind(photo, pyramid, marks)
        if behind is None or _cover(behind) < OUTWEIGHS * sum(map(_cover, heads)):
            return heads
        return (*heads, behind)

    def _of(self, photo: Photo, pyramid: Pyramid, marks: Sequence[Array], own: int) -> Hair | None:
        square = head(marks[own], photo.size)
        probability = self._own(pyramid, square, marks, own)
        nearer = _nearer(probability, square, marks[own])
        if nearer is not None:
            square, probability = nearer, self._own(pyramid, nearer, marks, own)
        return _hair(photo.rgb, probability, square, own)

    def _own(self, pyramid: Pyramid, square: Square, marks: Sequence[Array], own: int) -> Array:
        to_square = from_photo(square, SIDE)
        placed = [mark @ to_square[:, :2].T + to_square[:, 2] for mark in marks]
        return of_head(self._net.look(pyramid, square, marks), placed, own)

    def _from_behind(self, photo: Photo, pyramid: Pyramid, marks: Sequence[Array]) -> Hair | None:
        square = pyramid.whole()
        probability = self._nobodys(pyramid, square, marks)
        nearer = _nearer(probability, square)
        if nearer is not None:
            square, probability = nearer, self._nobodys(pyramid, nearer, marks)
        sure = probability > HAIR
        share = sure.sum() * (square.side / SIDE) ** 2 / (photo.size[0] * photo.size[1])
        free = (probability < 1 - HAIR).mean()
        if share < FROM_BEHIND or free < REST or probability[sure].mean() < CERTAIN:
            return None
        return _hair(photo.rgb, probability, square, None)

    def _nobodys(self, pyramid: Pyramid, square: Square, marks: Sequence[Array]) -> Array:
        """The hair of a square that no face there has a claim on."""
        probability = self._net.look(pyramid, square, marks)
        to_square = from_photo(square, SIDE)
        placed = [mark @ to_square[:, :2].T + to_square[:, 2] for mark in marks]
        for own in range(len(placed)):
            probability = probability * (of_head(probability, placed, own) == 0)
        return probability


def _cover(hair: Hair) -> float:
    """Pixels."""
    return float(hair.mask.alpha.sum()) / 255


def _nearer(probability: Array, square: Square, face: Array | None = None) -> Square | None:
    """A frame around hair and face when they fill little of the square; None when it is near enough."""
    rows, cols = np.nonzero(probability > HAIR)
    if not len(rows):
        return None
    points = np.stack([cols, rows], -1) / SIDE
    if face is not None:
        to_square = from_photo(square, 1)
        points = np.concatenate([points, face @ to_square[:, :2].T + to_square[:, 2]])
    low, high = points.min(0), points.max(0)
    share = float((high - low).max()) * ROOM
    if share > CLOSER:
        return None
    x, y = square.place(((low + high) / 2)[None])[0]
    return Square(float(x), float(y), square.side * share, square.angle)


def _hair(rgb: Array, probability: Array, square: Square, face: int | None) -> Hair | None:
    sure = probability[probability > HAIR]
    mask: Mask | None = matte(rgb, probability, square) if len(sure) else None
    return None if mask is None else Hair(mask, face, float(sure.mean()))
