"""Base: foundation that evens the skin's tone beneath its pores, and concealer under the eyes."""

from __future__ import annotations

import cv2
import numpy as np

from looks.finish import BaseFinish, Coverage
from looks.layer import Base
from models.render.face.ground import Ground, Wearer, smoothed, spread, wearers
from models.render.face.powder import catching
from models.render.light import form_told, in_each, luminance
from models.render.renderer import Drawn, Part, light_of
from models.segment.face.eye import Eye, eyes_of
from models.segment.face.mesh import EYES, LIPS_AND_RIM, flat, outline, width_of
from models.types import Array, Box, Scan

HIDES = {Coverage.SHEER: 0.32, Coverage.MEDIUM: 0.62, Coverage.FULL: 0.94}
EVENS = 0.45  # share of that by which light and dark patches are evened: the face keeps its form
PORES = 0.008  # face widths: what is finer stays
FORM = 0.075  # face widths: what is wider is the face's own shading
EDGE = 0.030  # face widths over which the base fades out along the face's outline
SHINE = {BaseFinish.MATTE: 0.45, BaseFinish.NATURAL: 0.95, BaseFinish.DEWY: 1.25}
DEW = 0.16  # light that a dewy base adds where the skin catches it, of the skin's level
MIRRORED = 0.2  # of the light that tells no form, in the face's middle
LEAST = 0.25  # of the face that must be free
STYLES = frozenset({"foundation", "concealer"})


class BaseRenderer:
    """Draws Base on the free skin of every face."""

    part = Part.BASE

    def supports(self, layer: Base) -> bool:
        return layer.style in STYLES and len(layer.colours) == 1

    def draw(self, canvas: Array, scan: Scan, layer: Base) -> Drawn:
        lay_on = _foundation if layer.style == "foundation" else _concealer
        found = [one for one in wearers(canvas, scan, light_of(scan)) if lay_on(canvas, one, layer)]
        confidence = float(np.mean([one.score for one in found])) if found else 0.0
        return Drawn(len(found), len(scan.faces or ()) - len(found), confidence)


def _foundation(canvas: Array, wearer: Wearer, layer: Base) -> bool:
    box, width = wearer.skin.mask.box, width_of(wearer.landmarks)
    face, brows = _bare(wearer.landmarks, box, width)
    skin = wearer.free(box) * face
    if float(skin.sum()) < LEAST * float(face.sum() or 1):
        return False
    # The skin between a brow's hairs is that around the brow; the hairs themselves take no base.
    ground = Ground.of(canvas, box, wearer, PORES * width, free=skin * (1 - brows))
    around = spread(luminance(ground.soft), box.shape)
    dark = 1 - luminance(ground.seen) / np.maximum(around, 1e-3)
    share = skin * (1 - np.clip(2.2 * dark - 0.15, 0, 1) * brows) * layer.opacity
    return ground.lay(canvas, share, _evened(ground, layer, width))


def _evened(ground: Ground, layer: Base, width: float, lift: float = 0.0) -> Array:
    """(h, w, 3) the skin with its tone drawn to the shade; what is smooth of it is reckoned small.

    lift: how far dark patches are raised besides.
    """
    hides = np.float32(HIDES[layer.coverage])
    shade = layer.colours[0].linear.astype(np.float32)
    soft = ground.soft
    height, small = soft.shape[:2]
    free = cv2.resize(ground.free, (small, height), interpolation=cv2.INTER_AREA)
    form = spread(smoothed(soft, free, FORM * width * small / ground.box.shape[1]), (height, small))
    form_y = np.maximum(luminance(form), 1e-3)
    patch_y = np.maximum(luminance(soft), 1e-3)
    evens = np.minimum(1.0, EVENS * hides + lift)
    lit = patch_y * (form_y / patch_y) ** evens
    level, told = ground.wearer.level, form_told(ground.wearer.level)
    tone = float(luminance(shade)) / level
    shaded = (lit / level) ** told
    # What is not form is mirrored, and is seen in the base as it was seen in the skin.
    mirrored = lit - level * shaded + MIRRORED * (1 - told) * level
    wanted = cv2.merge([np.maximum(channel * shaded + mirrored, 0) for channel in shade])
    # Pigment hides: light of the shade takes the place of the skin's, a fairer or deeper one by its own strength.
    after = soft * in_each(lit / patch_y) * (1 - hides) + wanted * hides
    keep = SHINE[layer.finish]
    light = ground.relit(after, keep)
    if layer.finish is BaseFinish.DEWY:
        dew = catching(ground) ** 2 * np.float32(DEW * ground.wearer.level * max(tone, 0.5))
        light = light + (dew * (1 - np.clip(luminance(light), 0, 1)))[..., None]
    elif layer.finish is BaseFinish.MATTE:
        over = np.clip(ground.shade / 1.25, 1, None)
        light = light / (over**0.35)[..., None]
    return light


def _concealer(canvas: Array, wearer: Wearer, layer: Base) -> bool:
    painted = False
    for eye in eyes_of(wearer.landmarks):
        box = eye.box(canvas.shape, (-0.35, -0.75), (1.30, 0.30))
        if box is None:
            continue
        width = width_of(wearer.landmarks)
        ground = Ground.of(canvas, box, wearer, PORES * width)
        share = _beneath(eye, box) * ground.free * layer.opacity
        if not share.any():
            continue
        painted |= ground.lay(canvas, share, _evened(ground, layer, width, lift=0.35))
    return painted


def _beneath(eye: Eye, box: Box) -> Array:
    """(h, w) the hollow under an eye, from the inner corner down and out."""
    places = eye.places(box)
    below = places.height(eye.lower) - places.y
    reach = 0.50 - 0.24 * np.clip(places.x - 0.2, 0, 1)
    down = np.clip((below - 0.015) / 0.05, 0, 1) * np.clip(1.25 - below / reach, 0, 1) ** 1.2
    along = np.clip((places.x + 0.16) / 0.22, 0, 1) * np.clip((1.18 - places.x) / 0.35, 0, 1)
    share: Array = np.clip(down * along, 0, 1) * 0.9 * places.skin(1.5)
    return share.astype(np.float32)


def _bare(landmarks: Array, box: Box, width: float) -> tuple[Array, Array]:
    """(h, w) float32 each: the face without eyes and lips, fading out along its outline; and its brows."""
    shrink = min(1.0, 220.0 / width)
    size = max(2, round(box.shape[1] * shrink)), max(2, round(box.shape[0] * shrink))
    scale = np.array(size) / np.array(box.shape[::-1])
    mask = np.zeros(size[::-1], np.uint8)

    def fill(ring: Array, value: int) -> None:
        points = (ring - (box.x0, box.y0)) * scale
        cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], (value,), shift=4)

    fill(outline(landmarks), 255)
    edge = EDGE * width * shrink
    inner = cv2.erode(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(edge) + 1,) * 2))
    whole = cv2.GaussianBlur(inner.astype(np.float32), (0, 0), edge / 2) * (mask > 0)
    mask[:] = 0
    for ring in (*(eye.upper + eye.lower[::-1] for eye in EYES), LIPS_AND_RIM):
        fill(flat(landmarks, ring), 255)
    side = 2 * max(1, round(0.008 * width * shrink)) + 1
    own = cv2.GaussianBlur(
        cv2.dilate(mask, np.ones((side, side), np.uint8)).astype(np.float32),
        (0, 0),
        max(0.6, 0.006 * width * shrink),
    )
    bare = whole * (1 - np.clip(1.3 * own / 255, 0, 1)) / 255
    mask[:] = 0
    for eye in EYES:
        fill(flat(landmarks, eye.brow_low + eye.brow_high[::-1]), 255)
    reach = 2 * max(1, round(0.030 * width * shrink)) + 1
    hair = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    hair = cv2.GaussianBlur(hair.astype(np.float32) / 255, (0, 0), max(0.6, 0.008 * width * shrink))
    bare, hair = (
        cv2.resize(one, box.shape[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
        for one in (bare, hair)
    )
    return np.where(bare < 0.012, 0, bare), hair
