"""Lights, the shadows they throw over a height field, and scattering under the skin."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.types import Array


@dataclass(frozen=True)
class Light:
    """gains: linear RGB of the illuminant, green 1; azimuth, elevation: degrees of the key light, azimuth 0 to the
    right and 90 up the picture; spread: its half angle, degrees; key: its share, the rest is sky."""

    gains: tuple[float, float, float]
    azimuth: float
    elevation: float
    spread: float
    key: float

    @property
    def direction(self) -> Array:
        """(3,) unit vector to the key light in picture axes (y down, z to the camera)."""
        a, e = np.radians((self.azimuth, self.elevation))
        return np.array((np.cos(a) * np.cos(e), -np.sin(a) * np.cos(e), np.sin(e)), np.float32)


LIGHTS = {
    "daylight": Light((1.0, 1.0, 1.0), 125, 52, 20, 0.54),
    "warm": Light((1.17, 1.0, 0.75), 60, 52, 12, 0.60),
    "cool": Light((0.90, 1.0, 1.12), 110, 62, 30, 0.32),
    "softbox": Light((1.03, 1.0, 0.95), 100, 62, 24, 0.55),
    "side": Light((1.08, 1.0, 0.88), 160, 38, 5, 0.66),
}


def visibility(receiver: Array, blocker: Array, light: Light, scale: float, samples: int = 20) -> Array:
    """Share of the key light that reaches each pixel of one height field past another; (h, w), heights in mm."""
    total = np.zeros(receiver.shape, np.float32)
    golden = np.pi * (3 - np.sqrt(5))
    for i in range(samples):
        r = np.sqrt((i + 0.5) / samples) * light.spread
        azimuth = light.azimuth + r * np.cos(i * golden) / np.cos(np.radians(light.elevation))
        elevation = np.clip(light.elevation + r * np.sin(i * golden), 6, 88)
        total += _ray(receiver, blocker, azimuth, float(elevation), scale, 17)
    return cv2.GaussianBlur(total / samples, (0, 0), 0.35 * scale)


def sky(receiver: Array, blocker: Array, scale: float) -> Array:
    """Cosine-weighted share of the sky that each pixel sees; (h, w)."""
    total = np.zeros(receiver.shape, np.float32)
    for ring, elevation in enumerate((22.0, 45.0, 68.0)):
        for k in range(8):
            total += _ray(receiver, blocker, 45.0 * k + 15 * ring, elevation, scale, 11)
    return cv2.GaussianBlur(total / 24, (0, 0), 0.6 * scale)


def _ray(
    receiver: Array, blocker: Array, azimuth: float, elevation: float, scale: float, steps: int
) -> Array:
    """March all pixels' rays towards one direction and return 1 where nothing is met, with a narrow soft edge."""
    rows, cols = receiver.shape
    slope = np.tan(np.radians(elevation))
    longest = min(48.0 / slope, 90.0)
    dx, dy = np.cos(np.radians(azimuth)) * scale, -np.sin(np.radians(azimuth)) * scale
    worst = np.full(receiver.shape, -10, np.float32)
    for k in range(1, steps + 1):
        t = longest * (k / steps) ** 1.6
        move = np.array([[1, 0, dx * t], [0, 1, dy * t]], np.float64)
        there = cv2.warpAffine(
            blocker,
            move,
            (cols, rows),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        np.maximum(worst, there - receiver - np.float32(t * slope), out=worst)
    return np.clip(0.5 - worst / 1.2, 0, 1)


def spread_under(mask: Array, values: Array) -> Array:
    """Fill values outside a mask with the nearest inside, so that they can be scaled up without a seam."""
    if not mask.any():
        return values
    _, labels = cv2.distanceTransformWithLabels(
        (~mask).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    lookup = np.zeros(int(labels.max()) + 1, values.dtype)
    lookup[labels[mask]] = values[mask]
    filled: Array = lookup[labels]
    return filled


def scatter(irradiance: Array, mask: Array, scale: float) -> Array:
    """(h, w, 3) irradiance after scattering in skin: red travels farthest (widths after Jensen et al. 2001)."""
    rows, cols = mask.shape
    weight = cv2.resize(mask.astype(np.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    light = cv2.resize(
        np.asarray(irradiance * mask, np.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA
    )
    out = []
    for width_mm, share in ((1.35, 0.75), (0.55, 0.6), (0.25, 0.5)):
        sigma = width_mm * scale / 2
        soft = cv2.GaussianBlur(light, (0, 0), sigma) / np.maximum(
            cv2.GaussianBlur(weight, (0, 0), sigma), 1e-3
        )
        blurred = cv2.resize(soft, (cols, rows), interpolation=cv2.INTER_LINEAR)
        out.append(share * blurred + (1 - share) * irradiance)
    return np.stack(out, axis=-1)


def gloss(normal: Array, light: Light, roughness: float | Array, f0: float) -> Array:
    """GGX reflection of the key light towards a camera above (Walter et al. 2007); (...,) from normals (..., 3)."""
    to_light = light.direction
    half: Array = to_light + np.array((0, 0, 1), np.float32)
    half /= np.linalg.norm(half)
    a2 = (roughness**2 + np.sin(np.radians(light.spread)) * 0.35) ** 2
    nh = np.clip(normal @ half, 0, 1)
    nl = np.clip(normal @ to_light, 0, 1)
    nv = np.clip(normal[..., 2], 0.05, 1)
    lobe = a2 / (np.pi * (nh * nh * (a2 - 1) + 1) ** 2)
    fresnel = f0 + (1 - f0) * (1 - float(to_light @ half)) ** 5
    k = roughness / 2
    shadowing = nl / ((nl * (1 - k) + k) * (nv * (1 - k) + k))
    reflected: Array = np.pi / 4 * fresnel * lobe * shadowing
    return reflected


def mirrored(normal: Array, light: Light) -> Array:
    """What a glossy surface mirrors to a camera above: a tall window at the key light's azimuth in a dim room."""
    r = 2 * normal[..., 2:] * normal - np.array((0, 0, 1), np.float32)
    level = np.maximum(np.hypot(r[..., 0], r[..., 1]), 1e-3)
    azimuth = light.direction[:2] / np.linalg.norm(light.direction[:2])
    aside = np.degrees(np.arccos(np.clip((r[..., :2] @ azimuth) / level, -1, 1)))
    raised = np.degrees(np.arcsin(np.clip(r[..., 2], -1, 1)))
    half = 16 + 0.7 * light.spread
    pane = (
        np.clip((half - aside) / 15, 0, 1)
        * np.clip((raised - 8) / 10, 0, 1)
        * np.clip((76 - raised) / 8, 0, 1)
    )
    room = 0.16 * np.clip((raised + 10) / 70, 0, 1)
    fresnel = 0.05 + 0.95 * (1 - np.clip(normal[..., 2], 0, 1)) ** 5
    seen: Array = fresnel * (pane + room)
    return seen
