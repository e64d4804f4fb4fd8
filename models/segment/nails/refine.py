"""One nail in its own turned frame: a net gives its mask, whether it is one at all, and which way it points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

import cv2
import numpy as np

from models.segment.nails.frame import MARGIN, Frame
from models.segment.nails.propose import extent
from models.segment.nails.session import load, sigmoid, tensor
from models.types import Array, Box

SIDE = 128
SOFTEST_PX = 1.5
"""Of a mask's edge in the photo: what a nail's frame magnifies is drawn sharp again."""
SMOOTH_PX = 1.0
"""Of the crop: its pixels must not show as teeth along the outline."""
NOTHING, FAINT = -6.0, -5.0
"""Logits of no nail at all, and of the faintest part of an edge."""
LIFT = 0.1
"""Of the mask's logits: where the net wavers there is nail, on validation."""
DENTS, FILLED = 0.15, 1.0
"""Greatest share of dents in a plate, and the logit that they get."""
MIRROR = np.array([1, -1, 1], np.float32)
"""Facts of a mirrored crop, mirrored back."""
NO_DIRECTION = 0.3
"""A shorter vector points nowhere, and the frame's own direction stays."""


@dataclass(frozen=True, slots=True)
class Found:
    """One nail. alpha: (h, w) float32 in [0, 1] within box; frame: its own, up is towards the free edge; looked_at: the
    frame in which it was seen.

    present: how sure its own crop is; support: how far the whole picture speaks for it; both in [0, 1].
    """

    alpha: Array
    box: Box
    frame: Frame
    looked_at: Frame
    present: float
    support: float = 1.0

    @property
    def confidence(self) -> float:
        """Both together, in [0, 1]."""
        return self.present * self.support


class Refiner:
    """Refines frames. Not thread-safe."""

    def __init__(self, weight: bytes) -> None:
        self._net = load(weight)

    def refine(self, rgb: Array, frames: Sequence[Frame], mirrored: bool = False) -> list[Found | None]:
        """The centre nail of each frame, with its own frame for another look; None where no pixel is a nail's.

        mirrored: look at the mirrored frames, too, and take the mean.
        """
        if not frames:
            return []
        crops = np.stack([frame.crop(rgb, SIDE) for frame in frames])
        logits, facts = self._look(crops)
        if mirrored:
            other, others = self._look(np.ascontiguousarray(crops[:, :, ::-1]))
            logits, facts = (logits + other[:, :, ::-1]) / 2, (facts + others * MIRROR) / 2
        found: list[Found | None] = []
        for frame, mask, fact in zip(frames, logits, facts, strict=True):
            own = _centre_part(mask > 0)
            masked = _without_dents(np.where(own, mask, NOTHING))
            found.append(_in_photo(masked, frame, fact, rgb.shape[:2]) if own.any() else None)
        return found

    def _look(self, crops: Array) -> tuple[Array, Array]:
        """Logits of the mask (n, SIDE, SIDE), lifted by what the net is too careful, and facts (n, 3)."""
        logits, facts = self._net.run(None, {"crop": tensor(crops)})
        return logits[:, 0] + np.float32(LIFT), facts


def _centre_part(nail: Array) -> Array:
    """The connected part that lies nearest to the middle, a little grown so that its soft edge stays; (h, w) bool."""
    count, parts = cv2.connectedComponents(nail.astype(np.uint8))
    if count <= 1:
        return np.zeros(nail.shape, bool)
    y, x = np.mgrid[: nail.shape[0], : nail.shape[1]] - (nail.shape[0] - 1) / 2
    far = np.where(parts > 0, np.hypot(x, y), np.inf)
    own = parts == parts.flat[int(far.argmin())]
    grown: Array = cv2.dilate(own.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    out: Array = grown & (own | (parts == 0))
    return out


def _without_dents(logits: Array) -> Array:
    """The mask with its small dents filled: a plate's outline bends one way only; what covers it leaves more."""
    nail = logits > 0
    outline, _ = cv2.findContours(nail.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    whole = np.zeros(nail.shape, np.uint8)
    if outline:
        cv2.fillConvexPoly(whole, cv2.convexHull(np.concatenate(outline)), (1,))
    dents = (whole > 0) & ~nail
    if dents.sum() > DENTS * nail.sum():
        return logits
    filled: Array = np.where(dents, np.float32(FILLED), logits)
    return filled


def _in_photo(logits: Array, frame: Frame, fact: Array, size: tuple[int, ...]) -> Found | None:
    """A crop's logits as a mask in the photo of this (h, w), with the nail's own frame; None where nothing is left."""
    inverse = cv2.invertAffineTransform(frame.matrix(SIDE))
    magnified = frame.side / SIDE
    rows, columns = np.nonzero(logits > FAINT)
    across, down = (columns.min() - 1, columns.max() + 1), (rows.min() - 1, rows.max() + 1)
    corners = inverse @ np.array([[x, y, 1] for x in across for y in down]).T
    x0, y0 = (int(max(0, v)) for v in np.floor(corners.min(1)) - 1)
    x1, y1 = (int(min(limit, v)) for v, limit in zip(np.ceil(corners.max(1)) + 2, size[::-1], strict=True))
    if x0 >= x1 or y0 >= y1:
        return None
    box = Box(x0, y0, x1, y1)
    shifted = inverse - np.array([[0, 0, box.x0], [0, 0, box.y0]])
    smooth = cv2.warpAffine(
        cv2.GaussianBlur(sigmoid(logits), (0, 0), SMOOTH_PX), shifted, box.shape[::-1], flags=cv2.INTER_CUBIC
    )
    # A step that was blurred by a Gaussian rises by 1 / (2.5 sigma) a pixel.
    steeper = max(1.0, 2.5 * SMOOTH_PX * magnified / SOFTEST_PX)
    alpha = np.clip((smooth - 0.5) * np.float32(steeper) + 0.5, 0, 1)
    if not alpha.any():
        return None
    (cx, cy), long = extent(logits > 0)
    x, y = inverse @ np.array([cx, cy, 1])
    own = Frame(float(x), float(y), MARGIN * long * magnified, _direction(fact, frame))
    return Found(alpha, box, own, frame, float(sigmoid(fact[0])))


def _direction(fact: Array, frame: Frame) -> float:
    """Towards the free edge in the photo, radians in [-pi, pi)."""
    if hypot(fact[1], fact[2]) <= NO_DIRECTION:
        return frame.up
    c, s = cos(frame.up), sin(frame.up)
    up = atan2(fact[1] * c - fact[2] * s, -fact[1] * s - fact[2] * c)
    return (up + pi) % (2 * pi) - pi
