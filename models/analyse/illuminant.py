"""The colour of a photo's light, from the skin beside the nails or of faces, and from greys around them.

A Bayesian estimate over a small grid of lights (after Brainard and Freeman 1997): phones balance white, so the prior
lies about neutral and along daylight's and lamps' colours; skin and surroundings speak through likelihoods that are no
narrower than people and rooms differ. The posterior's mean is drawn to neutral by itself where the evidence is weak.
Only the light's colour is told: its strength cannot be told from that of the skin.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from looks.colour import hex_to_srgb, srgb_to_linear
from models.analyse.monk import MONK
from models.analyse.skin import LUMINANCE, lit_skin, skin_behind
from models.types import Array, Box, Illuminant, Mask, Nail, Photo

# Chromaticities are (log R/G, log B/G) of linear light.
LAMPS = np.array([0.46, -0.89])  # from neutral to warm, by the lights that phones leave over
WARM, TINT = 0.17, 0.055  # standard deviations of the prior along that line and off it
REACH = 3.0  # of the grid, in standard deviations
STEPS = 31

BLOOD = np.array([0.14, -0.05])  # the scale's swatches lack the blood that fingers have
PEOPLE = np.array([0.17, 0.11])  # standard deviation of skin of one tone
EXPOSURE = 0.45  # of the photo's log exposure

SMALL = 96  # pixels of the longer side when surroundings are looked at
GREY = 0.045  # how far a grey's chromaticity spreads
STRANGE = 0.25  # chance that nothing around is grey
SPEAK = 3.0  # how many independent things the surroundings are worth
ENOUGH = 400  # pixels of the surroundings that are looked at, spread over all of them
LEAST_SHARE = 0.01  # of the picture, below which surroundings say nothing
DARKEST, BRIGHTEST = 0.03, 0.98


def estimate_illuminant(photo: Photo, nails: Sequence[Nail]) -> Illuminant:
    """The light's colour relative to D65; neutral without confidence where no nail is seen."""
    if not nails:
        return Illuminant()
    skin = [_evidence(one) for nail in nails if (one := skin_behind(photo.rgb, nail)) is not None]
    return _told(skin, _surroundings(photo.rgb, [nail.mask.box for nail in nails]))


def illuminant_of_faces(photo: Photo, skins: Sequence[Mask]) -> Illuminant:
    """The same from the bare skin of faces; neutral without confidence where none is seen."""
    skin = [_evidence(one) for mask in skins if (one := lit_skin(photo.rgb, mask)) is not None]
    if not skin:
        return Illuminant()
    return _told(skin, _surroundings(photo.rgb, [mask.box for mask in skins]))


def left_over(illuminant: Illuminant) -> float:
    """Standard deviation that is left of the light's log colour along the lamps' line."""
    return WARM * (1 - illuminant.confidence)


def _told(skin: Sequence[Array], around: Array | None) -> Illuminant:
    """The posterior's mean. skin: (3,) chromaticity and log luminance each; around: (n, 2) or None."""
    grid = _grid()
    log = -0.5 * ((grid @ LAMPS_FRAME) ** 2 / np.array([WARM, TINT]) ** 2).sum(-1)
    if skin:
        log = log + _skin_likelihood(grid, np.median(np.array(skin), axis=0))
    if around is not None:
        log = log + _grey_likelihood(grid, around)
    weight = np.exp(log - log.max())
    weight = weight / weight.sum()
    mean = weight @ grid
    left = weight @ (((grid - mean) @ LAMPS_FRAME)[:, 0] ** 2)
    gains = np.exp(np.array([mean[0], 0.0, mean[1]]))
    gains = gains / float(gains @ LUMINANCE)
    red, green, blue = (float(gain) for gain in gains)
    return Illuminant((red, green, blue), float(np.clip(1 - np.sqrt(left) / WARM, 0, 1)))


LAMPS_FRAME = np.stack([LAMPS, np.array([-LAMPS[1], LAMPS[0]])], axis=1) / np.linalg.norm(LAMPS)
_LINEAR = srgb_to_linear(np.arange(256) / 255).astype(np.float32)


def _grid() -> Array:
    """(n, 2) chromaticities of the lights that are weighed."""
    line = np.linspace(-REACH, REACH, STEPS)
    warm, tint = np.meshgrid(line * WARM, line * TINT, indexing="ij")
    lights: Array = np.stack([warm.ravel(), tint.ravel()], axis=-1) @ LAMPS_FRAME.T
    return lights


def _locus() -> Array:
    """(19, 3) chromaticity and log luminance of skin tones from pale to deep, with halves between."""
    linear = np.array([srgb_to_linear(hex_to_srgb(tone)) for tone in MONK])
    known = np.concatenate([_chromaticity(linear) + BLOOD, np.log(linear @ LUMINANCE)[:, None]], axis=1)
    between: Array = np.concatenate([known, (known[1:] + known[:-1]) / 2])
    return between


def _chromaticity(light: Array) -> Array:
    """(..., 2) of linear light (..., 3)."""
    log = np.log(np.maximum(light, 1e-4))
    both: Array = np.stack([log[..., 0] - log[..., 1], log[..., 2] - log[..., 1]], axis=-1)
    return both


def _evidence(middle: Array) -> Array:
    """(3,) chromaticity and log luminance of skin's linear light (3,)."""
    found: Array = np.append(_chromaticity(middle), np.log(max(float(middle @ LUMINANCE), 1e-3)))
    return found


def _skin_likelihood(grid: Array, skin: Array) -> Array:
    """(n,) log likelihood of the skin under each light, whatever its tone is."""
    locus = _locus()
    away = (skin[:2] - grid[:, None, :] - locus[None, :, :2]) / PEOPLE
    dim = (skin[2] - locus[:, 2]) / EXPOSURE
    likely: Array = np.logaddexp.reduce(-0.5 * ((away**2).sum(-1) + dim**2), axis=1)
    return likely


def _surroundings(rgb: Array, boxes: Sequence[Box]) -> Array | None:
    """(n, 2) chromaticities of a coarse picture without these boxes and its skin; None where too little is left."""
    rows, columns = rgb.shape[:2]
    scale = min(1.0, SMALL / max(rows, columns))
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    inside = np.zeros(size[::-1], bool)
    for box in boxes:
        pad = max(box.shape) * 0.35
        x0, y0 = (max(0, int((start - pad) * scale)) for start in (box.x0, box.y0))
        x1, y1 = (int(np.ceil((end + pad) * scale)) + 1 for end in (box.x1, box.y1))
        inside[y0:y1, x0:x1] = True
    light = _LINEAR[small]
    y = light @ LUMINANCE
    usable = ~inside & (y > DARKEST) & (light.max(axis=-1) < BRIGHTEST)
    chromaticity = _chromaticity(light)
    # Skin under any of the lights is redder than a grey under the warmest of them.
    usable &= chromaticity[..., 0] < 0.42
    chosen = chromaticity[usable]
    return chosen[:: max(1, len(chosen) // ENOUGH)] if len(chosen) >= LEAST_SHARE * inside.size else None


def _grey_likelihood(grid: Array, around: Array) -> Array:
    """(n,) log likelihood that some of the surroundings are grey under each light."""
    places, lights = (np.asarray(points, np.float32) / np.float32(GREY) for points in (around, grid))
    # |a - b|² multiplied out: one matrix product instead of a large cube of differences.
    away = (lights**2).sum(-1)[:, None] + (places**2).sum(-1) - 2 * lights @ places.T
    near = np.exp(-0.5 * away).mean(axis=1)
    share = near / max(float(near.max()), 1e-9)
    likely: Array = SPEAK * np.log(STRANGE + (1 - STRANGE) * share)
    return likely
