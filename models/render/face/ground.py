"""A part of a face as a white light would show it, with the smooth light that its skin gives back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import cv2
import numpy as np

from models.render.light import in_each, lay, linear, luminance, under_white
from models.types import Array, Box, Mask, Scan, Skin

LEAST_Y = 1e-3
MUCH = 1.5  # times as bright: above it a thing's own noise would show
SMALL_SIGMA = 2.0  # pixels to which a wide blur is brought before it is done


@dataclass(frozen=True, slots=True)
class Wearer:
    """One face to paint. landmarks: (n, 3); skin: what of it is free; level: luminance of its skin in the middle;
    light: (3,) gains of the photo's light; score: of the face.
    """

    landmarks: Array
    skin: Skin
    level: float
    light: Array
    score: float

    def free(self, box: Box) -> Array:
        """(h, w) float32 share of free skin over a box of the photo; 0 beyond the face."""
        mask = self.skin.mask
        share = np.zeros(box.shape, np.float32)
        x0, y0 = max(box.x0, mask.box.x0), max(box.y0, mask.box.y0)
        x1, y1 = min(box.x1, mask.box.x1), min(box.y1, mask.box.y1)
        if x0 < x1 and y0 < y1:
            part = mask.alpha[y0 - mask.box.y0 : y1 - mask.box.y0, x0 - mask.box.x0 : x1 - mask.box.x0]
            share[y0 - box.y0 : y1 - box.y0, x0 - box.x0 : x1 - box.x0] = part.astype(np.float32) / 255
        return share


def wearers(canvas: Array, scan: Scan, light: Array) -> list[Wearer]:
    """The faces of a scan whose skin is free to be painted, largest index last."""
    faces = scan.faces or ()
    found = []
    for skin in scan.skin or ():
        step = max(1, int(np.sqrt(skin.mask.alpha.size / 20000)))
        seen = linear(canvas[skin.mask.box.slices][::step, ::step]) / light
        free = skin.mask.alpha[::step, ::step] > 200
        if free.any():
            level = max(float(np.median(luminance(seen)[free])), LEAST_Y)
            face = faces[skin.face]
            found.append(Wearer(face.landmarks, skin, level, light, face.score))
    return found


@dataclass(frozen=True)
class Ground:
    """What a box of the photo shows. seen: (h, w, 3) linear light under white; soft: the same without pores and lines,
    at the size that still holds it; free: (h, w) share of skin that nothing hides.
    """

    box: Box
    seen: Array
    soft: Array
    free: Array
    wearer: Wearer

    @classmethod
    def of(cls, canvas: Array, box: Box, wearer: Wearer, sigma: float, free: Array | None = None) -> Self:
        """sigma: pixels below which the skin's own texture is kept."""
        seen = under_white(canvas[box.slices], wearer.light)
        share = wearer.free(box) if free is None else free
        return cls(box, seen, smoothed(seen, share, sigma), share, wearer)

    @cached_property
    def smooth(self) -> Array:
        """(h, w, 3) soft, as large as the box."""
        return spread(self.soft, self.box.shape)

    @cached_property
    def shade(self) -> Array:
        """(h, w) the skin's smooth shading, 1 in its middle."""
        shade: Array = np.maximum(luminance(self.smooth), LEAST_Y) / np.float32(self.wearer.level)
        return shade

    def relit(self, after: Array, keep: float | Array = 1.0) -> Array:
        """(h, w, 3) what is seen when the smooth light becomes this: pores, lines and highlights stay.

        after: as large as the box, or as soft. keep: share of the highlights, one or (h, w). Where a thing becomes
        much brighter its noise would too: there only the lightness of its texture is kept.
        """
        small = after.shape == self.soft.shape
        before = self.soft if small else self.smooth
        gain = after / np.maximum(before, LEAST_Y / 4)
        most = np.maximum.reduce(cv2.split(gain))
        many = np.nonzero(spread(most, self.box.shape) * (self.free > 0) > MUCH)
        gain = spread(gain, self.box.shape)
        soft = spread(np.maximum(luminance(before), LEAST_Y), self.box.shape)
        y = luminance(self.seen)
        shine = np.maximum(y - 1.18 * soft, 0)
        light: Array = self.seen - in_each(shine)
        light *= gain
        if len(many[0]):
            plenty = MUCH / np.maximum(gain[many], MUCH)
            texture = np.clip((y[many] - shine[many]) / soft[many], 0.5, 1.5)[:, None]
            light[many] *= plenty
            light[many] += spread(after, self.box.shape)[many] * texture * (1 - plenty)
        light += in_each(keep * shine)
        return light

    def lay(self, canvas: Array, share: Array, paint: Array) -> bool:
        """Write the painted light where the share says so; False where there is nothing to paint."""
        alpha = np.round(255 * np.clip(share, 0, 1)).astype(np.uint8)
        if not alpha.any():
            return False
        lay(canvas, Mask(alpha, self.box), paint * self.wearer.light, 1.0)
        return True


def smoothed(light: Array, weight: Array, sigma: float) -> Array:
    """Light (h, w, 3) blurred where the weight is, so that nothing from beside the skin comes in; no larger than it
    need be (`spread` brings it back).
    """
    shrink = min(1.0, SMALL_SIGMA / max(sigma, 1e-3))
    height, width = weight.shape
    size = max(2, round(width * shrink)), max(2, round(height * shrink))
    near = np.maximum(weight, 1e-3)
    small = cv2.resize(light * near[..., None], size, interpolation=cv2.INTER_AREA)
    small_weight = cv2.resize(near, size, interpolation=cv2.INTER_AREA)
    blur = max(0.4, sigma * size[0] / width)
    small = cv2.GaussianBlur(small, (0, 0), blur)
    small_weight = cv2.GaussianBlur(small_weight, (0, 0), blur)
    mean: Array = small / small_weight[..., None]
    return mean


def spread(small: Array, shape: tuple[int, int]) -> Array:
    """A smooth map as large as (h, w)."""
    if small.shape[:2] == shape:
        return small
    large: Array = cv2.resize(small, shape[::-1], interpolation=cv2.INTER_LINEAR)
    return large
