"""Cheeks: blush in one to three colours, contour and bronzer placed by the face, highlighter on its high points."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from looks.layer import Cheeks
from looks.material import Material, material_of
from models.render.face.ground import Ground, Wearer, wearers
from models.render.face.places import Side, Sweep, sides_of, sweep, union
from models.render.face.powder import catching, filmed, highlights_kept, sheen
from models.render.face.proportions import emphasis
from models.render.face.sparkle import sparkle
from models.render.light import luminance
from models.render.renderer import Drawn, Part, light_of
from models.segment.face.mesh import width_of
from models.types import Array, Scan

FACE_MM = 140.0  # from ear to ear
TEXTURE = 0.014  # face widths: finer than this is pores and stays
TANNED = 0.45  # of the way to a bronzer's hue
LEAST_COVER = 0.42  # of a blush, however sheer
DEEPEST = 0.66  # of the skin's luminance under a contour: more is dirt
WHITE = 0.5  # share of what a pale blush would brighten a deeper skin by
FREE_ENOUGH = 0.35  # of a place, below which it counts as hidden

Place = tuple[int, Sweep]
"""Which of the layer's colours, and where it is swept."""


class CheeksRenderer:
    """Draws Cheeks on the free skin of every face."""

    part = Part.CHEEKS

    def supports(self, layer: Cheeks) -> bool:
        return layer.style in STYLES and 1 <= len(layer.colours) <= 3

    def draw(self, canvas: Array, scan: Scan, layer: Cheeks) -> Drawn:
        found = [one for one in wearers(canvas, scan, light_of(scan)) if _paint(canvas, one, layer)]
        confidence = float(np.mean([one.score for one in found])) if found else 0.0
        return Drawn(len(found), len(scan.faces or ()) - len(found), confidence)


def _paint(canvas: Array, wearer: Wearer, layer: Cheeks) -> bool:
    """Lay one face's product; False where all of its places are hidden."""
    material, lay_on = material_of(layer.finish), LAID.get(layer.style, _blush)
    painted = False
    for group in STYLES[layer.style](wearer, len(layer.colours)):
        boxes = [box for _, one in group if (box := one.box(canvas.shape))]
        if not boxes:
            continue
        box = boxes[0]
        for other in boxes[1:]:
            box = type(box)(
                min(box.x0, other.x0), min(box.y0, other.y0), max(box.x1, other.x1), max(box.y1, other.y1)
            )
        width = group[0][1].side.width
        ground = Ground.of(canvas, box, wearer, TEXTURE * width)
        shares = [
            (number, union([one.share(box) for which, one in group if which == number]))
            for number in sorted({which for which, _ in group})
        ]
        whole = union([share for _, share in shares])
        if float((whole * ground.free).sum()) < FREE_ENOUGH * float(whole.sum()):
            continue
        colours = [swatch.linear.astype(np.float32) for swatch in layer.colours]
        light = lay_on(ground, [(colours[n], share * layer.opacity) for n, share in shares], material)
        painted |= ground.lay(canvas, (whole > 0) * ground.free, light)
    return painted


Shares = list[tuple[Array, Array]]


def _blush(ground: Ground, shares: Shares, material: Material) -> Array:
    """Colour over colour in the skin's own light, and the product's sheen."""
    shade = ground.shade[..., None]
    albedo = ground.smooth / shade
    shine = np.zeros_like(albedo)
    mica = _mica(ground, material) if material.flake_density else np.ones_like(ground.shade)
    facing = catching(ground)
    for colour, share in shares:
        film = filmed(albedo, colour, max(material.coverage, LEAST_COVER))
        albedo = albedo + (film * _calmed(albedo, film) - albedo) * share[..., None]
        shine = shine + sheen(ground, colour, material, facing, mica) * (share * 0.6)[..., None]
    whole = union([share for _, share in shares])
    keep = 1 + (highlights_kept(material) - 1) * whole
    light: Array = ground.relit(albedo * shade, keep) + shine
    return light


def _bronzed(ground: Ground, shares: Shares, material: Material) -> Array:
    """The skin as sun would tan it: it turns to the product's hue and is always a little deeper."""
    shade = ground.shade[..., None]
    albedo = ground.smooth / shade
    facing = catching(ground)
    mica = _mica(ground, material) if material.flake_density else np.ones_like(ground.shade)
    shine = np.zeros_like(albedo)
    for colour, share in shares:
        own = np.maximum(luminance(albedo)[..., None], 1e-3)
        turn = np.clip(colour / float(luminance(colour)) / np.maximum(albedo / own, 0.05), 0.4, 1.8)
        deeper = np.clip(float(luminance(colour)) / own, 0.62, 0.84)
        film = albedo * turn**TANNED * deeper
        albedo = albedo + (film - albedo) * (share * min(1.0, 2.2 * material.coverage))[..., None]
        shine = shine + sheen(ground, colour, material, facing, mica) * (share * 0.5)[..., None]
    light: Array = ground.relit(albedo * shade, 0.9) + shine
    return light


def _calmed(albedo: Array, film: Array) -> Array:
    """(h, w, 1) what a blush brighter than the skin is dimmed by: it is brushed out until no white of it stands."""
    gain = luminance(film) / np.maximum(luminance(albedo), 1e-3)
    dimmed: Array = np.where(gain > 1, (1 + WHITE * (gain - 1)) / np.maximum(gain, 1e-3), 1)[..., None]
    return dimmed


def _shadow(ground: Ground, shares: Shares, material: Material) -> Array:
    """A product that only ever darkens: it takes from the skin's light what its colour is darker by."""
    shade = ground.shade[..., None]
    albedo = ground.smooth / shade
    for colour, share in shares:
        film = filmed(albedo, colour, 1 - (1 - material.coverage) ** 2)
        deep = DEEPEST * luminance(albedo)[..., None] / np.maximum(luminance(film)[..., None], 1e-3)
        film = film * np.maximum(deep, 1)
        dimmer = np.minimum(1, luminance(albedo)[..., None] / np.maximum(luminance(film)[..., None], 1e-3))
        # A contour lies in the shade of the face: it is never lighter than this skin a little darker.
        albedo = albedo + (film * np.minimum(dimmer, 1) * 0.93 - albedo) * share[..., None]
    return ground.relit(albedo * shade, 0.8)


def _glow(ground: Ground, shares: Shares, material: Material) -> Array:
    """Light that mica sends back, most where the face turns to the light; beneath it hardly any colour."""
    shade = ground.shade[..., None]
    albedo = ground.smooth / shade
    mica, facing = _mica(ground, material), catching(ground)
    shine = np.zeros_like(albedo)
    for colour, share in shares:
        film = filmed(albedo, np.maximum(colour, 0), 0.25 * material.coverage)
        albedo = albedo + (film - albedo) * share[..., None]
        lobe = np.clip(0.25 + 0.75 * facing, 0, 1) * share
        strength = np.float32(1.3 * ground.wearer.level) * np.sqrt(np.minimum(ground.shade, 1.5)) * lobe
        tint = (colour + 0.25) / 1.25
        shine = shine + (strength * (0.75 + 0.25 * mica))[..., None] * tint
    light: Array = ground.relit(albedo * shade) + shine * (1 - 0.75 * np.clip(ground.seen, 0, 1))
    return light


def _mica(ground: Ground, material: Material) -> Array:
    """(h, w) the sparkle of a place of the face."""
    mm = FACE_MM / width_of(ground.wearer.landmarks)
    middle = ground.wearer.landmarks[6, :2]
    x, y = np.meshgrid(
        (np.arange(ground.box.x0, ground.box.x1, dtype=np.float32) - np.float32(middle[0])) * np.float32(mm),
        (np.arange(ground.box.y0, ground.box.y1, dtype=np.float32) - np.float32(middle[1])) * np.float32(mm),
    )
    return sparkle(x, y, mm, material)


def _apple(side: Side) -> Array:
    """The round of the cheek that a smile lifts."""
    return side.at((50, 0.55), (205, 0.35), (117, 0.10))


def _sides(draw: Callable[[Side, int], list[Place]]) -> Callable[[Wearer, int], Iterator[list[Place]]]:
    """Each side by itself, so that only its own box is touched."""

    def places(wearer: Wearer, colours: int) -> Iterator[list[Place]]:
        for side in sides_of(wearer.landmarks):
            yield draw(side, colours)

    return places


def _natural(side: Side, colours: int) -> list[Place]:
    """From the apple up along the cheekbone; further colours follow towards the temple, the last glows on top."""
    apple, bone = _apple(side), side.at((123, 0.45), (50, 0.35), (116, 0.20))
    end = side.at((116, 0.55), (234, 0.20), (123, 0.25))
    places = [(0, sweep(side, (apple, 0.072, 0.52), (bone, 0.064, 0.42), (end, 0.048, 0.20)))]
    if colours > 1:
        places.append((1, sweep(side, (bone, 0.055, 0.42), (end, 0.045, 0.34))))
    if colours > 2:
        places.append((2, sweep(side, (side.moved(apple, down=-0.02), 0.038, 0.42))))
    return places


def _round(side: Side, colours: int) -> list[Place]:
    """On the apple alone, deeper in the middle."""
    apple = side.moved(_apple(side), across=-0.015, down=0.008)
    radii, weights = (0.080, 0.062, 0.046), (0.55, 0.34, 0.28)
    return [(n, sweep(side, (apple, radii[n], weights[n]))) for n in range(colours)]


def _draped(side: Side, colours: int) -> list[Place]:
    """Lifted: from beside the apple over the cheekbone to the temple."""
    start, bone = side.at((50, 0.65), (123, 0.35)), side.at((116, 0.5), (50, 0.2), (123, 0.3))
    temple = side.at((127, 0.35), (116, 0.25), (130, 0.40))
    places = [(0, sweep(side, (start, 0.058, 0.36), (bone, 0.060, 0.44), (temple, 0.046, 0.32)))]
    if colours > 1:
        places.append((1, sweep(side, (bone, 0.042, 0.30), (temple, 0.040, 0.34))))
    if colours > 2:
        places.append((2, sweep(side, (start, 0.040, 0.42))))
    return places


def _hollowed(wearer: Wearer, _: int) -> Iterator[list[Place]]:
    """Under the cheekbone, along jaw and temple, as much of each as the face's proportions ask for."""
    much = emphasis(wearer.landmarks)
    for side in sides_of(wearer.landmarks):
        ear, mouth = side.at((234, 0.55), (93, 0.45)), side.at((61, 1.0))
        path = [ear + (mouth - ear) * t for t in (0.06, 0.30, 0.55)]
        path = [side.moved(place, down=-0.012) for place in path]
        yield [
            (
                0,
                sweep(
                    side,
                    (path[0], 0.030, 0.75 * much.hollow),
                    (path[1], 0.030, 0.78 * much.hollow),
                    (path[2], 0.026, 0.12),
                ),
            ),
            (
                0,
                sweep(side, *((side.at((n, 1.0)), 0.030, 0.75 * much.jaw) for n in (132, 58, 172, 136, 150))),
            ),
            (0, sweep(side, *((side.at((n, 1.0)), 0.034, 0.7 * much.temple) for n in (162, 21, 54)))),
            (0, sweep(side, *((side.at((n, 1.0)), 0.032, 0.7 * much.hairline) for n in (103, 67, 10)))),
            (0, sweep(side, *((side.at((n, 1.0)), 0.030, 0.7 * much.chin) for n in (149, 152)))),
            (0, sweep(side, *((side.at((n, 1.0)), 0.011, 0.30) for n in (188, 174, 198)))),
        ]


def _sunned(side: Side, _: int) -> list[Place]:
    """Where the sun falls: temples, cheekbones, a little of jaw and nose."""
    return [
        (0, sweep(side, *((side.at((n, 1.0)), 0.052, 0.45) for n in (103, 54, 21)))),
        (
            0,
            sweep(
                side,
                (side.at((162, 0.5), (127, 0.5)), 0.045, 0.35),
                (side.at((234, 0.5), (123, 0.5)), 0.050, 0.60),
                (side.at((123, 0.5), (50, 0.5)), 0.050, 0.48),
                (_apple(side), 0.050, 0.20),
            ),
        ),
        (0, sweep(side, *((side.at((n, 1.0)), 0.034, 0.45) for n in (132, 58, 172, 136)))),
    ]


def _kissed(wearer: Wearer, colours: int) -> Iterator[list[Place]]:
    """A blush over both cheeks and the bridge of the nose, in one go."""
    sides = sides_of(wearer.landmarks)
    if not sides:
        return
    cheeks = [
        (
            side,
            side.at((50, 0.35), (117, 0.30), (118, 0.20), (205, 0.15)),
            side.at((123, 0.4), (116, 0.4), (50, 0.2)),
        )
        for side in sides
    ]
    nose = sides[0].at((195, 0.6), (5, 0.4))
    band: list[Place] = []
    for side, apple, end in cheeks:
        inner = side.at((195, 0.30), (119, 0.70))
        band.append(
            (
                0,
                sweep(
                    side, (nose, 0.040, 0.52), (inner, 0.040, 0.36), (apple, 0.058, 0.60), (end, 0.045, 0.24)
                ),
            )
        )
        if colours > 1:
            band.append((1, sweep(side, (apple, 0.042, 0.42))))
        if colours > 2:
            band.append((2, sweep(side, (end, 0.045, 0.40))))
    yield band


def _raised(wearer: Wearer, _: int) -> Iterator[list[Place]]:
    """Tops of the cheekbones, the nose's ridge and tip, the cupid's bow."""
    sides = sides_of(wearer.landmarks)
    for side in sides:
        low = side.at((33, 0.18), (50, 0.62), (116, 0.20))
        middle = side.at((33, 0.34), (116, 0.46), (50, 0.20))
        high = side.at((130, 0.45), (127, 0.35), (116, 0.20))
        yield [(0, sweep(side, (low, 0.026, 0.42), (middle, 0.030, 0.90), (high, 0.024, 0.42)))]
    if sides:
        side = sides[0]
        yield [
            (0, sweep(side, *((side.at((n, 1.0)), 0.0085, 0.62) for n in (6, 197, 195)))),
            (0, sweep(side, (side.at((4, 0.7), (5, 0.3)), 0.012, 0.55))),
            (0, sweep(side, (side.at((0, 0.62), (164, 0.38)), 0.011, 0.60))),
        ]


STYLES: dict[str, Callable[[Wearer, int], Iterator[list[Place]]]] = {
    "blush": _sides(_natural),
    "apple": _sides(_round),
    "draping": _sides(_draped),
    "sun_kissed": _kissed,
    "contour": _hollowed,
    "bronzer": _sides(_sunned),
    "highlighter": _raised,
}
LAID: dict[str, Callable[[Ground, Shares, Material], Array]] = {
    "contour": _shadow,
    "bronzer": _bronzed,
    "highlighter": _glow,
}
