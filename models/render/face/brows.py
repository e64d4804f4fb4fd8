"""Brows: their own hairs in another colour, and gaps filled with powder and single strokes in the shape of a style."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from looks.layer import Brows
from models.render.face.by_eye import drawn_by_eye
from models.render.face.ground import Ground, Wearer, smoothed
from models.render.face.powder import filmed
from models.render.face.strokes import Hairs, drawn
from models.render.light import luminance, under_white
from models.render.renderer import Drawn, Part
from models.segment.face.eye import Eye, Places
from models.segment.face.mesh import flat
from models.types import Array, Scan

SEED = 5
STATIONS = 25
ACROSS = np.linspace(-2.6, 2.6, 27).astype(
    np.float32
)  # half thicknesses, where a brow's hairs are looked for
MOST_MOVED = 1.1  # half thicknesses that hairs may lie beside the mesh's brow
THICKNESS, THINNER = 1.7, (0.5, 1.1)  # half thickness over the spread of hairs; least and most of the mesh's
FREE_ENOUGH = 0.5
DARKER = 0.6  # of the skin's luminance, at most, of a stroke
LIGHTER = 0.55  # share of the way to a lighter colour that a tint goes without bleach


@dataclass(frozen=True, slots=True)
class Shape:
    """A style. arch, at: how far it rises over the natural brow, in brow lengths, and where; flat: share by which its
    bow is drawn straight; thick: times the natural thickness; upright: how far strokes stand up; long: of a stroke.
    """

    arch: float = 0.0
    at: float = 0.62
    flat: float = 0.0
    thick: float = 1.0
    upright: float = 0.9
    long: float = 0.145


SHAPES = {
    "natural": Shape(),
    "soft_arch": Shape(arch=0.028),
    "high_arch": Shape(arch=0.055, at=0.66, thick=0.92),
    "straight": Shape(flat=0.65, thick=1.05),
    "rounded": Shape(arch=0.030, at=0.48),
    "fluffy": Shape(thick=1.22, upright=1.5, long=0.18),
}


@dataclass(frozen=True, slots=True)
class Brow:
    """A brow in its eye's measure. xs: places along it, from the inner to the outer end; middle, half: its middle line
    and half of its thickness there.
    """

    eye: Eye
    xs: Array
    middle: Array
    half: Array

    @property
    def length(self) -> float:
        return float(self.xs[-1] - self.xs[0])

    def place(self, places: Places) -> tuple[Array, Array]:
        """(h, w) each: 0 to 1 along the brow, -1 to 1 from its lower to its upper edge."""
        t = (places.x - self.xs[0]) / np.float32(self.length)
        middle, half = (
            np.interp(places.x, self.xs, line).astype(np.float32) for line in (self.middle, self.half)
        )
        return t, (places.y - middle) / half


class BrowsRenderer:
    """Draws Brows on every face."""

    part = Part.BROWS

    def supports(self, layer: Brows) -> bool:
        return layer.style in SHAPES and len(layer.colours) == 1

    def draw(self, canvas: Array, scan: Scan, layer: Brows) -> Drawn:
        return drawn_by_eye(canvas, scan, lambda wearer, eye: _paint(canvas, wearer, eye, layer))


def _paint(canvas: Array, wearer: Wearer, eye: Eye, layer: Brows) -> bool:
    own = _settled(canvas, _of_mesh(wearer.landmarks, eye))
    shape = SHAPES[layer.style]
    target = _shaped(own, shape)
    top = float(np.max(np.maximum(own.middle + own.half, target.middle + target.half)))
    bottom = float(np.min(own.middle - own.half))
    box = eye.box(
        canvas.shape,
        (float(own.xs[0]) - 0.1, bottom - 0.12),
        (float(own.xs[-1]) + 0.1, top + 0.16),
    )
    if box is None:
        return False
    places = eye.places(box)
    t, s = own.place(places)
    around = _inside(t, s, 1.25, 0.5)
    free = wearer.free(box)
    if float((around * free).sum()) < FREE_ENOUGH * float(around.sum()):
        return False
    # The skin beneath the hairs is that around the brow.
    bare = np.clip(1 - _inside(t, s, 1.6, 0.4), 0, 1) * free
    seen = under_white(canvas[box.slices], wearer.light)
    skin = smoothed(seen, bare, 0.16 * eye.width)
    ground = Ground(box, seen, skin, free, wearer)
    colour = layer.colours[0].linear.astype(np.float32)
    hairs, light = _tinted(ground, around, colour)
    share = hairs * layer.opacity
    painted = ground.lay(canvas, share * free, light)
    return _fill(canvas, ground, target, places, colour, layer) or painted


def _tinted(ground: Ground, around: Array, colour: Array) -> tuple[Array, Array]:
    """(h, w) share of own hairs, and (h, w, 3) what they look like in the new colour."""
    y, bare = luminance(ground.seen), np.maximum(luminance(ground.smooth), 1e-3)
    dark = np.clip(1 - y / bare, 0, 1) * (around > 0.02)
    chosen = around > 0.6
    deepest = float(np.percentile(dark[chosen], 92)) if chosen.any() else 0.0
    hairs = np.clip(dark / max(deepest, 0.25), 0, 1) * around
    core = hairs > 0.7
    own = np.median(ground.seen[core], axis=0) if core.sum() > 12 else colour
    own_y, new_y = (float(luminance(np.asarray(one, np.float32))) for one in (own, colour))
    shade = np.clip(ground.shade, 0.3, 1.6)[..., None]
    wanted = colour * shade
    if new_y > own_y:
        wanted = own + (wanted - own) * LIGHTER
    relief = np.clip((y + 0.01) / (own_y + 0.01), 0.45, 1.6)[..., None]
    strand = wanted * relief**0.8
    light = ground.smooth * (1 - hairs[..., None]) + strand * hairs[..., None]
    return (hairs > 0.03) * np.clip(1.4 * around, 0, 1) * 0.9, light


def _fill(canvas: Array, ground: Ground, brow: Brow, places: Places, colour: Array, layer: Brows) -> bool:
    """Powder in the shape, and strokes over it."""
    t, s = brow.place(places)
    body = _inside(t, s, 0.85, 0.55) * np.clip(0.35 + 1.6 * t, 0, 1)
    shade = np.clip(ground.shade, 0.3, 1.6)[..., None]
    film = filmed(ground.smooth / ground.shade[..., None], colour, 0.75) * shade
    again = under_white(canvas[ground.box.slices], ground.wearer.light)
    powder = body * (0.42 * layer.fill * layer.opacity)
    light = again + (film - again) * powder[..., None]
    shape = SHAPES[layer.style]
    # A stroke that is lighter than the skin would not read as a hair.
    skin_y = np.maximum(luminance(ground.smooth), 1e-3) / ground.shade
    dim = np.minimum(1, DARKER * skin_y / max(float(luminance(colour)), 1e-3))[..., None]
    strokes = drawn(ground.box, _strokes(brow, shape, layer.fill)) * _inside(t, s, 1.25, 0.4)
    cover = strokes * (0.35 + 0.45 * layer.fill) * layer.opacity
    light = light + (colour * dim * shade - light) * cover[..., None]
    alpha = ((powder + cover) > 0.008).astype(np.float32) * ground.free
    return ground.lay(canvas, alpha, light)


def _strokes(brow: Brow, shape: Shape, fill: float) -> Hairs:
    """Hairs that rise at the inner end, lie along the middle and fall to the tail."""
    rng, count = np.random.default_rng(SEED), round(40 + 110 * fill)
    t, start = rng.uniform(0.0, 0.97, count), rng.uniform(-0.9, 0.45, count)
    x = brow.xs[0] + t * brow.length
    middle, half = (np.interp(x, brow.xs, line) for line in (brow.middle, brow.half))
    ahead = (np.interp(x + 0.05, brow.xs, brow.middle) - middle) / 0.05
    stand = shape.upright * np.clip(1.0 - 1.55 * t, -0.45, 1) + 0.12 * rng.normal(size=count)
    stand = stand - 0.5 * (start > 0.1)  # hairs of the upper edge lie down
    way = np.stack([np.ones(count), ahead + stand], axis=1)
    way = way / np.linalg.norm(way, axis=1, keepdims=True)
    long = (
        shape.long * (0.7 + 0.5 * rng.random(count)) * (0.75 + 0.25 * np.minimum(1.0, 3 * t)) * (1 - 0.35 * t)
    )
    roots = np.stack([x, middle + start * half], axis=1)
    tips = roots + long[:, None] * way
    bends = (roots + tips) / 2 + 0.10 * long[:, None] * np.stack([-way[:, 1], way[:, 0]], axis=1)
    thick = np.full(count, max(0.5, 0.0105 * brow.eye.width))
    roots, bends, tips = (brow.eye.all_at(places) for places in (roots, bends, tips))
    return Hairs(roots, bends, tips, thick)


def _inside(t: Array, s: Array, edge: float, soft: float) -> Array:
    """(h, w) 0 to 1: within a brow's outline, thin at its tail and open at its inner end."""
    thick = np.clip((1.06 - t) / 0.50, 0.12, 1) ** 0.7
    across = np.clip((edge * thick - np.abs(s)) / (soft * thick) + 0.5, 0, 1)
    ends = np.clip((t + 0.06) / 0.16, 0, 1) * np.clip((1.06 - t) / 0.10, 0, 1)
    inside: Array = across * ends
    return inside.astype(np.float32)


def _of_mesh(landmarks: Array, eye: Eye) -> Brow:
    """The brow as the mesh has it."""
    local = []
    for ring in (eye.rings.brow_low, eye.rings.brow_high):
        away = flat(landmarks, ring) - eye.inner
        local.append(np.stack([away @ eye.along, away @ eye.up], axis=1) / eye.width)
    low, high = local
    stations = np.linspace(0, 4, STATIONS)
    low, high = (
        np.stack([np.interp(stations, np.arange(5), side[:, i]) for i in (0, 1)], axis=1)
        for side in (low, high)
    )
    middle = (low + high) / 2
    half = np.maximum(np.linalg.norm(high - low, axis=1) / 2, 0.03)
    order = np.argsort(middle[:, 0])
    xs = middle[order, 0] + np.arange(STATIONS) * 1e-5
    kernel = np.ones(7) / 7

    def calm(line: Array) -> Array:
        return np.convolve(np.pad(line, 3, mode="edge"), kernel, "valid").astype(np.float32)

    return Brow(eye, xs.astype(np.float32), calm(middle[order, 1]), calm(half[order]))


def _settled(canvas: Array, brow: Brow) -> Brow:
    """The brow moved to where its hairs are and as thick as they lie, as far as they stand out from the skin."""
    eye = brow.eye
    y = brow.middle[:, None] + brow.half[:, None] * ACROSS
    at = eye.inner + eye.width * (brow.xs[:, None, None] * eye.along + y[..., None] * eye.up)
    low = np.floor(at.reshape(-1, 2).min(0)).astype(int) - 2
    high = np.ceil(at.reshape(-1, 2).max(0)).astype(int) + 3
    low, high = np.maximum(low, 0), np.minimum(high, canvas.shape[1::-1])
    if (high - low < 4).any():
        return brow
    grey = cv2.cvtColor(canvas[low[1] : high[1], low[0] : high[0]], cv2.COLOR_RGB2GRAY).astype(np.float32)
    places = (at - low).astype(np.float32)
    seen = cv2.remap(
        cv2.GaussianBlur(grey, (0, 0), max(0.6, 0.02 * eye.width)),
        places[..., 0],
        places[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    skin = np.percentile(seen, 80, axis=1, keepdims=True)
    dark = np.clip(1 - seen / np.maximum(skin, 1) - 0.08, 0, None) * np.exp(-0.5 * (ACROSS / 1.5) ** 2)
    power = dark.sum(axis=1)
    sure = power / (power + 0.3)
    move = np.clip((dark * ACROSS).sum(axis=1) / np.maximum(power, 1e-3), -MOST_MOVED, MOST_MOVED) * sure
    spread = np.sqrt((dark * (ACROSS - move[:, None]) ** 2).sum(axis=1) / np.maximum(power, 1e-3))
    thick = 1 + sure * (np.clip(THICKNESS * spread, *THINNER) - 1)
    move, thick = (
        cv2.GaussianBlur(line.astype(np.float32)[None], (0, 0), 3.0, borderType=cv2.BORDER_REPLICATE)[0]
        for line in (move, thick)
    )
    return Brow(eye, brow.xs, brow.middle + move * brow.half, brow.half * thick)


def _shaped(brow: Brow, shape: Shape) -> Brow:
    """The brow in the shape of a style."""
    t = (brow.xs - brow.xs[0]) / brow.length
    straight = brow.middle[0] + (brow.middle[-1] - brow.middle[0]) * t
    middle = brow.middle + (straight - brow.middle) * shape.flat
    middle = middle + shape.arch * brow.length * np.exp(-0.5 * ((t - shape.at) / 0.22) ** 2)
    return Brow(brow.eye, brow.xs, middle.astype(np.float32), brow.half * shape.thick)
