"""What is kept and shown of an analysed face. Confidences lie between 0 and 1; ratios have no unit."""

from __future__ import annotations

from msgspec import Struct

from looks.colour import Swatch
from looks.person import (
    BrowArch,
    BrowDistance,
    EyeShape,
    EyeSpacing,
    EyeTilt,
    FaceShape,
    Fault,
    LipBalance,
    LipFullness,
    Season,
    ToneClass,
    Undertone,
)


class Light(Struct, frozen=True):
    """The estimate of the photo's light that every colour is corrected by: linear RGB relative to D65, luminance 1."""

    gains: tuple[float, float, float]
    confidence: float


class SkinTone(Struct, frozen=True):
    """Skin under D65. ita_deg: individual typology angle, and its standard deviation; monk: 1 to 10, and ΔE00 to it."""

    swatch: Swatch
    ita_deg: float
    ita_error_deg: float
    tone: ToneClass
    confidence: float
    monk: int
    monk_distance: float
    monk_confidence: float


class UndertoneFound(Struct, frozen=True):
    """temperature: -1 cool to 1 warm; hue_deg: of the skin, in Lab; shares: how much it is each, summing to 1."""

    undertone: Undertone
    confidence: float
    temperature: float
    hue_deg: float
    shares: dict[Undertone, float]


class SeasonFound(Struct, frozen=True):
    """The seasonal palette, and the second best. warmth: -1 to 1; depth, clarity: 0 to 1."""

    season: Season
    second: Season
    confidence: float
    warmth: float
    depth: float
    clarity: float


class FaceShapeFound(Struct, frozen=True):
    """length, temples, jaw, chin: of the width over the cheekbones; shares: how much it is each, summing to 1."""

    shape: FaceShape
    confidence: float
    length: float
    temples: float
    jaw: float
    chin: float
    shares: dict[FaceShape, float]


class LipShape(Struct, frozen=True):
    """width: of the face's; fullness_ratio: of both lips over the mouth's width; balance_ratio: upper over lower."""

    fullness: LipFullness
    balance: LipBalance
    confidence: float
    width: float
    fullness_ratio: float
    balance_ratio: float
    open: bool


class EyeGeometry(Struct, frozen=True):
    """opening: over the eye's width; tilt_deg: outer corner above the inner; spacing_ratio: in widths of an eye."""

    shape: EyeShape
    tilt: EyeTilt
    spacing: EyeSpacing
    confidence: float
    opening: float
    tilt_deg: float
    spacing_ratio: float
    closed: bool


class BrowGeometry(Struct, frozen=True):
    """distance_ratio: from lid to brow; arch_ratio: of the highest point over the ends; in widths of an eye."""

    distance: BrowDistance
    arch: BrowArch
    confidence: float
    distance_ratio: float
    arch_ratio: float


class Colouring(Struct, frozen=True):
    """Colours under D65 beside the skin; null where a part is not seen well enough."""

    lips: Swatch | None = None
    eyes: Swatch | None = None
    brows: Swatch | None = None
    hair: Swatch | None = None


class Quality(Struct, frozen=True):
    """How well the photo shows the face.

    retake: whether another photo would tell more; advice: for the customer, gravest first; face_width_px; brightness:
    median luminance of skin; evenness: darker cheek over brighter; sharpness: 1 is crisp; cast: of the light, natural
    logarithm; yaw, pitch, roll: of the head, 0 looks into the camera.
    """

    retake: bool
    faults: tuple[Fault, ...]
    advice: tuple[str, ...]
    face_width_px: float
    brightness: float
    evenness: float
    sharpness: float
    cast: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float


class FaceFacts(Struct, frozen=True):
    """The largest face of a photo. tone, undertone, season: null where too little skin, or no colour, is seen."""

    light: Light
    quality: Quality
    shape: FaceShapeFound
    lips: LipShape
    eyes: EyeGeometry
    brows: BrowGeometry
    colouring: Colouring
    tone: SkinTone | None = None
    undertone: UndertoneFound | None = None
    season: SeasonFound | None = None
