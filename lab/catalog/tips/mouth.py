"""Lips in the finishes and styles that no renderer of photos draws yet, on the mouth that shows the others."""

from __future__ import annotations

import cv2
import numpy as np

from lab.catalog.tips.noise import cells
from lab.catalog.tips.studio import grating, sparkle
from looks.layer import Lips
from looks.material import Material
from models.render.light import encoded, linear, luminance
from models.render.sample.mouth import bare_mouth
from models.render.sample.studio import place, step
from models.types import Array

LIPS_MM = 52.0  # width of a mouth


def lips(layer: Lips, material: Material, side: int, seed: int) -> Array:
    """The canvas of a mouth wearing this layer."""
    mouth = bare_mouth(side)
    bare = linear(mouth.rgb)
    alpha = mouth.lips.mask.alpha.astype(np.float32) / 255
    core = alpha > 0.8
    y = luminance(bare)
    soft = cv2.GaussianBlur(y, (0, 0), 0.010 * len(y))
    relief = np.clip(y / float(np.median(y[core])), 0.2, 1.8)
    colour = _colours(layer, alpha, y)
    light = colour * (relief**0.85)[..., None]
    low, high = np.percentile(soft[core], [72, 99.5])
    catch = np.clip((soft - low) / max(float(high - low), 1e-3), 0, 1) ** 2
    light += (0.10 * material.clear_coat * catch)[..., None]
    if material.flake_density:
        light = _shimmering(light, colour, material, soft, seed)
    share = (alpha * min(1.0, 1 - (1 - material.coverage) ** 2.2))[..., None]
    return encoded(bare + (light - bare) * share)


def _colours(layer: Lips, alpha: Array, y: Array) -> Array:
    """(h, w, 3): one colour, outer edge and middle, upper and lower lip, or line and fill."""
    first = layer.colours[0].linear.astype(np.float32)
    if len(layer.colours) == 1:
        return np.broadcast_to(first, (*alpha.shape, 3))
    second = layer.colours[1].linear.astype(np.float32)
    inner = cv2.distanceTransform((alpha > 0.4).astype(np.uint8), cv2.DIST_L2, 5) / len(alpha)
    x, down = place(len(alpha))
    match layer.style:
        case "two_tone":
            share = step(down - _seam(alpha, y), 0.012)
        case "liner":
            share = step(inner - 0.014, 0.006)
        case _:
            share = step(inner - 0.052, 0.045) * step(0.50 - np.abs(x), 0.25)
    mixed: Array = first + (second - first) * share[..., None]
    return mixed


def _seam(alpha: Array, y: Array) -> Array:
    """(h, w) height of the line between the lips in each column: its darkest place."""
    dark = np.where(alpha > 0.02, y, 9.0)
    rows = cv2.GaussianBlur(dark.argmin(axis=0).astype(np.float32)[None], (31, 1), 6)[0]
    line: Array = np.broadcast_to(rows / len(alpha) * 2 - 1, alpha.shape)
    return line


def _shimmering(light: Array, colour: Array, material: Material, soft: Array, seed: int) -> Array:
    """Fine flakes; the lips' own bulge, read from their shading, turns them to the light."""
    size = len(soft)
    y, x = np.mgrid[:size, :size].astype(np.float32) * (LIPS_MM / (0.72 * size))
    down, right = np.gradient(soft * 60)
    normal = np.stack((-right, -down - 0.10, np.full_like(right, 1.6)), axis=-1)
    normal = (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)
    found = cells(x, y, max(material.flake_size_um / 1000, 0.16), seed)
    flash = sparkle(normal, found.tilt * 0.28, 30)
    shine = np.sqrt(colour) * 0.6 + colour * 0.4
    if material.grating:
        rainbow = grating(normal, material.grating_um, 0.25 * found.tilt[..., 0])
        shine = shine * (1 - 0.6 * material.grating) + 2.0 * material.grating * rainbow
    there = (found.chance < material.flake_density) * found.edge * (0.45 + 0.5 * material.metalness)
    metal = light * (1 - 0.45 * material.metalness) + colour * (1.1 * material.metalness * flash)[..., None]
    mixed: Array = metal + (shine * (0.30 + 1.7 * flash)[..., None] - metal) * there[..., None]
    return mixed
