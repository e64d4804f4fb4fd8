"""A face as an analysis tells it, for tests that need one without a photo."""

from __future__ import annotations

from looks.colour import Swatch
from looks.person import (
    BrowArch,
    BrowDistance,
    EyeShape,
    EyeSpacing,
    EyeTilt,
    FaceShape,
    LipBalance,
    LipFullness,
    Season,
    ToneClass,
    Undertone,
)
from modules.analysis.facts import (
    BrowGeometry,
    Colouring,
    EyeGeometry,
    FaceFacts,
    FaceShapeFound,
    Light,
    LipShape,
    Quality,
    SeasonFound,
    SkinTone,
    UndertoneFound,
)

TEMPERATURE = {Undertone.COOL: -0.9, Undertone.NEUTRAL: 0.0, Undertone.WARM: 0.9, Undertone.OLIVE: 0.7}


def facts(
    skin: str = "#c99b80", undertone: Undertone = Undertone.WARM, *, clarity: float = 0.5, sure: float = 0.9
) -> FaceFacts:
    """A face with this skin; sure: the confidence of undertone and season."""
    warmth = TEMPERATURE[undertone]
    return FaceFacts(
        light=Light((1.0, 1.0, 1.0), 0.6),
        quality=Quality(False, (), (), 220.0, 0.35, 0.9, 1.0, 0.02, 1.0, 2.0, 0.0),
        shape=FaceShapeFound(FaceShape.OVAL, 0.7, 1.2, 0.86, 0.79, 0.31, {FaceShape.OVAL: 0.7}),
        lips=LipShape(LipFullness.MEDIUM, LipBalance.EVEN, 0.8, 0.38, 0.34, 0.9, False),
        eyes=EyeGeometry(EyeShape.ALMOND, EyeTilt.LEVEL, EyeSpacing.USUAL, 0.8, 0.3, 3.0, 1.26, False),
        brows=BrowGeometry(BrowDistance.USUAL, BrowArch.SOFT, 0.8, 0.6, 0.21),
        colouring=Colouring(lips=Swatch.of("#b06a5f"), brows=Swatch.of("#4a3424")),
        tone=SkinTone(Swatch.of(skin), 35.0, 8.0, ToneClass.INTERMEDIATE, 0.7, 6, 9.0, 0.9),
        undertone=UndertoneFound(undertone, sure, warmth, 58.0, {undertone: sure}),
        season=SeasonFound(Season.WARM_AUTUMN, Season.DEEP_AUTUMN, sure, warmth, 0.5, clarity),
    )
