"""What can be seen of a mouth: whether lips show at all, which of their columns are covered, where the face ends.

Every judgement is relative to this face: its own contrast, its own lips, its own skin, the ground behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from models.types import Array, Box, Photo

# MediaPipe's face mesh, FACEMESH_LIPS walked round: from the right corner over the upper lip and back below.
OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
CHEEKS = (50, 280, 101, 330, 118, 347, 6, 197, 195)  # and the bridge of the nose: skin that masks leave free
FEATURES = (
    33,
    133,
    159,
    145,
    362,
    263,
    386,
    374,
    70,
    105,
    107,
    336,
    334,
    300,
    50,
    280,
    6,
    197,
    101,
    330,
    4,
    151,
)

WIDTH = 64  # pixels of a mouth at most: what tells lips from cloth is coarse
COLUMNS = 24
RING = (0.21, 0.15, 0.10)  # mouth widths above and below the lips
UPPER, LOWER = (
    (0.35, 0.55, 0.75),
    (0.25, 0.45, 0.65),
)  # of the way from the outer to the inner contour, and back
ABOVE, LIP_ROWS, LINE, BELOW = slice(0, 3), (3, 4, 5, 7, 8, 9), slice(5, 8), slice(10, 13)
WEIGHTS = np.array([0.5, 1.0, 1.0], np.float32)  # of L, a, b: light varies over a face more than its colour

FLATTEST = 4.0  # a face's contrast below this is noise
# Logistic fit on 139 visible mouths and 559 covered ones (cloth, hands, microphones), rounded.
STRENGTH, COHERENCE, DARKNESS, STRANGENESS, BIAS = 2.25, 1.4, 3.25, -1.3, 2.65
USUAL_RING = 1.5  # contrasts that skin around a mouth may differ from the cheeks: beards, shadow
LEAST_COHERENCE = 0.2  # hands stay below it, mouths above 0.3

COVERED, FLAT = (
    0.2,
    0.5,
)  # of the mouth's own profile: how much of it, and how much of anything, a covered column shows
LEAST_RUN = 5  # columns; single ones are teeth, highlights or hair
EDGE = 5  # columns beside a covered run that its outline may cross
CORNER = 2  # columns beside a corner that share the fate of the run that reaches them
LEAST_WIDTH_PX = 24  # of a mouth whose columns can be judged one by one
SURE = 0.7  # likeness of the other columns to the mouth's profile

TURNED = 0.6  # depth between the corners in mouth widths: from here on the far side may be hidden
NEAR_EDGE = 0.35  # mouth widths between the lips and the mesh's far edge
GROUND = np.linspace(0.15, 0.5, 6)  # mouth widths beyond that edge: what lies behind the face
DISTINCT = 6.0  # weighted Lab between face and ground


@dataclass(frozen=True, slots=True)
class Mouth:
    """A mouth's surroundings in a small picture.

    lab: (h, w, 3) float32, weighted; points: (468 or 478, 3) landmarks in it; scale, origin: from photo to picture;
    rows: (13, 24, 3) colours across the mouth, from the skin above to the skin below; columns: (24, 2) their middles.
    """

    lab: Array
    points: Array
    scale: Array
    origin: Array
    rows: Array
    columns: Array

    @classmethod
    def of(cls, photo: Photo, landmarks: Array) -> Self | None:
        """The mouth of a mesh in a photo; None when the mesh lies outside."""
        width = float(np.linalg.norm(landmarks[61, :2] - landmarks[291, :2]))
        wanted = landmarks[list(OUTER + CHEEKS + FEATURES), :2]
        low = np.maximum(np.floor(wanted.min(0) - 0.6 * width), 0).astype(int)
        high = np.minimum(np.ceil(wanted.max(0) + 0.6 * width), photo.size[::-1]).astype(int)
        if (high <= low).any():
            return None
        part = photo.rgb[low[1] : high[1], low[0] : high[0]]
        shrink = min(1.0, WIDTH / width)
        size = np.maximum(np.round((high - low) * shrink), 1).astype(int)
        small = cv2.resize(part, tuple(size.tolist()), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        lab = cv2.GaussianBlur(
            cv2.cvtColor(small, cv2.COLOR_RGB2LAB), (0, 0), max(0.5, 0.012 * width * shrink)
        )
        scale = size / (high - low)
        points = landmarks.astype(np.float64)
        points[:, :2] = (points[:, :2] - low + 0.5) * scale - 0.5
        points[:, 2] *= shrink
        places = _places(points)
        lab = lab * WEIGHTS
        return cls(lab, points, scale, low, _colours(lab, places), places.mean(axis=0))

    @property
    def width(self) -> float:
        """Pixels between the corners."""
        return float(np.linalg.norm(self.points[61, :2] - self.points[291, :2]))

    def visible(self) -> bool:
        """Whether lips show: rows that differ as lips, line and skin do, in the same way in most free columns."""
        rows = self.rows[:, self.uncovered() > 0]
        shape, profile = _profile(rows)
        signal = float((profile**2).sum(-1).mean())
        noise = float(((shape - profile[:, None]) ** 2).sum(-1).mean())
        coherence = signal / max(signal + noise, 1e-6)
        if coherence < LEAST_COHERENCE:
            return False
        contrast = max(FLATTEST, float(_colours(self.lab, self.points[list(FEATURES), :2])[:, 0].std()))
        above, below = rows[ABOVE].mean(0), rows[BELOW].mean(0)
        dark = np.median(np.maximum(above, below)[:, 0] - rows[LINE, :, 0].min(0)) / contrast
        cheeks = np.median(_colours(self.lab, self.points[list(CHEEKS), :2]), axis=0)
        ring = np.linalg.norm(np.median(np.concatenate([above, below]), axis=0) - cheeks) / contrast
        score = (
            STRENGTH * np.log(max(np.sqrt(signal) / contrast, 1e-6))
            + COHERENCE * np.log(coherence / max(1 - coherence, 1e-6))
            + DARKNESS * np.clip(dark, -0.5, 1.0)
            + STRANGENESS * max(float(ring) - USUAL_RING, 0.0)
            + BIAS
        )
        return bool(score > 0)

    def uncovered(self) -> Array:
        """(24,) 0 or 1: columns that something plain hides, while the others surely show lips, are 0."""
        free = np.ones(COLUMNS)
        if self.width / self.scale[0] < LEAST_WIDTH_PX:
            return free
        shape, profile = _profile(self.rows)
        for _ in range(2):  # what is covered must not blur the profile that it is judged by
            share = np.einsum("rcl,rl->c", shape, profile) / max(float((profile**2).sum()), 1e-6)
            profile = np.median(shape[:, share >= np.median(share)], axis=1)
        power = max(float((profile**2).sum()), 1e-6)
        along, energy = np.einsum("rcl,rl->c", shape, profile), (shape**2).sum(axis=(0, 2))
        share, likeness = (_smooth(one) for one in (along / power, along / np.sqrt(energy * power + 1e-6)))
        covered = (share < COVERED) & (energy < FLAT * np.median(energy))
        changes = np.flatnonzero(np.diff(np.concatenate([[0], covered.astype(int), [0]])))
        for start, end in zip(changes[::2], changes[1::2], strict=True):
            if end - start >= LEAST_RUN:
                free[start if start > CORNER else 0 : end if end < COLUMNS - CORNER else COLUMNS] = 0
        sure = free.any() and free.mean() > 0.25 and np.median(likeness[free > 0]) > SURE
        return free if sure else np.ones(COLUMNS)

    def share(self, box: Box) -> Array:
        """(h, w) float32, 0 to 1, over a box of the photo: what is face and not covered."""
        free, ground = self.uncovered(), self._ground()
        if free.all() and ground is None:
            return np.ones(box.shape, np.float32)
        shown = np.ones(self.lab.shape[:2], np.float32) if ground is None else ground
        if not free.all():
            axis = (self.points[291, :2] - self.points[61, :2]) / self.width
            y, x = np.mgrid[: shown.shape[0], : shown.shape[1]]
            along, place = self.columns @ axis, x * axis[0] + y * axis[1]
            order = np.argsort(along)  # the far columns of a turned mouth fold back
            near = cv2.dilate(1 - free, np.ones(2 * EDGE + 1))[:, 0]
            hiding = self._apart(*(self.rows[3:10, free == side].reshape(-1, 3) for side in (1, 0)))
            shown *= np.where(np.interp(place, along[order], near[order]) > 0, hiding, 1)
            shown *= np.interp(place, along[order], _smooth(free)[order]).astype(np.float32)
        shift = (np.array([box.x0, box.y0]) - self.origin + 0.5) * self.scale - 0.5
        to_small = np.column_stack([np.diag(self.scale), shift])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        grown: Array = cv2.warpAffine(
            shown, to_small, box.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        return grown

    def _ground(self) -> Array | None:
        """(h, w) float32 over the small picture: 0 where it is like what lies behind a turned face; None if not."""
        near, far = sorted((61, 291), key=lambda corner: float(self.points[corner, 2]))
        if self.points[far, 2] - self.points[near, 2] < TURNED * self.width:
            return None
        out = (self.points[far, :2] - self.points[near, :2]) / self.width
        down = np.array([-out[1], out[0]])
        flat = self.points[:, :2]
        lips = flat[list(OUTER)]
        low, high = np.min(lips @ down), np.max(lips @ down)
        level = flat[(flat @ down >= low) & (flat @ down <= high)]
        edge = float(np.max(level @ out))
        if edge - np.max(lips @ out) > NEAR_EDGE * self.width:
            return None
        behind = (edge + GROUND * self.width)[:, None, None] * out + np.linspace(low, high, 6)[
            None, :, None
        ] * down
        half = self.columns @ out < np.median(self.columns @ out)
        face = self.rows[:, half][:, ::2].reshape(-1, 3)
        ground = _colours(self.lab, behind).reshape(-1, 3)
        if np.linalg.norm(np.median(face, axis=0) - np.median(ground, axis=0)) < DISTINCT:
            return None
        shown = self._apart(face, ground)
        y, x = np.mgrid[: shown.shape[0], : shown.shape[1]]
        shown[x * out[0] + y * out[1] < np.median(self.columns @ out)] = 1
        return shown

    def _apart(self, face: Array, other: Array) -> Array:
        """(h, w) float32 over the small picture: 0 round the lips where other colours are nearer than the face's."""
        lips = self.points[list(OUTER), :2]
        x0, y0 = np.maximum(np.floor(lips.min(0)) - 3, 0).astype(int)
        x1, y1 = np.ceil(lips.max(0)).astype(int) + 4
        part = self.lab[y0:y1, x0:x1]
        to_face, to_other = (_nearest(part, colours) for colours in (face, other))
        shown = np.clip(2.5 * (to_other - to_face) / np.maximum(to_other + to_face, 1e-3), 0, 1)
        whole = np.ones(self.lab.shape[:2], np.float32)
        whole[y0:y1, x0:x1] = cv2.medianBlur(np.round(255 * shown).astype(np.uint8), 3) / np.float32(255)
        return whole


def _places(points: Array) -> Array:
    """(13, 24, 2): where each column crosses the mouth, from the skin above to the skin below."""
    outer, inner = points[list(OUTER), :2], points[list(INNER), :2]
    stations = np.linspace(1, 9, COLUMNS)

    def column(ring: Array) -> tuple[Array, Array]:
        below = np.concatenate([ring[:1], ring[:9:-1]])
        top, bottom = (
            np.stack([np.interp(stations, np.arange(11), half[:, i]) for i in (0, 1)], -1)
            for half in (ring[:11], below)
        )
        return top, bottom

    (top, bottom), (inner_top, inner_bottom) = column(outer), column(inner)
    axis = outer[10] - outer[0]
    down = np.array([-axis[1], axis[0]])
    down = down if down @ (bottom - top).mean(0) > 0 else -down
    return np.stack(
        [top - ring * down for ring in RING]
        + [top + (inner_top - top) * t for t in UPPER]
        + [(inner_top + inner_bottom) / 2]
        + [inner_bottom + (bottom - inner_bottom) * t for t in LOWER]
        + [bottom + ring * down for ring in reversed(RING)]
    )


def _colours(lab: Array, places: Array) -> Array:
    """Colours at (…, 2) places."""
    at = np.atleast_3d(places.astype(np.float32)).reshape(-1, 1, 2)
    seen = cv2.remap(lab, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    colours: Array = seen.reshape(*places.shape[:-1], 3)
    return colours


def _profile(rows: Array) -> tuple[Array, Array]:
    """Rows without each column's level and slope, and their median over the columns: (13, 24, 3) and (13, 3)."""
    line = np.stack([np.ones(len(rows)), np.linspace(-1, 1, len(rows))], axis=1)
    shape = rows - np.einsum("ij,jcl->icl", line @ np.linalg.pinv(line), rows)
    return shape, np.median(shape, axis=1)


def _smooth(values: Array) -> Array:
    """Each value with a quarter of its neighbours'."""
    return np.convolve(np.pad(values, 1, "edge"), [0.25, 0.5, 0.25], "valid")


def _nearest(lab: Array, colours: Array) -> Array:
    """(h, w) distance of each pixel to the nearest of (n, 3) colours."""
    pixels, colours = lab.reshape(-1, 3), colours.astype(np.float32)
    squares = (pixels**2).sum(-1)[:, None] - 2 * pixels @ colours.T + (colours**2).sum(-1)
    distance: Array = np.sqrt(np.maximum(squares.min(axis=1), 0)).reshape(lab.shape[:2])
    return distance
