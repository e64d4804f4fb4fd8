"""Take a head of hair apart: how bright its body is lit, strand by strand, and what it mirrors.

Light from hair is a body that scatters through pigmented fibres, and a gloss off their cuticle that knows no pigment
(Marschner et al. 2003: TT and TRT against R). Of the darkest hair most light is gloss, of the lightest hardly any.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.analyse.skin import LUMINANCE
from models.types import Array, Mask

SMALL = 224  # pixels of the longer side at which smooth shading and flow are told
SMOOTH = 0.035  # of the box's longer side: finer than this is a strand, coarser is a lock's shading
NOISE = 0.0025  # linear light under which a phone's picture holds more noise than hair
SHEEN = 0.010  # linear light that a cuticle mirrors all over a lit head
MOST_SHEEN = 0.6  # of the light of the darkest hair
RIM = 0.012  # of the box's longer side: how far the matte's edge is uncertain
GLOSSY = 0.55  # share of the shading's contrast that is the gloss's where all light is gloss
BESIDE = 5  # pixels at the reduced size, over which strands lie close by
FAINT = 0.05  # least share of a pixel that says anything of the hair in it
COLOURLESS = 0.85  # least over most of the body's linear channels above which no gloss is told by colour
GRAIN = 0.8  # pixels over which noise of colour is averaged
NOISY = 0.02  # linear light under which noise shows when it is made brighter
MOST_WHITE = 0.8  # of a pixel's light
CORE = 215  # alpha from which a pixel is all hair
SAMPLE = 20_000  # pixels that medians are taken of
HIGHLIGHT = 0.45  # log of how much brighter than its surroundings a strand is that mirrors a lamp


@dataclass(frozen=True, slots=True)
class Strands:
    """The hair's pixels, n of them, under white light.

    where: (n,) places in the mask's flattened box; alpha: (n,) uint8; light: (n, 3) the hair's own, freed from what is
    behind it; smooth, detail: (n,) log shading of the body over its median, of locks and of single strands; gloss: (n,)
    mirrored light, 0 in its median; floor: (n,) luminance of the darkest strands close by; level: luminance of the
    body's median; core: indices of n that are all hair; sample: of those that mirror no lamp. small: (rows, columns)
    log luminance of the box at a reduced size, small_alpha its mask, 0 to 1.
    """

    where: Array
    alpha: Array
    light: Array
    smooth: Array
    detail: Array
    gloss: Array
    floor: Array
    level: float
    core: Array
    sample: Array
    small: Array
    small_alpha: Array


def take_apart(light: Array, mask: Mask) -> Strands:
    """The strands of a mask whose box shows this linear light (h, w, 3), its colour taken out."""
    rows, columns = mask.box.shape
    where = np.flatnonzero(mask.alpha)
    y = _weighted(light, LUMINANCE)
    size, full = _reduced(rows, columns), (columns, rows)
    small_alpha: Array = cv2.resize(mask.alpha, size, interpolation=cv2.INTER_AREA) * np.float32(1 / 255)
    # Beside the face and before a bright wall even a full pixel holds some of what is not hair.
    within: Array = np.clip((cv2.GaussianBlur(small_alpha, (0, 0), RIM * max(size)) - 0.55) / 0.40, 0, 1)
    sure = small_alpha**2 * (0.02 + within)
    colour = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    matt = y - _mirrored(light, y, colour[within > 0.9])
    # What is nearly black is quieter over its neighbours, and shows no strands that would be lost by it.
    matt += (cv2.GaussianBlur(matt, (0, 0), GRAIN) - matt) / (1 + (y * np.float32(1 / NOISY)) ** 2)
    small_y = cv2.resize(matt, size, interpolation=cv2.INTER_AREA)
    sigma = SMOOTH * max(size)
    middle = _median(small_y[small_alpha > 0.9], small_y[small_alpha > 0])
    weight = np.maximum(cv2.GaussianBlur(sure, (0, 0), sigma), 1e-4)
    # Lamps mirrored in the hair are no shading of its body, and a far blur reaches where the matte is thin.
    body: Array = np.minimum(small_y, 4 * middle) * sure
    low = cv2.GaussianBlur(body, (0, 0), sigma) / weight
    tint = cv2.GaussianBlur(colour * sure[..., None], (0, 0), sigma) / weight[..., None]
    low, deep, floor = (
        cv2.resize(one, full, interpolation=cv2.INTER_LINEAR).ravel()[where]
        for one in (np.maximum(low, 0), within, cv2.erode(small_y, np.ones((BESIDE, BESIDE))))
    )
    a = mask.alpha.ravel()[where]
    inside = np.clip((a.astype(np.float32) - 0.35 * 255) * np.float32(1 / (0.55 * 255)), 0, 1)
    own = light.reshape(-1, 3)[where]
    _unmix(own, tint, a, inside, where, full)
    here, seen = (
        low + (one - low) * np.where(one > low, inside * deep, inside)
        for one in (matt.ravel()[where], y.ravel()[where])
    )
    step = max(1, len(a) // SAMPLE)
    core = np.flatnonzero(a[::step] >= CORE) * step
    if len(core) < 32:
        core = np.arange(0, len(a), step)
    level = max(float(np.median(here[core])), 1e-4)
    smooth, whole = (np.log((one + NOISE) * np.float32(1 / (level + NOISE))) for one in (low, here))
    sheen = min(MOST_SHEEN, SHEEN / (SHEEN + level))
    fall = np.float32(1 - GLOSSY * sheen)
    detail = np.minimum(whole - smooth, np.float32(HIGHLIGHT))
    given = np.exp(fall * (smooth + detail)) * np.float32((1 - sheen) * (level + NOISE)) - np.float32(
        (1 - sheen) * NOISE
    )
    gloss = seen - np.maximum(given, 0)
    gloss = np.maximum(gloss - np.float32(np.median(gloss[core])), 0)
    calm = core[whole[core] < np.log(2.0)]
    return Strands(
        where,
        a,
        own,
        fall * smooth,
        fall * detail,
        gloss,
        floor,
        level,
        core,
        calm if len(calm) > 32 else core,
        np.log(small_y + NOISE),
        small_alpha,
    )


def _unmix(own: Array, tint: Array, a: Array, inside: Array, where: Array, full: tuple[int, int]) -> None:
    """Free the hair's own light, (n, 3), from what is behind it, in place; tint: the colour of the hair about it."""
    mixed = np.flatnonzero(inside < 1)
    light = own[mixed]
    hair = cv2.resize(tint, full, interpolation=cv2.INTER_LINEAR).reshape(-1, 3)[where[mixed]]
    hair += (light - hair) * inside[mixed, None]
    # In a pixel that hair shares neither it nor what is behind it can be darker than black or brighter than white.
    share = np.maximum(a[mixed].astype(np.float32) / 255, FAINT)[:, None]
    own[mixed] = np.clip(hair, (light - (1 - share)) / share, light / share)


def _weighted(light: Array, weights: Array) -> Array:
    """(h, w) a weighted sum of the channels."""
    found: Array = cv2.transform(light, np.asarray(weights, np.float32)[None])
    return found.reshape(light.shape[:2])


def _mirrored(light: Array, y: Array, hair: Array) -> Array:
    """(h, w) light that is whiter than the body, so far as the body has a colour; hair: (n, 3) of what is all hair.

    The dichromatic model (Shafer 1985): the body's colour is that of the hair's darker and more saturated places.
    """
    if len(hair) < 32:
        return np.zeros_like(y)
    brightness = hair @ LUMINANCE
    dark = hair[brightness <= np.median(brightness)]
    middle = np.median(dark, axis=0)
    most, least = int(np.argmax(middle)), int(np.argmin(middle))
    pure = float(np.percentile(dark[:, least] / np.maximum(dark[:, most], 1e-4), 25))
    told = float(np.clip((COLOURLESS - pure) / 0.4, 0, 1))
    if told == 0:
        return np.zeros_like(y)
    weights = np.zeros(3)
    weights[least], weights[most] = told / (1 - pure), -pure * told / (1 - pure)
    white = np.maximum(_weighted(light, weights), 0)
    return np.minimum(cv2.GaussianBlur(white, (0, 0), GRAIN), MOST_WHITE * y)


def _reduced(rows: int, columns: int) -> tuple[int, int]:
    scale = min(1.0, SMALL / max(rows, columns))
    return max(2, round(columns * scale)), max(2, round(rows * scale))


def _median(chosen: Array, otherwise: Array) -> float:
    return float(np.median(chosen if len(chosen) else otherwise))
