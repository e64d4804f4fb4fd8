"""The skin of a face that nothing hides: hair, frames of glasses, masks, microphones and beards are left out.

Every face is its own reference: what it looks like where nearly all faces show skin says what its skin looks like,
place by place, in its own light. Something of the same colour cannot be told; hands are (models.segment.hand).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from models.segment.face.mesh import (
    BRIDGE,
    EYES,
    FOLDS,
    LIPS_AND_RIM,
    LOWER,
    NOSE,
    NOSTRILS,
    SKIN,
    SOCKETS,
    UPPER_SKIN,
    outline,
    width_of,
)
from models.types import Array, Box, Face, Lips, Mask, Photo, Skin

LOOKED_AT_PX = 256.0  # width of a face in the small picture
LEAST_WIDTH_PX = 32
AROUND = 0.06  # of the face's width, beyond the mesh
NEAR = 0.22  # face widths within which the skin's places speak for their surroundings
OUTLIER = 3.0  # spreads from the median at which a place does not show skin
CHROMA_SPREAD, LIGHT_SPREAD = (5.0, 40.0), (7.0, 22.0)  # least and most, in Lab
STRANGE = 2.6  # spreads of chroma at which half of a pixel is not skin
MASKED, MASKED_BRIGHT = 1.6, 1.15  # the same where something lies over the mouth
DARK, DARK_ON_DEEP, BRIGHT = 0.54, 0.40, 1.50  # of the lightness that is expected there
COARSE = 3.2  # times the texture that the face's skin usually has
STRANDS = 1.75  # the same over the forehead, in what hangs together with its edge
FLECK = 0.0012  # of the face's area: smaller things are moles and wrinkles
REACH, FRAMED_REACH = 0.045, 0.30  # face widths that a thing is followed into eyes and brows; glasses further
FRAMED = 0.10  # share of the nose's bridge
LEAST_SHARE = 0.05  # of the face, below which nothing of it is free


class FreeSkin:
    """Tells a soft mask of free skin for each face."""

    def segment(self, photo: Photo, faces: Sequence[Face], lips: Sequence[Lips]) -> tuple[Skin, ...]:
        """One mask for each face that is wide enough and shows enough skin; eyes, brows and lips count as free.

        lips: those that can be seen; where a mouth cannot, what hides it hides the lower face.
        """
        mouths = {one.face for one in lips}
        found = ((index, _free(photo, face.landmarks, index in mouths)) for index, face in enumerate(faces))
        return tuple(Skin(mask, index) for index, mask in found if mask is not None)


@dataclass(frozen=True, slots=True)
class _Look:
    """A face in a small picture. lab: (h, w, 3) float32; points: (n, 2) landmarks in it; width: of the face in it;
    mouth: whether the mouth can be seen.
    """

    lab: Array
    points: Array
    width: float
    mouth: bool

    @property
    def skin(self) -> list[int]:
        """Landmarks that should show skin."""
        return list(SKIN if self.mouth else UPPER_SKIN)

    def filled(self, indices: Sequence[int], grow: float = 0.0) -> Array:
        """(h, w) uint8 0 or 1 inside an outline, grown by face widths."""
        mask = np.zeros(self.lab.shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.round(self.points[list(indices)] * 16).astype(np.int32)], (1,), shift=4)
        return _grown(mask, grow * self.width) if grow else mask

    def hull(self, indices: Sequence[int], grow: float) -> Array:
        """The same inside the convex hull of some landmarks."""
        corners = cv2.convexHull(self.points[list(indices)], returnPoints=False).ravel()
        return self.filled([indices[n] for n in corners], grow)


def _free(photo: Photo, landmarks: Array, mouth: bool) -> Mask | None:
    width = width_of(landmarks)
    points, oval_at = landmarks[:, :2].astype(np.float64), outline(landmarks)
    both = np.concatenate([points, oval_at])
    low = np.maximum(np.floor(both.min(0) - AROUND * width), 0).astype(int)
    high = np.minimum(np.ceil(both.max(0) + AROUND * width), photo.size[::-1]).astype(int)
    if width < LEAST_WIDTH_PX or (high - low < 8).any():
        return None
    box = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1]))
    shrink = min(1.0, LOOKED_AT_PX / width)
    size = np.maximum(np.round((high - low) * shrink), 1).astype(int)
    small = cv2.resize(photo.rgb[box.slices], tuple(size.tolist()), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    scale = size / (high - low)
    look = _Look(lab, ((points - low) * scale).astype(np.float32), width * shrink, mouth)
    oval = np.zeros(lab.shape[:2], np.uint8)
    cv2.fillPoly(oval, [np.round((oval_at - low) * scale * 16).astype(np.int32)], (1,), shift=4)
    if not oval.any():
        return None
    hidden = _hidden(look, oval)
    if not mouth:
        hidden = np.maximum(hidden, cv2.GaussianBlur(look.filled(LOWER).astype(np.float32), (0, 0), 1.0))
    if float(1 - hidden[oval > 0].mean()) < LEAST_SHARE:
        return None
    soft = cv2.GaussianBlur((1 - hidden) * oval, (0, 0), 0.006 * look.width)
    alpha = cv2.resize(np.round(255 * soft).astype(np.uint8), box.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return Mask(alpha, box)


def _hidden(look: _Look, oval: Array) -> Array:
    """(h, w) float32, 0 to 1: what covers the skin. Own eyes, brows, lips and nostrils cover nothing."""
    strange = _strangeness(look, oval)
    thing = (strange > 0.5) & (oval > 0)
    own = _features(look)
    outside = thing & (own == 0)
    count, label, stats, _ = cv2.connectedComponentsWithStats(outside.astype(np.uint8), connectivity=8)
    large = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] > FLECK * oval.sum())
    seed = np.isin(label, large[large > 0]).astype(np.uint8) if count > 1 else np.zeros_like(oval)
    bridge = np.zeros_like(oval)
    cv2.polylines(
        bridge,
        [np.round(look.points[list(BRIDGE)]).astype(np.int32)],
        False,
        (1,),
        max(1, int(0.05 * look.width)),
    )
    framed = float(thing[bridge > 0].mean()) > FRAMED if bridge.any() else False
    steps = round((FRAMED_REACH if framed else REACH) * look.width)
    reached, inside = seed, thing.astype(np.uint8)
    for _ in range(steps):
        grown = np.minimum(cv2.dilate(reached, np.ones((3, 3), np.uint8)), inside)
        if np.array_equal(grown, reached):
            break
        reached = grown
    cover = _grown(reached, 0.010 * look.width)
    hidden: Array = np.maximum(cover.astype(np.float32) * np.clip(2 * strange, 0, 1), reached)
    return cv2.GaussianBlur(hidden.astype(np.float32), (0, 0), max(0.5, 0.004 * look.width))


def _strangeness(look: _Look, oval: Array) -> Array:
    """(h, w) float32, 0 to 1: how unlike the skin that this place of the face should show."""
    lab, expected, spread = look.lab, *_expected(look)
    lightness = lab[..., 0] / np.maximum(expected[..., 0], 4)
    # Shade takes chroma along with lightness; a thing of another colour does not follow.
    shaded = np.clip(lightness, 0.35, 1)[..., None]
    chroma = np.linalg.norm(lab[..., 1:] - expected[..., 1:] * shaded, axis=-1) / spread
    calm = cv2.GaussianBlur(lab[..., 0], (0, 0), 0.012 * look.width)
    rough = cv2.GaussianBlur(np.abs(lab[..., 0] - calm), (0, 0), 0.016 * look.width)
    usual = max(float(np.median(rough[_at(look, rough.shape)])), 0.6)
    score = np.maximum.reduce(
        [
            _rise(chroma, STRANGE if look.mouth else MASKED, 1.2),
            _rise(np.interp(expected[..., 0], (28, 60), (DARK_ON_DEEP, DARK)) - lightness, 0.0, 0.14),
            _rise(lightness, BRIGHT, 0.25) if look.mouth else _rise(lightness, MASKED_BRIGHT, 0.05),
            _rise(rough / usual, COARSE, 1.4) * _rise(0.93 - lightness, 0.0, 0.15),
        ]
    )
    found: Array = np.maximum(score, _fringe(look, rough / usual, oval)).astype(np.float32)
    return found


def _fringe(look: _Look, rough: Array, oval: Array) -> Array:
    """(h, w) 0 or 1: hair that falls over the forehead, of whatever colour: rough, and grown in from its edge."""
    brows = look.points[[index for eye in EYES for index in eye.brow_high]]
    up = look.points[10] - look.points[152]
    up = up / max(float(np.hypot(*up)), 1e-3)
    y, x = np.mgrid[: oval.shape[0], : oval.shape[1]].astype(np.float32)
    above = x * up[0] + y * up[1] > float(np.max(brows @ up)) + 0.02 * look.width
    forehead = oval * above
    strands = cv2.morphologyEx(
        ((rough > STRANDS) & (forehead > 0)).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)
    )
    count, label = cv2.connectedComponents(strands, connectivity=8)
    edge = (cv2.distanceTransform(oval, cv2.DIST_L2, 3) < 0.05 * look.width) & (strands > 0)
    grown = np.isin(label, np.unique(label[edge])) & (strands > 0) if count > 1 else strands > 0
    hair: Array = _grown(grown.astype(np.uint8), 0.012 * look.width) & oval
    return hair.astype(np.float32)


def _at(look: _Look, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Rows and columns of the places that nearly always show skin."""
    points = np.round(look.points[look.skin]).astype(int)
    return np.clip(points[:, 1], 0, shape[0] - 1), np.clip(points[:, 0], 0, shape[1] - 1)


def _expected(look: _Look) -> tuple[Array, float]:
    """(h, w, 3) Lab of this face's skin at each place, and the spread of its chroma."""
    smooth = cv2.GaussianBlur(look.lab, (0, 0), 0.02 * look.width)
    rows, columns = _at(look, smooth.shape)
    seen = smooth[rows, columns]
    middle = np.median(seen, axis=0)
    away = np.abs(seen - middle)
    light = float(np.clip(1.48 * np.median(away[:, 0]), *LIGHT_SPREAD))
    chroma = float(
        np.clip(1.48 * np.median(np.linalg.norm(seen[:, 1:] - middle[1:], axis=1)), *CHROMA_SPREAD)
    )
    own = (np.linalg.norm((seen - middle)[:, 1:], axis=1) < OUTLIER * chroma) & (away[:, 0] < OUTLIER * light)
    grid = tuple(max(2, n // 8) for n in smooth.shape[:2])
    y, x = np.mgrid[: grid[0], : grid[1]].astype(np.float32)
    y, x = (y + 0.5) * smooth.shape[0] / grid[0], (x + 0.5) * smooth.shape[1] / grid[1]
    distance = (y[..., None] - rows[own]) ** 2 + (x[..., None] - columns[own]) ** 2
    weight = np.exp(-0.5 * distance / (NEAR * look.width) ** 2) + 1e-3
    mean = (weight @ seen[own]) / weight.sum(axis=-1, keepdims=True)
    expected: Array = cv2.resize(mean.astype(np.float32), smooth.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return expected, chroma


def _features(look: _Look) -> Array:
    """(h, w) uint8: 1 about eyes, brows, lips and nostrils."""
    own = look.filled(LIPS_AND_RIM, grow=0.05)
    for ring in NOSTRILS:
        own |= look.filled(ring, grow=0.015)
    for hull in (NOSE, *SOCKETS, *FOLDS):
        own |= look.hull(hull, grow=0.025)
    for eye in EYES:
        own |= look.filled(eye.fold + eye.bag[::-1], grow=0.02)
        own |= look.filled(eye.brow_low + eye.brow_high[::-1], grow=0.035)
        own |= look.filled(eye.fold + eye.brow_low[::-1], grow=0.01)
    return own


def _grown(mask: Array, pixels: float) -> Array:
    side = 2 * max(1, round(pixels)) + 1
    grown: Array = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    return grown


def _rise(x: Array, middle: float, soft: float) -> Array:
    """0 to 1 while x passes the middle."""
    risen: Array = np.clip(0.5 + (x - middle) / (2 * soft), 0, 1)
    return risen
