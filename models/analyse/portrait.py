"""Everything that a photo tells of one face, with how sure it is, and the light estimate that it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from looks.person import Fault
from models.analyse.colouring import Colouring, colouring_of
from models.analyse.face_shape import FaceShapeFound, face_shape
from models.analyse.features import (
    BrowGeometry,
    EyeGeometry,
    LipShape,
    brow_geometry,
    eye_geometry,
    lip_shape,
)
from models.analyse.illuminant import illuminant_of_faces
from models.analyse.quality import Quality, quality_of
from models.analyse.season import SeasonFound, season_of
from models.analyse.skin import lit_skin
from models.analyse.skin_tone import SkinTone, plausible_skins, skin_tone
from models.analyse.undertone import UndertoneFound, undertone_of
from models.segment.skin_face import face_skin
from models.types import Face, Illuminant, Mask, Photo, Scan

Measured = TypeVar("Measured", FaceShapeFound, LipShape, EyeGeometry, BrowGeometry)


@dataclass(frozen=True, slots=True)
class Portrait:
    """One face. face: index in Scan.faces; tone, undertone, season: None where too little skin or no colour is seen."""

    face: int
    illuminant: Illuminant
    tone: SkinTone | None
    undertone: UndertoneFound | None
    season: SeasonFound | None
    shape: FaceShapeFound
    lips: LipShape
    eyes: EyeGeometry
    brows: BrowGeometry
    colouring: Colouring
    quality: Quality


def portrait_of(photo: Photo, scan: Scan) -> Portrait | None:
    """Analyse the largest face of a Scan; None when it has none.

    scan: with faces; lips, hair and the light on the nails are used where they are known.
    """
    faces = scan.faces or ()
    if not faces:
        return None
    index = max(range(len(faces)), key=lambda at: _area(faces[at]))
    face, others = faces[index], [other for at, other in enumerate(faces) if at != index]
    lips = next((one for one in scan.lips or () if one.face == index), None)
    hair = next((one for one in scan.hair or () if one.face == index), None)
    skin, eyes = face_skin(photo, face), eye_geometry(face)
    illuminant = _light(photo, scan, skin)
    mouth_seen = scan.lips is None or lips is not None
    quality = quality_of(photo, face, skin, illuminant, eyes=eyes, mouth_seen=mouth_seen, others=others)
    colouring = colouring_of(photo, face, illuminant, lips=lips, hair=hair)
    tone, undertone, season = _colours(photo, skin, illuminant, colouring, quality)
    return Portrait(
        face=index,
        illuminant=illuminant,
        tone=tone,
        undertone=undertone,
        season=season,
        shape=_as_seen(face_shape(face), quality),
        lips=_as_seen(lip_shape(face), quality),
        eyes=_as_seen(eyes, quality),
        brows=_as_seen(brow_geometry(face), quality),
        colouring=colouring,
        quality=quality,
    )


def _light(photo: Photo, scan: Scan, skin: Mask | None) -> Illuminant:
    """Of the nails where there are any, else of the face."""
    if scan.nails and scan.illuminant is not None:
        return scan.illuminant
    return illuminant_of_faces(photo, [] if skin is None else [skin])


def _colours(
    photo: Photo, skin: Mask | None, illuminant: Illuminant, colouring: Colouring, quality: Quality
) -> tuple[SkinTone | None, UndertoneFound | None, SeasonFound | None]:
    """Tone, undertone and season, each trusted as far as the photo is."""
    measured = None if skin is None else lit_skin(photo.rgb, skin)
    if measured is None:
        return None, None, None
    skins, trust = plausible_skins(measured, illuminant), quality.trust
    tone = skin_tone(skins)
    tone = replace(tone, confidence=tone.confidence * trust, monk_confidence=tone.monk_confidence * trust)
    undertone = None if Fault.NO_COLOUR in quality.faults else undertone_of(skins)
    if undertone is None:
        return tone, None, None
    undertone = replace(undertone, confidence=undertone.confidence * trust)
    season = season_of(
        skins.likeliest,
        undertone.temperature,
        hair=colouring.brows if colouring.hair is None else colouring.hair,
        eyes=colouring.eyes,
        sure=undertone.confidence,
    )
    return tone, undertone, replace(season, confidence=season.confidence * trust)


def _as_seen(measured: Measured, quality: Quality) -> Measured:
    return replace(measured, confidence=measured.confidence * quality.shape_trust)


def _area(face: Face) -> int:
    height, width = face.box.shape
    return height * width
