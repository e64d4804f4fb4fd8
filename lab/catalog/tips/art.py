"""Nail art as maps over a plate: which colour lies where, and what stands out of it."""

from __future__ import annotations

import numpy as np

from lab.catalog.tips.nail import NAIL_MM, Plate
from lab.catalog.tips.noise import cells, smooth
from lab.catalog.tips.studio import film, room, sparkle
from looks.layer import NailArt
from models.render.sample.studio import step
from models.types import Array

Colours = list[Array]
EDGE = 0.012  # softness of a painted edge, in nail widths


def coloured(plate: Plate, art: NailArt) -> Array:
    """(h, w, 3) linear colour of french, ombre, decal and accent; gems lie on their base."""
    colours = [swatch.linear.astype(np.float32) for swatch in art.colours]
    values = {name: value for name, value in art.parameters.items() if not isinstance(value, str)}
    words = {name: value for name, value in art.parameters.items() if isinstance(value, str)}
    base = np.broadcast_to(colours[0], (*plate.u.shape, 3))
    match art.style:
        case "french":
            return _over(base, colours[1], _french(plate, values, words.get("side", "tip")))
        case "ombre":
            return _ombre(plate, colours, values, words.get("direction", "cuticle_to_tip"))
        case "decal":
            return _decal(plate, colours, values, words["motif"])
        case "accent":
            return _accent(plate, colours, values, words["pattern"])
        case _:
            return base


def _over(below: Array, colour: Array, share: Array) -> Array:
    found: Array = below + (colour - below) * share[..., None]
    return found


def _widths(plate: Plate) -> tuple[Array, Array]:
    """Place on the nail in nail widths, from its middle line and from its cuticle."""
    return plate.v / 2, plate.u * plate.aspect


def _french(plate: Plate, values: dict[str, float], side: str) -> Array:
    width, curve = values.get("tip_width", 0.2), values.get("smile_curve", 0.6)
    soft = EDGE + 0.3 * values.get("edge_softness", 0.0)
    lean = np.tan(np.deg2rad(values.get("angle_deg", 0.0))) * plate.v / 2 / plate.aspect
    bend = 0.30 * curve * plate.v**2 / plate.aspect
    if side == "cuticle":
        return step(width + 0.8 * bend + lean - plate.u, soft)
    return step(plate.u - (1 - width - bend + lean), soft)


def _ombre(plate: Plate, colours: Colours, values: dict[str, float], direction: str) -> Array:
    along = {"cuticle_to_tip": plate.u, "tip_to_cuticle": 1 - plate.u, "side": (plate.v + 1) / 2}[direction]
    t = np.clip((along - values.get("start", 0)) / (values.get("end", 1) - values.get("start", 0)), 0, 1)
    places = [0.0, 1.0] if len(colours) == 2 else [0.0, values.get("middle", 0.5), 1.0]
    eased = t * t * (3 - 2 * t)
    mixed = [
        np.interp(eased, places, [float(colour[n]) ** (1 / 2.2) for colour in colours]) for n in range(3)
    ]
    found: Array = (np.stack(mixed, axis=-1) ** 2.2).astype(np.float32)
    return found


def _accent(plate: Plate, colours: Colours, values: dict[str, float], pattern: str) -> Array:
    x, y = _widths(plate)
    base = np.broadcast_to(colours[0], (*plate.u.shape, 3))
    scale, density, seed = values.get("scale", 0.2), values.get("density", 0.4), int(values.get("seed", 1))
    match pattern:
        case "half_moon":
            share = step(scale * 1.15 - np.hypot(x * 1.1, y - 0.02), EDGE)
        case "marble":
            share = _veins(plate, scale, density, seed)
        case "dots":
            share = step(_dots(x, y, scale, density), EDGE)
        case "stripe":
            share = step(scale / 2 - np.abs(x - (values.get("x", 0.5) - 0.5)), EDGE)
        case _:
            share = np.zeros_like(x)
    return _over(base, colours[1], share)


def _veins(plate: Plate, scale: float, density: float, seed: int) -> Array:
    size = max(plate.u.shape[0] * scale * 0.42, 4)
    warp = smooth(plate.u.shape, size, seed) + 0.5 * smooth(plate.u.shape, size / 2.3, seed + 1)
    diagonal = plate.u * plate.aspect * 2.1 + plate.v * 0.9 + 0.55 * warp
    thin = np.abs(np.sin(np.pi * diagonal * 0.62 / max(scale, 0.1)))
    vein = np.exp(-((thin / 0.055) ** 2)) * np.clip(
        0.55 + 0.5 * smooth(plate.u.shape, size, seed + 2), 0.1, 1
    )
    haze = (
        0.32
        * np.exp(-((thin / 0.35) ** 2))
        * np.clip(0.5 + 0.5 * smooth(plate.u.shape, size, seed + 3), 0, 1)
    )
    found: Array = np.clip(vein * (0.55 + density) + haze, 0, 1).astype(np.float32)
    return found


def _dots(x: Array, y: Array, scale: float, density: float) -> Array:
    """Signed distance into the nearest dot, on a staggered grid."""
    apart = scale * np.sqrt(np.pi / 4 / max(density, 0.02))
    row = np.floor(y / apart)
    column = np.floor(x / apart + 0.5 * (row % 2))
    dx = x - (column + 0.5 - 0.5 * (row % 2)) * apart
    dy = y - (row + 0.5) * apart
    found: Array = scale / 2 - np.hypot(dx, dy)
    return found


def _decal(plate: Plate, colours: Colours, values: dict[str, float], motif: str) -> Array:
    x, y = _widths(plate)
    found = np.broadcast_to(colours[0], (*plate.u.shape, 3))
    accent = colours[2] if len(colours) > 2 else None
    for middle_x, middle_y, turn, size in _places(plate, values):
        cos, sin = np.cos(turn), np.sin(turn)
        right, up = x - middle_x, y - middle_y
        mx, my = (right * cos + up * sin) / size, (up * cos - right * sin) / size
        found = _over(found, colours[1], step(_motif(motif, mx, my), EDGE / size * 1.5))
        if accent is not None:
            found = _over(found, accent, step(0.17 - np.hypot(mx, my), EDGE / size * 1.5))
    return found


def _places(plate: Plate, values: dict[str, float]) -> list[tuple[float, float, float, float]]:
    """Where each copy lies, in nail widths, how it is turned, and half its size."""
    rng = np.random.default_rng(int(values.get("seed", 1)))
    count, scale = int(values.get("count", 1)), values.get("scale", 0.3)
    x, y = values.get("x", 0.5) - 0.5, values.get("y", 0.5) * plate.aspect
    turn = np.deg2rad(values.get("angle_deg", 0.0))
    if count == 1:
        return [(x, y, turn, scale * (0.62 if scale > 0.5 else 0.5))]
    places: list[tuple[float, float, float, float]] = []
    while len(places) < count:
        for apart in np.linspace(1.15, 0.6, 60):
            spot = (x + rng.uniform(-0.33, 0.33), y + rng.uniform(-0.40, 0.40) * plate.aspect)
            if all(np.hypot(spot[0] - px, spot[1] - py) > apart * scale for px, py, _, _ in places):
                break
        places.append((*spot, turn + rng.uniform(-0.5, 0.5), scale * rng.uniform(0.42, 0.56)))
    return places


def _motif(motif: str, x: Array, y: Array) -> Array:
    """Signed distance into a motif of half-size 1."""
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    match motif:
        case "daisy":
            petal = np.abs(np.cos(4 * angle))
            found = 0.32 + 0.66 * petal**0.65 - radius
        case "star":
            turn = (angle - np.pi / 2 + np.pi / 5) % (2 * np.pi / 5) - np.pi / 5
            tip, inner, half = 1.0, 0.42, np.pi / 5
            along = np.abs(turn) / half
            found = 1 / ((1 - along) / tip + along / inner) - radius
        case "heart":
            hx, hy = x * 1.15, y * 1.15 + 0.22
            found = 0.35 * (1 - ((hx**2 + hy**2 - 0.62) ** 3 * 6 - hx**2 * hy**3 * 6) * 2)
            found = np.clip(found, -1, 1)
        case "moon":
            found = np.minimum(0.92 - radius, np.hypot(x - 0.42, y - 0.12) - 0.74)
        case _:
            found = _fern(x, y)
    return np.asarray(found, dtype=np.float32)


def _fern(x: Array, y: Array) -> Array:
    """A stem with leaflets that grow shorter towards its tip."""
    stem = 0.028 - np.abs(x - 0.06 * np.sin(2.5 * y)) - 0.02 * (np.abs(y) > 1) * 50
    leaves = np.full_like(x, -1.0)
    for place in np.linspace(-0.8, 0.92, 11):
        long = 0.50 * (1 - (place + 0.8) / 2.1) + 0.06
        for sign in (-1, 1):
            dx, dy = (x - 0.06 * np.sin(2.5 * place)) * sign, y - place
            cos, sin = np.cos(0.72), np.sin(0.72)
            along, away = dx * cos + dy * sin, dy * cos - dx * sin
            t = np.clip(along / long, 0, 1)
            leaf = 0.26 * long * np.sin(np.pi * t**0.75) - np.abs(away) - 0.03
            leaves = np.maximum(leaves, np.where((along > 0) & (along < long), leaf, -1))
    found: Array = np.maximum(stem, leaves)
    return found


def glitter_faded(plate: Plate, art: NailArt, light: Array) -> Array:
    """Glitter of the second colour that grows denser towards `end`."""
    values = {name: value for name, value in art.parameters.items() if not isinstance(value, str)}
    surface, colour = plate.surface, art.colours[1].linear.astype(np.float32)
    t = np.clip((plate.u - values.get("start", 0)) / (values.get("end", 1) - values.get("start", 0)), 0, 1)
    for number, size_mm in enumerate((0.42, 0.24)):
        found = cells(surface.x, surface.y, size_mm, int(values.get("seed", 1)) + number)
        there = (found.chance < values.get("density", 0.5) * t**1.2 * 1.25) * found.edge
        flash = sparkle(surface.normal, found.tilt * 0.55, 26)
        shine = np.sqrt(colour) * (0.35 + 0.3 * found.tilt[..., 0] ** 2 + 2.4 * flash)[..., None]
        light = light + (np.clip(shine, 0, 1.6) - light) * there[..., None]
    return light


def with_gems(plate: Plate, art: NailArt, light: Array) -> Array:
    """Crystals and pearls glued on, each with its own shadow."""
    words = {name: value for name, value in art.parameters.items() if isinstance(value, str)}
    values = {name: value for name, value in art.parameters.items() if not isinstance(value, str)}
    cut, size = words.get("cut", "round"), values.get("size_mm", 1.5) / NAIL_MM
    x, y = _widths(plate)
    y = -y  # up the picture
    colour = art.colours[1].linear.astype(np.float32)
    spots = [(sx, -sy) for sx, sy in _gem_places(plate, words.get("arrangement", "single"), values, size)]
    shadow = np.zeros_like(x)
    for sx, sy in spots:
        shadow = np.maximum(shadow, step(size * 0.52 - np.hypot(x - sx - 0.012, y - sy - 0.02), 0.03))
    light = light * (1 - 0.55 * shadow)[..., None]
    for number, (sx, sy) in enumerate(spots):
        light = _gem(light, (x - sx) / (size / 2), (y - sy) / (size / 2), cut, colour, number)
    return light


def _gem_places(
    plate: Plate, arrangement: str, values: dict[str, float], size: float
) -> list[tuple[float, float]]:
    count, x, y = int(values.get("count", 1)), values.get("x", 0.5) - 0.5, values.get("y", 0.5) * plate.aspect
    match arrangement:
        case "cuticle_arc":
            angles = np.linspace(-1.02, 1.02, count)
            return [(float(0.385 * np.sin(a)), float(0.50 - 0.385 * np.cos(a))) for a in angles]
        case "line":
            long = size * 1.75
            start = plate.aspect * 0.5 - (count - 1) / 2 * long
            return [(x, start + n * long) for n in range(count)]
        case "scatter":
            spots = _places(plate, {**values, "scale": size * 1.6})
            return [(px, py) for px, py, _, _ in spots]
        case _:
            return [(x, y)]


def _gem(light: Array, x: Array, y: Array, cut: str, colour: Array, number: int) -> Array:
    """One stone of half-size 1 about (0, 0)."""
    if cut == "marquise":
        x, y = x / 0.55, y / 0.95
        outline = 1 - np.abs(x) - y**2
    else:
        outline = 1 - np.hypot(x, y)
    inside = step(outline, 0.06)
    radius = np.hypot(x, y)
    if cut == "pearl":
        towards = np.sqrt(np.clip(1 - radius**2, 0, 1))
        normal = np.stack((x, y, towards), axis=-1).astype(np.float32)
        seen = room(2 * normal[..., 2:] * normal - np.array((0, 0, 1), np.float32), 0.25)
        glow = np.exp(-(((x + 0.35) ** 2 + (y + 0.38) ** 2) / 0.05))
        tint = 1 + 0.22 * (film(towards, 420.0) - 1)
        body = colour * (0.50 + 0.42 * towards + 0.16 * seen)[..., None] * tint + 0.85 * glow[..., None]
    else:
        angle = np.arctan2(y, x)
        facet = (
            np.floor((angle + np.pi) / (2 * np.pi) * 8 + 0.25) + 8 * (radius > 0.52) + 16 * (radius > 0.80)
        )
        bright = np.random.default_rng(number + 3).permutation(np.linspace(0.25, 1.55, 32))
        tone = bright[np.clip(facet, 0, 31).astype(int)]
        table = step(0.50 - radius, 0.05)
        tone = tone * (1 - table) + table * (0.85 + 0.75 * step(-x - y - 0.15, 0.12))
        flash = np.exp(-(((x + 0.30) ** 2 + (y + 0.30) ** 2) / 0.025))
        body = colour * tone[..., None] + (0.22 * np.maximum(tone - 1, 0) + 0.9 * flash)[..., None]
    mixed: Array = light + (body - light) * inside[..., None]
    return mixed
