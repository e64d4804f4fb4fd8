"""A salon's own polish from a photo of a painted tip beside a grey card: Lab and finish parameters, with their error.

The card gives the light's colour and strength: reflectance = light of the tip / light of the card × the card's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from looks.colour import delta_e00, linear_to_lab, linear_to_srgb, srgb_to_linear
from models.analyse.calm import calm_part
from models.types import Array

GREY = 0.18  # reflectance of a photographer's grey card
BLACK, WHITE = 0.02, 0.85  # of a drawdown chart's fields
LEAST_SHARE = 0.01  # of the picture that card and tip cover
RECTANGLE = 0.86  # of its smallest enclosing rectangle that a card fills
FLAT = 9.0  # Lab: how far a card's pixels spread
NEUTRAL = 26.0  # chroma of a grey under the warmest light that is balanced
APART = 9.0  # Lab: what differs from the background by less belongs to it
CLIPPED = 252
MOST_CLIPPED = 0.4  # of the picture
BLOCK_PX, ROUNDS = 6, 200  # neighbouring pixels are not independent: blocks are drawn anew


class CalibrationError(ValueError):
    """A photo that no colour can be read from; says what to change."""


class NoCard(CalibrationError):
    """No flat grey rectangle."""


class NoTip(CalibrationError):
    """Nothing painted beside the card."""


class Overexposed(CalibrationError):
    """Card or tip are clipped."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """One polish.

    lab: CIE Lab under D65; error: ΔE00 that 95 % of redrawn samples stay within; hex: sRGB, lower case; gloss: matte,
    satin or gloss; roughness, flake_density: as in looks.material; light: gains of the photo's light, green 1.
    """

    lab: tuple[float, float, float]
    error: float
    hex: str
    gloss: str
    roughness: float
    flake_density: float
    light: tuple[float, float, float]
    pixels: int


def calibrate(rgb: Array, *, card_reflectance: float = GREY) -> Calibration:
    """Read a polish from (h, w, 3) uint8 sRGB; raises NoCard, NoTip or Overexposed."""
    if float((rgb.max(axis=-1) >= CLIPPED).mean()) > MOST_CLIPPED:
        raise Overexposed("the photo is overexposed: take it darker")
    regions = _regions(rgb)
    card = _card(rgb, regions)
    tip = _tip(regions, card)
    for name, mask, most in (("card", card, 0.02), ("tip", tip, 0.25)):
        if float((rgb[mask].max(axis=-1) >= CLIPPED).mean()) > most:
            raise Overexposed(f"the {name} is overexposed: take the photo darker")
    light = srgb_to_linear(rgb / 255)
    white = np.median(light[card], axis=0) / card_reflectance
    tip_light = light / white
    inner = cv2.erode(tip.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    tip = inner if np.count_nonzero(inner) >= 50 else tip
    y = tip_light @ np.array([0.2126, 0.7152, 0.0722])
    calm, middle = calm_part(y, tip)
    colour = np.median(tip_light[calm], axis=0)
    lab = linear_to_lab(np.clip(colour, 0, 1))
    roughness, gloss = _gloss(y, tip, middle)
    red, green, blue = (white / white[1]).round(4).tolist()
    lightness, a, b = lab.round(2).tolist()
    return Calibration(
        (lightness, a, b),
        _error(tip_light, calm, light[card] / white / card_reflectance, lab),
        "#" + bytes(np.round(linear_to_srgb(colour) * 255).astype(np.uint8).tolist()).hex(),
        gloss,
        roughness,
        _flakes(y, calm, middle, float((light[card] @ np.array([0.2126, 0.7152, 0.0722])).std() / GREY)),
        (red, green, blue),
        int(np.count_nonzero(calm)),
    )


def coverage(over_black: Calibration, over_white: Calibration, coats: int) -> float:
    """Share that one coat hides, from tips of so many coats over black and over white."""
    black, white = (((one.lab[0] + 16) / 116) ** 3 for one in (over_black, over_white))
    shows = float(np.clip((white - black) / (WHITE - BLACK), 0.0, 1.0))
    hides: float = 1 - shows ** (1 / coats)
    return round(hides, 3)


def _regions(rgb: Array) -> list[Array]:
    """Connected things that differ from the background, (h, w) bool each, the largest first."""
    lab = cv2.cvtColor(cv2.medianBlur(rgb, 5).astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    border = np.concatenate([lab[:3].reshape(-1, 3), lab[-3:].reshape(-1, 3), lab[:, :3].reshape(-1, 3)])
    away = np.linalg.norm(lab - np.median(border, axis=0), axis=-1) > APART
    opened = cv2.morphologyEx(away.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    order = sorted(range(1, count), key=lambda i: -int(stats[i, cv2.CC_STAT_AREA]))
    return [labels == i for i in order if stats[i, cv2.CC_STAT_AREA] >= LEAST_SHARE * labels.size]


def _card(rgb: Array, regions: list[Array]) -> Array:
    for mask in regions:
        contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        (_, (wide, high), _) = cv2.minAreaRect(np.concatenate(contours))
        lab = cv2.cvtColor(rgb[mask][None].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[0]
        flat = float(np.linalg.norm(lab.std(axis=0))) < FLAT
        grey = float(np.hypot(*np.median(lab[:, 1:], axis=0))) < NEUTRAL
        if flat and grey and mask.sum() / max(wide * high, 1.0) > RECTANGLE:
            inner: Array = cv2.erode(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
            return inner
    raise NoCard("no grey card was found: lay a flat grey card beside the tip, all of it in the picture")


def _tip(regions: list[Array], card: Array) -> Array:
    for mask in regions:
        if not (mask & card).any():
            return mask
    raise NoTip("no painted tip was found beside the card: lay it on a plain ground of another colour")


def _gloss(y: Array, tip: Array, middle: float) -> tuple[float, str]:
    """Roughness and class, from how far the brightest hundredth rises and how small it is."""
    rise = float(np.percentile(y[tip], 99.5)) - middle
    small = float((y[tip] > middle + 0.5 * max(rise, 1e-6)).mean())
    if rise < 0.04:
        return 0.7, "matte"
    roughness = float(np.clip(0.08 + 1.6 * small, 0.05, 0.6))
    return round(roughness, 2), "gloss" if rise > 0.12 and roughness < 0.35 else "satin"


def _flakes(y: Array, calm: Array, middle: float, noise: float) -> float:
    """Density from the variance that is left when smooth shading and the card's noise are taken out."""
    soft = cv2.GaussianBlur(np.where(calm, y, middle), (0, 0), 3)
    spread = float((y - soft)[calm].std()) / max(middle, 1e-3)
    return round(float(np.clip((np.sqrt(max(spread**2 - noise**2, 0.0)) - 0.02) * 4, 0, 1)), 2)


def _error(tip_light: Array, calm: Array, card: Array, lab: Array) -> float:
    """95th percentile of ΔE00 when blocks of tip and pixels of card are drawn anew (Efron's bootstrap)."""
    rng = np.random.default_rng(0)
    rows, columns = np.nonzero(calm)
    block = rows // BLOCK_PX * (tip_light.shape[1] // BLOCK_PX + 1) + columns // BLOCK_PX
    middles = np.array(
        [np.median(tip_light[rows[block == i], columns[block == i]], axis=0) for i in np.unique(block)]
    )
    off = []
    for _ in range(ROUNDS):
        drawn = np.median(middles[rng.integers(len(middles), size=len(middles))], axis=0)
        white = np.median(card[rng.integers(len(card), size=min(len(card), 500))], axis=0)
        off.append(float(delta_e00(linear_to_lab(np.clip(drawn / white, 0, 1)), lab)))
    return round(float(np.percentile(off, 95)), 2)
