"""Eyeliner: a line along the lashes in six styles, drawn in the eye's own measure."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.segment.face.eye import Eye
from models.types import Array, Box

FINER = 4
SHIFT = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One style; all in eye widths. thick: height of the line at its inner, middle and outer part; start: where it
    begins; wing, lift_deg: length and angle of its flick over the lower lid's own; lower: height of a line under the
    eye; soft: how far it is smudged.
    """

    thick: tuple[float, float, float] = (0.0, 0.0, 0.0)
    start: float = 0.04
    wing: float = 0.0
    lift_deg: float = 0.0
    lower: float = 0.0
    soft: float = 0.004


LINES = {
    "liner": Line(thick=(0.014, 0.026, 0.034)),
    "liner_wing": Line(thick=(0.012, 0.036, 0.056), wing=0.23, lift_deg=12.0),
    "liner_cat": Line(thick=(0.016, 0.052, 0.082), start=-0.02, wing=0.36, lift_deg=16.0),
    "liner_smoky": Line(thick=(0.040, 0.100, 0.120), wing=0.10, lift_deg=8.0, lower=0.065, soft=0.024),
    "liner_tight": Line(thick=(0.007, 0.011, 0.012), start=0.06, soft=0.003),
    "liner_lower": Line(lower=0.026, soft=0.010),
}


def share(eye: Eye, box: Box, line: Line) -> Array:
    """(h, w) float32 cover of a line over a box of the photo; the eyeball is left to the caller."""
    height, width = box.shape
    cover = np.zeros((height * FINER, width * FINER), np.uint8)
    origin = np.array([box.x0, box.y0], np.float32)
    for outline in _outlines(eye, line):
        pixels = np.round(((eye.all_at(outline) - origin) * FINER - 0.5) * (1 << SHIFT)).astype(np.int32)
        cv2.fillPoly(cover, [pixels], (255,), shift=SHIFT)
    small = cv2.resize(cover, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    soft = line.soft * eye.width
    smudged: Array = cv2.GaussianBlur(small, (0, 0), max(soft, 0.35))
    return smudged


def _outlines(eye: Eye, line: Line) -> list[Array]:
    """Closed outlines (n, 2) in eye widths."""
    found = []
    if line.thick[1]:
        x = np.linspace(line.start, 1.0, 40)
        edge = np.interp(x, eye.xs, eye.upper)
        tall = (
            np.interp(x, (line.start, 0.5, 0.92), line.thick) * np.clip((x - line.start) / 0.16, 0, 1) ** 0.8
        )
        top = edge + tall
        if line.wing:
            top, x_top = _winged(eye, line, x, top)
            tip = x_top[-1], top[-1]
            below = np.concatenate([np.stack([x, edge - 0.006], 1), [tip]])
            found.append(np.concatenate([below, np.stack([x_top, top], 1)[::-1]]))
        else:
            fall = np.clip((1.03 - x) / 0.08, 0, 1) ** 0.6
            top = edge + tall * fall
            found.append(np.concatenate([np.stack([x, edge - 0.006], 1), np.stack([x, top], 1)[::-1]]))
    if line.lower:
        x = np.linspace(0.30, 1.02, 30)
        edge = np.interp(x, eye.xs, eye.lower)
        tall = line.lower * np.clip((x - 0.30) / 0.4, 0, 1) * np.clip((1.06 - x) / 0.10, 0, 1) ** 0.5
        found.append(np.concatenate([np.stack([x, edge + 0.004], 1), np.stack([x, edge - tall], 1)[::-1]]))
    return [outline.astype(np.float32) for outline in found]


def _winged(eye: Eye, line: Line, x: Array, top: Array) -> tuple[Array, Array]:
    """The upper edge of a line with its flick, and where it lies along the eye: it goes on as the lower lid would."""
    slope = float(np.interp(1.0, eye.xs, eye.lower) - np.interp(0.72, eye.xs, eye.lower)) / 0.28
    angle = np.clip(np.arctan(slope), np.radians(6), np.radians(32)) + np.radians(line.lift_deg)
    corner = np.array([1.0, np.interp(1.0, eye.xs, eye.upper)])
    tip = corner + line.wing * np.array([np.cos(angle), np.sin(angle)])
    leave = x <= 0.80
    start = np.array([x[leave][-1], top[leave][-1]])
    before = np.array([x[leave][-4], top[leave][-4]])
    ahead = (start - before) / np.linalg.norm(start - before)
    bend = start + ahead * 0.55 * np.linalg.norm(tip - start)
    # The flick's upper edge hollows: it must not run above the straight line to the tip by much.
    bend = 0.45 * bend + 0.55 * (0.42 * start + 0.58 * tip)
    t = np.linspace(0, 1, 20)[1:, None]
    curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * tip
    return np.concatenate([top[leave], curve[:, 1]]), np.concatenate([x[leave], curve[:, 0]])
