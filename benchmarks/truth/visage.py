"""Photographs of a face of known skin, formed in linear light: albedo × shading × light + a sheen of the same light.

The face's relief is that of a mesh of 468 or 478 points; eyes, brows and lips are drawn where the mesh has them. Skin
is one albedo all over, so its truth is one colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from benchmarks.truth.palette import LIGHTS, MONK, linear_of
from benchmarks.truth.reflectance import glint, irradiance
from looks.colour import linear_to_srgb
from models.types import Array

# MediaPipe's face mesh walked round.
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
EYES = (
    (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
    (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249),
)
BROWS = (
    (70, 63, 105, 66, 107, 55, 65, 52, 53, 46),
    (300, 293, 334, 296, 336, 285, 295, 282, 283, 276),
)
LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)

HAEMOGLOBIN = np.array([1.0, 0.87, 0.91])
"""What blood under the skin leaves of light, against the swatch; drawn from how faces differ from swatches."""
WALLS = np.array([[0.72, 0.71, 0.69], [0.45, 0.46, 0.47], [0.30, 0.38, 0.52], [0.62, 0.50, 0.40]])
"""Linear reflectance of what stands behind: plaster, concrete, a blue wall, wood."""
WHITE, IRIS, HAIR = (
    np.array([0.52, 0.50, 0.48]),
    np.array([0.10, 0.055, 0.03]),
    np.array([0.03, 0.022, 0.018]),
)
GRID, GRAIN, OIL = 72, 0.02, 0.18


@dataclass(frozen=True)
class Face:
    """One face under one light. tone: 1 to 10; light: name in LIGHTS; blood: 0 as the swatch, 1 with blood under it.

    points: (468 or 478, 3) mesh in pixels of a picture of (height, width) `size`, depth growing away from the camera.
    """

    points: Array
    size: tuple[int, int]
    tone: int
    light: str
    blood: float = 0.0

    @property
    def albedo(self) -> Array:
        """(3,) linear reflectance of the skin: the truth."""
        skin: Array = linear_of(MONK[self.tone - 1]) * HAEMOGLOBIN**self.blood
        return skin

    @cached_property
    def photo(self) -> Array:
        """(h, w, 3) uint8: the photo that a customer takes."""
        light, rng = LIGHTS[self.light], np.random.default_rng(31 * self.tone + len(self.light))
        lit = irradiance(self._normal, light)
        middle = float(np.median(lit[self._mask(OVAL) > 0.5]))
        sheen = OIL * glint(self._normal, light, 0.45) / middle
        scene = self._surface * (lit / middle)[..., None] + sheen[..., None]
        face = self._mask(OVAL)[..., None]
        wall = WALLS[self.tone % len(WALLS)] * np.ones((*self.size, 1))
        scene = scene * face + wall * (1 - face)
        scene = scene * (1 + GRAIN * rng.standard_normal((*self.size, 1)))
        rgb: Array = np.round(linear_to_srgb(scene * light.colour) * 255).astype(np.uint8)
        return rgb

    @cached_property
    def _surface(self) -> Array:
        """(h, w, 3) reflectance of skin with eyes, brows and lips on it."""
        surface = np.broadcast_to(self.albedo, (*self.size, 3)).copy()
        lips = self.albedo * np.array([0.85, 0.55, 0.58])
        for colour, outlines in ((lips, (LIPS,)), (HAIR, BROWS), (WHITE, EYES)):
            for outline in outlines:
                self._lay(surface, self._mask(outline), colour)
        for eye in EYES:
            inside = self.points[list(eye), :2]
            radius = 0.23 * float(np.ptp(inside[:, 0]))
            y, x = np.mgrid[: self.size[0], : self.size[1]]
            away = np.hypot(*(np.stack([x, y]) - inside.mean(axis=0)[:, None, None]))
            self._lay(surface, self._mask(eye) * np.clip(radius - away + 0.5, 0, 1), IRIS)
        return surface

    def _lay(self, surface: Array, cover: Array, colour: Array) -> None:
        surface += cover[..., None] * (colour - surface)

    def _mask(self, outline: tuple[int, ...]) -> Array:
        """(h, w) coverage of an outline, with a soft edge."""
        filled = np.zeros(self.size, np.float32)
        cv2.fillPoly(filled, [np.round(self.points[list(outline), :2]).astype(np.int32)], (1.0,))
        soft: Array = cv2.GaussianBlur(filled, (0, 0), 1.2)
        return soft

    @cached_property
    def _normal(self) -> Array:
        """(h, w, 3) unit normals of the relief, x to the right, y down, z to the camera."""
        height, width = self.size
        y, x = np.mgrid[0:GRID, 0:GRID]
        at = np.stack([(x + 0.5) * width / GRID, (y + 0.5) * height / GRID], axis=-1).reshape(-1, 1, 2)
        away = ((at - self.points[None, :, :2]) ** 2).sum(-1)
        reach = (0.035 * width) ** 2
        weight = 1 / (away + reach) ** 2
        depth = (weight @ self.points[:, 2] / weight.sum(axis=1)).reshape(GRID, GRID)
        depth = cv2.resize(depth.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        down, across = np.gradient(cv2.GaussianBlur(depth, (0, 0), 0.02 * width))
        normal = np.stack([across, down, np.ones_like(depth)], axis=-1)
        unit: Array = normal / np.linalg.norm(normal, axis=-1, keepdims=True)
        return unit
