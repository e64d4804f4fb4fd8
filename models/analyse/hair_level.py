"""Level, tone and grey share of somebody's hair, from a photo, the hair's matte and the colour of its light.

The light's strength is not known, so the level is read as the photo is exposed, and less boldly the darker it is.
"""

from __future__ import annotations

import numpy as np

from looks.colour import linear_to_lab, srgb_to_linear
from looks.hair import DARKEST, LIGHTEST, HairReading, level_of, tone_of
from models.analyse.grey import pigmented, share_of_grey
from models.analyse.skin import LUMINANCE
from models.analyse.strands import Strands, take_apart
from models.types import Array, Illuminant, Mask, Photo

WHITE = 0.75  # linear light of the brightest things in a well exposed photo
TRUST = 0.6  # power on what the photo seems to lack of it: something dark may just be dark
MOST_LIFT = 1.6
ENOUGH = 3_000  # pixels of hair that are as good as more
SPREAD = 0.9  # deviation of log shading at which the hair has more than one level
LIT = 62  # percentile of the body's shading that a colourist would hold a chart to
ALL_GREY = 0.9
SAMPLE = 5_000
_LINEAR = srgb_to_linear(np.arange(256) / 255).astype(np.float32)


def read_hair(photo: Photo, mask: Mask, illuminant: Illuminant) -> HairReading:
    """The hair under a matte."""
    light = _LINEAR[photo.rgb[mask.box.slices]] / illuminant.linear
    return read_strands(take_apart(light, mask), exposure(photo.rgb), illuminant)


def exposure(rgb: Array) -> float:
    """What to multiply a photo's light by so that its brightest things are as bright as usual; 1 when they are."""
    step = max(1, int(np.sqrt(rgb.shape[0] * rgb.shape[1] / SAMPLE)))
    white = float(np.percentile(_LINEAR[rgb[::step, ::step]].max(axis=-1), 99))
    return float(np.clip((WHITE / max(white, 1e-3)) ** TRUST, 1.0, MOST_LIFT))


def read_strands(strands: Strands, lift: float, illuminant: Illuminant) -> HairReading:
    """The same of hair that is taken apart; lift: what the photo's exposure lacks."""
    share = share_of_grey(strands)
    # The level is that of the hairs that have pigment, as long as there are any.
    chosen = strands.core if share == 0 or share >= ALL_GREY else pigmented(strands)
    middle = np.median(strands.light[chosen], axis=0)
    body = strands.level * np.exp((strands.smooth + strands.detail)[chosen])
    middle = middle * (lift * float(np.percentile(body, LIT)) / max(float(middle @ LUMINANCE), 1e-4))
    lightness, a, b = (float(value) for value in linear_to_lab(middle))
    level = float(np.clip(level_of(lightness), DARKEST, LIGHTEST))
    shading = float((strands.smooth + strands.detail)[strands.sample].std())
    sure = min(1.0, len(strands.light) / ENOUGH) * (1 - 0.5 * (lift - 1) / (MOST_LIFT - 1))
    even = float(np.clip(1.3 - shading / SPREAD, 0.3, 1.0))
    known = 0.7 + 0.3 * illuminant.confidence
    return HairReading(level, tone_of((lightness, a, b)), round(share, 3), round(sure * even * known, 3))
