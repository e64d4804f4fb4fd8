"""Metals, films, flakes, gratings, magnets and bumps, in their own simple physics."""

from __future__ import annotations

import cv2
import numpy as np

from benchmarks.truth.palette import Light
from benchmarks.truth.plate import PX_PER_MM, Plate
from benchmarks.truth.reflectance import room
from looks.material import Material
from models.types import Array

WAVELENGTHS_NM = np.array([610.0, 550.0, 465.0])
INDEX = 1.5  # of a mica's coat
TILT = 0.5  # slope of a flake that lies anyhow


def effect(swatch: Array, shade: Array, shape: Plate, light: Light, material: Material, seed: int) -> Array:
    """(h, w, 3) light of the coloured layer before the light's colour; shade: (h, w), 1 at the nail's median."""
    rng = np.random.default_rng(seed)
    colour = np.broadcast_to(swatch, (*shade.shape, 3))
    if material.relief_um:
        shade = shade * _bumps(shade.shape, material, rng)
    body = colour * shade[..., None]
    mirrored = (
        _levelled(room(shape.nail_normal, light, max(material.roughness, 0.03)), shape)[..., None] * colour
    )
    body = body + material.metalness * (mirrored - body)
    if material.flake_density:
        share = material.flake_density * (0.4 + 0.5 * material.metalness)
        flakes = _flakes(shape, light, material, rng)[..., None]
        body = body * (1 - share) + share * flakes * (0.3 * np.sqrt(colour) + 0.7 * colour)
    if material.film:
        body = body * (1 + material.film * (_interference(shape.nail_normal[..., 2], material.film_nm) - 1))
    if material.grating:
        body = body * (1 - 0.4 * material.grating) + material.grating * _spectrum(shape, light, material)
    if material.line:
        along = shape.along * 0.5 + 0.5
        angle = np.tan(np.radians(material.line_angle_deg))
        place = (along - material.line_position - 0.3 * shape.across * angle) / max(material.line_width, 0.02)
        body = body * (1 - material.line * (0.7 - 1.5 * np.exp(-(place**2))))[..., None]
    layer: Array = body
    return layer


def _levelled(field: Array, shape: Plate) -> Array:
    level: Array = field / max(float(np.median(field[shape.inside])), 1e-3)
    return level


def _flakes(shape: Plate, light: Light, material: Material, rng: np.random.Generator) -> Array:
    """(h, w) what many small mirrors show, each with a tilt of its own."""
    rows, columns = shape.cover.shape
    size = max(material.flake_size_um / 1000 * PX_PER_MM, 0.25)
    grid = (max(2, round(rows / max(size, 1))), max(2, round(columns / max(size, 1))))
    many = max(1.0, 1 / size)  # of them lie in one pixel, and average
    slopes = rng.normal(0, TILT * material.flake_tilt / many, (*grid, 2))
    tilt = cv2.resize(slopes, (columns, rows), interpolation=cv2.INTER_NEAREST)
    normal = shape.nail_normal.copy()
    normal[..., :2] += tilt
    wide = float(np.hypot(0.05, TILT * material.flake_tilt * (1 - 1 / many**2) ** 0.5))
    return _levelled(room(normal, light, wide), shape)


def _interference(cosine: Array, thickness_nm: float) -> Array:
    """(h, w, 3) reflectance of a thin film over its mean (two-beam interference)."""
    inside = np.sqrt(1 - (1 - cosine[..., None] ** 2) / INDEX**2)
    reflected = 1 - np.cos(4 * np.pi * INDEX * thickness_nm * inside / WAVELENGTHS_NM + np.pi)
    tint: Array = reflected / 1.0
    return tint


def _spectrum(shape: Plate, light: Light, material: Material) -> Array:
    """(h, w, 3) first order of a grating about the mirrored key light: wavelength = period × sine."""
    aside = np.abs(shape.nail_normal[..., 0] - light.direction[0] / 2)
    wavelength = 2000 * material.grating_um * 0.5 * aside[..., None]
    colours: Array = 0.8 * np.exp(-(((wavelength - WAVELENGTHS_NM) / 60) ** 2))
    return colours


def _bumps(size: tuple[int, ...], material: Material, rng: np.random.Generator) -> Array:
    """(h, w) light on a bumpy surface over that on a smooth one."""
    sigma = max(0.6, 0.4 * material.relief_scale_um / 1000 * PX_PER_MM)
    height = cv2.GaussianBlur(rng.standard_normal(size), (0, 0), sigma)
    height = height * (material.relief_um / 1000 * PX_PER_MM * 0.5 / float(np.std(height)))
    down, aside = np.gradient(height)
    relief: Array = np.clip(1 + 0.5 * aside + 0.4 * down, 0.4, 1.6)
    return relief
