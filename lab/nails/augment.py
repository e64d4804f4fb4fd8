"""What light, cameras, polish and JPEG do to a picture; all on (h, w, 3) uint8 RGB, all from one generator."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from models.types import Array

Rng = np.random.Generator


def developed(rgb: Array, rng: Rng) -> Array:
    """Exposure, white balance, contrast, saturation and hue."""
    ramp = np.arange(256, dtype=np.float32) / 255
    gains = np.exp(rng.normal(0, 0.13) + rng.normal(0, 0.07, 3))
    gamma = float(np.exp(rng.normal(0, 0.22)))
    pivot, contrast = rng.uniform(0.35, 0.6), float(np.exp(rng.normal(0, 0.16)))
    curves = np.clip((ramp[:, None] ** gamma * gains - pivot) * contrast + pivot, 0, 1)
    out = cv2.LUT(rgb, np.round(curves * 255).astype(np.uint8)[:, None, :].reshape(1, 256, 3))
    if rng.random() < 0.6:
        saturation = rng.uniform(0.0, 0.3) if rng.random() < 0.06 else float(np.exp(rng.normal(0, 0.28)))
        mixed: Array = _saturation(saturation) @ _hue(rng.normal(0, 0.10))
        out = cv2.transform(out, mixed)
    return out


def _saturation(amount: float) -> Array:
    grey = np.array([0.299, 0.587, 0.114])
    return amount * np.eye(3) + (1 - amount) * np.tile(grey, (3, 1))


def _hue(angle: float) -> Array:
    """Turn around the grey axis (Rodrigues)."""
    k = np.full(3, 3**-0.5)
    cross = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    turned: Array = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return turned


def shot(rgb: Array, rng: Rng) -> Array:
    """Blur of focus or motion, few pixels, noise, JPEG: each seldom."""
    h, w = rgb.shape[:2]
    if rng.random() < 0.15:
        rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.4, 1.8))
    elif rng.random() < 0.1:
        rgb = cv2.filter2D(rgb, -1, _streak(rng))
    if rng.random() < 0.12:
        scale = rng.uniform(0.35, 0.8)
        small = cv2.resize(
            rgb, (max(8, int(w * scale)), max(8, int(h * scale))), interpolation=cv2.INTER_AREA
        )
        rgb = cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.2:
        grain = rng.standard_normal((h, w, 3), np.float32) * rng.uniform(2, 14)
        rgb = cv2.add(rgb, grain, dtype=cv2.CV_8U)
    if rng.random() < 0.3:
        _, data = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))])
        rgb = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return rgb


def _streak(rng: Rng) -> Array:
    length, angle = int(rng.integers(3, 10)), rng.uniform(0, np.pi)
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    reach = np.array([np.cos(angle), np.sin(angle)]) * middle
    a, b = (np.round(middle + s * reach).astype(int).tolist() for s in (-1, 1))
    cv2.line(kernel, a, b, (1.0,), 1)
    streak: Array = kernel / kernel.sum()
    return streak


def shaded(rgb: Array, rng: Rng) -> Array:
    """A soft shadow's edge or a fall-off of light across the picture."""
    h, w = rgb.shape[:2]
    coarse = rng.uniform(0.45, 1.1, (int(rng.integers(2, 4)), int(rng.integers(2, 4)))).astype(np.float32)
    field = cv2.resize(coarse, (w, h), interpolation=cv2.INTER_CUBIC)
    return cv2.multiply(rgb, cv2.merge([field] * 3), dtype=cv2.CV_8U)


def cut_out(rgb: Array, labels: Array, rng: Rng) -> None:
    """Hide a few rectangles, in place, in colour or by another part of the picture; what is hidden is no nail."""
    h, w = labels.shape
    for _ in range(int(rng.integers(1, 4))):
        bh, bw = int(h * rng.uniform(0.04, 0.22)), int(w * rng.uniform(0.04, 0.22))
        y, x = int(rng.integers(0, h - bh)), int(rng.integers(0, w - bw))
        patch = rgb[y : y + bh, x : x + bw]
        if rng.random() < 0.5:
            patch[:] = rng.integers(0, 256, 3)
        else:
            sy, sx = int(rng.integers(0, h - bh)), int(rng.integers(0, w - bw))
            if labels[sy : sy + bh, sx : sx + bw].any():
                continue
            patch[:] = rgb[sy : sy + bh, sx : sx + bw].copy()
        labels[y : y + bh, x : x + bw] = 0


def polished(rgb: Array, labels: Array, rng: Rng, zoom: float = 1.0) -> None:
    """Paint the nails of a picture, in place: any colour, many finishes, with the photo's own light and shade.

    zoom: by how much the labels were enlarged, so that the paint's edge does not show their pixels.
    """
    present = np.unique(labels)
    theme, accent = _colour(rng), rng.random() < 0.3
    finish = FINISHES[int(rng.integers(len(FINISHES)))]
    for nail in present[present > 0]:
        ys, xs = np.nonzero(labels == nail)
        pad = 2 + int(2 * zoom)
        rows, cols = (
            slice(max(0, ys.min() - pad), ys.max() + pad),
            slice(max(0, xs.min() - pad), xs.max() + pad),
        )
        box = (rows, cols)
        cover = cv2.GaussianBlur((labels[box] == nail).astype(np.float32), (0, 0), max(0.6, 0.8 * zoom))
        cover = np.clip((cover - 0.5) * max(1.0, zoom) + 0.5, 0, 1)[..., None]
        linear = (rgb[box].astype(np.float32) / 255) ** 2.2
        light = linear @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        light = light / max(float(np.median(light[labels[box] == nail])), 1e-3)
        paint = _colour(rng) if accent and rng.random() < 0.4 else theme
        painted = finish(linear, np.clip(light, 0.15, 3.0), paint, rng)
        out = np.clip(linear + cover * (painted - linear), 0, 1) ** (1 / 2.2)
        rgb[box] = np.round(out * 255).astype(np.uint8)


def _colour(rng: Rng) -> Array:
    """Linear RGB: reds and nudes often, every hue, black, white."""
    kind = rng.random()
    hue = rng.uniform(-0.06, 0.1) if kind < 0.35 else rng.uniform(0, 1)
    saturation = rng.uniform(0, 0.1) if kind > 0.85 else rng.uniform(0.15, 1.0)
    value = rng.choice([rng.uniform(0.03, 0.25), rng.uniform(0.3, 0.95), 0.95])
    k = np.abs((hue * 6 + np.array([0, 4, 2])) % 6 - 3) - 1
    rgb = value * (1 - saturation + saturation * np.clip(k, 0, 1))
    out: Array = (rgb**2.2).astype(np.float32)
    return out


Finish = Callable[[Array, Array, Array, Rng], Array]


def _cream(linear: Array, light: Array, paint: Array, rng: Rng) -> Array:
    del linear
    gloss = np.maximum(light - rng.uniform(1.2, 1.8), 0) * rng.uniform(0, 0.6)
    body: Array = paint * (light[..., None] ** rng.uniform(0.5, 1.0)) + gloss[..., None]
    return body


def _sheer(linear: Array, light: Array, paint: Array, rng: Rng) -> Array:
    share = rng.uniform(0.25, 0.75)
    out: Array = linear * (1 - share) + share * _cream(linear, light, paint, rng)
    return out


def _glitter(linear: Array, light: Array, paint: Array, rng: Rng) -> Array:
    h, w = light.shape
    flakes = rng.random((h, w, 1)).astype(np.float32) ** rng.uniform(2, 8) * rng.uniform(1, 5)
    tint = paint + rng.uniform(0, 0.5, (h, w, 3)).astype(np.float32) * (rng.random() < 0.4)
    out: Array = _cream(linear, light, paint, rng) * 0.6 + tint * flakes * light[..., None]
    return out


def _blended(linear: Array, light: Array, paint: Array, rng: Rng) -> Array:
    """Two colours with a soft or sharp border anywhere: ombre, French, halves."""
    h, w = light.shape
    angle, width = rng.uniform(0, 2 * np.pi), rng.choice([0.03, 0.25])
    y, x = np.mgrid[:h, :w].astype(np.float32)
    along = ((x / w - 0.5) * np.cos(angle) + (y / h - 0.5) * np.sin(angle) - rng.uniform(-0.25, 0.35)) / width
    second = linear if rng.random() < 0.4 else _cream(linear, light, _colour(rng), rng)
    share = np.clip(along + 0.5, 0, 1)[..., None]
    out: Array = _cream(linear, light, paint, rng) * share + second * (1 - share)
    return out


def _patterned(linear: Array, light: Array, paint: Array, rng: Rng) -> Array:
    """Blotches, marble, dots: a thresholded soft noise in a second colour."""
    h, w = light.shape
    grid = rng.random((int(rng.integers(2, 9)), int(rng.integers(2, 9)))).astype(np.float32)
    field = cv2.resize(grid, (w, h), interpolation=cv2.INTER_CUBIC)
    share = np.clip((field - 0.55) * rng.uniform(2, 20), 0, 1)[..., None]
    second = _cream(linear, light, _colour(rng), rng)
    out: Array = _cream(linear, light, paint, rng) * (1 - share) + second * share
    return out


def _metal(linear: Array, light: Array, paint: Array, rng: Rng) -> Array:
    """Chrome: the light's steps are exaggerated."""
    del linear
    wave = 0.5 + 0.5 * np.sin(np.log(light) * rng.uniform(2, 9) + rng.uniform(0, 6))
    body: Array = paint * (0.25 + 1.4 * wave[..., None]) + 0.15 * wave[..., None] ** 4
    return body


FINISHES: tuple[Finish, ...] = (
    _cream,
    _cream,
    _cream,
    _sheer,
    _glitter,
    _blended,
    _blended,
    _patterned,
    _metal,
)


def erased(rgb: Array, mask: Array, rng: Rng) -> None:
    """Overgrow a region by the skin around it, in place: a finger without a nail."""
    ys, xs = np.nonzero(mask)
    pad = 6 + int(max(np.ptp(ys), np.ptp(xs)) * 0.3)
    box = (
        slice(max(0, ys.min() - pad), ys.max() + pad + 1),
        slice(max(0, xs.min() - pad), xs.max() + pad + 1),
    )
    part = rgb[box].astype(np.float32)
    hole = cv2.dilate(mask[box].astype(np.uint8), np.ones((3, 3), np.uint8), iterations=2).astype(np.float32)
    known = 1 - hole
    total, weight = np.zeros_like(part), np.full(hole.shape, 1e-6, np.float32)
    for sigma, share in ((2.0, 1.0), (5.0, 0.1), (12.0, 0.01), (30.0, 1e-3)):
        total += share * cv2.GaussianBlur(part * known[..., None], (0, 0), sigma)
        weight += share * cv2.GaussianBlur(known, (0, 0), sigma)
    grain = cv2.GaussianBlur(rng.normal(0, 1, hole.shape).astype(np.float32), (0, 0), 0.8) * rng.uniform(0, 7)
    filled = total / weight[..., None] + grain[..., None]
    cover = cv2.GaussianBlur(hole, (0, 0), 1.2)[..., None]
    rgb[box] = np.clip(part + cover * (filled - part), 0, 255).astype(np.uint8)
