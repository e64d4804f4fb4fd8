"""A photo of the real result beside the preview: how far each region's colour lies from what was shown.

Both pictures show the same person, so her skin beside the regions tells what the light of the one makes of the light of
the other, its strength too; where no skin is seen, each picture's own estimated light is taken out. The colour of a
region is the median of what is neither gloss nor shadow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import cv2
import numpy as np
from msgspec.structs import replace

from looks.colour import delta_e00, linear_to_lab, linear_to_srgb, srgb_to_linear
from looks.compared import Matched, Place, Region, Unmeasured
from looks.finger import Finger, HandName
from models.analyse.calm import calm_part
from models.analyse.skin import LUMINANCE, SURELY, lit_skin, skin_behind
from models.pipeline import Studio
from models.render import Part
from models.segment.skin_face import face_skin
from models.types import Array, Box, Illuminant, Mask, Photo, Scan
from models.wearers import worn_by

PARTS = {Place.NAIL: Part.NAILS, Place.LIPS: Part.LIPS, Place.HAIR: Part.HAIR}
LEAST_PX = 60
CLIPPED, MOST_CLIPPED = 252, 0.4
DIM = 0.02  # luminance of skin in whose light colours drown in noise
REBLUR, BLURRED = 0.05, 0.72
"""Of a region's width, by which it is blurred once more; the share of its contrast that is left when it was blurred
before: blur of a twentieth of a nail's width mixes so much skin into polish that 2 ΔE00 come of it.
"""
_FINGERS = tuple(Finger)
_LINEAR = srgb_to_linear(np.arange(256) / 255).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A region of one picture. light: (3,) linear, as the picture shows it; fault: why that is None."""

    place: Place
    light: Array | None
    fault: Unmeasured | None
    hand: HandName | None = None
    finger: Finger | None = None


@dataclass(frozen=True, slots=True)
class _Picture:
    """What one picture shows. skin: (3,) linear light of skin beside the regions, None where none is seen."""

    seen: tuple[_Seen, ...]
    skin: Array | None
    illuminant: Illuminant


def compare(
    studio: Studio,
    preview: Photo,
    photo: Photo,
    known: Scan,
    places: Collection[Place],
    fingers: Collection[Finger],
) -> tuple[Scan, tuple[Region, ...] | None]:
    """Each region that the preview shows of a look, with its difference to the photo.

    places, fingers: where the look lies; known: of the photo. Returns also what was found in the photo, and None for
    the regions where it shows nothing of the kind.
    """
    parts = frozenset(PARTS[place] for place in places if place in PARTS)
    scan = studio.scan(photo, parts, known)
    regions = [Region(place=Place.FACE, reason=Unmeasured.NOT_COMPARED)] if Place.FACE in places else []
    found = not parts
    shown = studio.scan(preview, parts)
    for place in places:
        if place not in PARTS:
            continue
        before, after = _picture(preview, shown, place, fingers), _picture(photo, scan, place, fingers)
        found |= bool(after.seen)
        regions += sorted(_regions(before, after), key=_in_order)
    return scan, tuple(regions) if found else None


def _picture(photo: Photo, scan: Scan, place: Place, fingers: Collection[Finger]) -> _Picture:
    if place is Place.NAIL:
        worn = [nail for nail in scan.nails or () if nail.finger is None or nail.finger in fingers]
        patches = [skin for nail in worn if (skin := skin_behind(photo.rgb, nail)) is not None]
        skin = np.median(patches, axis=0) if patches else None
        hands = scan.hands or ()
        seen = [
            _Seen(
                place,
                *_light(photo, nail.mask, skin, nail.width_px),
                None if nail.hand is None else hands[nail.hand].name,
                nail.finger,
            )
            for nail in worn
        ]
    else:
        scan = worn_by(scan, "largest")
        bare = face_skin(photo, scan.faces[0]) if scan.faces else None
        skin = None if bare is None else lit_skin(photo.rgb, bare)
        masks = [part.mask for part in (scan.lips if place is Place.LIPS else scan.hair) or ()]
        seen = [
            _Seen(place, *_light(photo, mask, skin, min(mask.box.shape) if place is Place.LIPS else None))
            for mask in masks[:1]
        ]
    return _Picture(tuple(seen), skin, scan.illuminant or Illuminant())


def _light(
    photo: Photo, mask: Mask, skin: Array | None, width_px: float | None
) -> tuple[Array | None, Unmeasured | None]:
    """The colour under a mask, or why it cannot be told. width_px: None where no blur hurts."""
    inside = mask.alpha > SURELY
    if np.count_nonzero(inside) < LEAST_PX:
        return None, Unmeasured.TOO_SMALL
    rgb = photo.rgb[mask.box.slices]
    if float((rgb[inside] >= CLIPPED).all(axis=-1).mean()) > MOST_CLIPPED:
        return None, Unmeasured.TOO_BRIGHT
    if skin is not None and float(skin @ LUMINANCE) < DIM:
        return None, Unmeasured.TOO_DARK
    if width_px is not None and _softness(photo.rgb, mask.box, width_px) > BLURRED:
        return None, Unmeasured.BLURRED
    light = _LINEAR[rgb]
    calm, _ = calm_part(light @ LUMINANCE, inside)
    return np.median(light[calm], axis=0), None


def _softness(rgb: Array, box: Box, width_px: float) -> float:
    """Share of the contrast about a region that is left when it is blurred once more: near 1 where it was already.

    After Crete and others 2007, "The Blur Effect", with squared slopes: their sum falls as edges widen.
    """
    around = round(0.4 * width_px)
    rows, columns = (
        slice(max(0, box.y0 - around), box.y1 + around),
        slice(max(0, box.x0 - around), box.x1 + around),
    )
    grey = cv2.cvtColor(rgb[rows, columns], cv2.COLOR_RGB2GRAY).astype(np.float32)
    again = cv2.GaussianBlur(grey, (0, 0), max(1.0, REBLUR * width_px))
    return _slopes(again) / max(_slopes(grey), 1e-3)


def _slopes(grey: Array) -> float:
    down, right = np.gradient(grey)
    return float((down**2 + right**2).mean())


def _regions(preview: _Picture, photo: _Picture) -> Iterator[Region]:
    """What the preview shows, each matched with what the photo shows of it."""
    gain = preview.illuminant.linear
    here = photo.illuminant.linear
    if preview.skin is not None and photo.skin is not None:
        here = gain * photo.skin / np.maximum(preview.skin, 1e-4)
    for one, other, matched in _pairs(preview.seen, photo.seen, gain, here):
        region = Region(place=one.place, hand=one.hand, finger=one.finger, matched=matched)
        if other is None:
            yield replace(region, reason=Unmeasured.NOT_IN_PHOTO)
        elif one.light is None:
            yield replace(region, reason=Unmeasured.UNCLEAR_PREVIEW)
        elif other.light is None:
            yield replace(region, reason=other.fault)
        else:
            shown, real = one.light / gain, other.light / here
            away = round(float(delta_e00(_lab(shown), _lab(real))), 2)
            yield replace(region, delta_e=away, preview=_hex(shown), result=_hex(real))


def _pairs(
    preview: Sequence[_Seen], photo: Sequence[_Seen], gain: Array, here: Array
) -> Iterator[tuple[_Seen, _Seen | None, Matched | None]]:
    """Each region of the preview with at most one of the photo: by name as far as there are names, then by colour."""
    left, free = [*preview], [*photo]
    for matched, named in _NAMES.items():
        for one in [*left]:
            name = named(one)
            other = next((other for other in free if name is not None and named(other) == name), None)
            if other is not None:
                left.remove(one)
                free.remove(other)
                yield one, other, matched
    apart = [
        (float(delta_e00(_lab(one.light / gain), _lab(other.light / here))), one, other)
        for one in left
        for other in free
        if one.light is not None and other.light is not None and None in (one.finger, other.finger)
    ]
    for _, one, other in sorted(apart, key=itemgetter(0)):
        if one in left and other in free:
            left.remove(one)
            free.remove(other)
            yield one, other, Matched.COLOUR
    yield from ((one, None, None) for one in left)


_NAMES: dict[Matched, Callable[[_Seen], object | None]] = {
    Matched.PLACE: lambda seen: None if seen.place is Place.NAIL else seen.place,
    Matched.HAND: lambda seen: None if None in (seen.hand, seen.finger) else (seen.hand, seen.finger),
    Matched.FINGER: lambda seen: seen.finger,
}


def _in_order(region: Region) -> tuple[str, int]:
    """The left hand before the right, the thumb first; what has no name comes first."""
    return region.hand or "", _FINGERS.index(region.finger) if region.finger else -1


def _lab(light: Array) -> Array:
    lab: Array = linear_to_lab(np.clip(light, 0, 1))
    return lab


def _hex(light: Array) -> str:
    return "#" + bytes(np.round(linear_to_srgb(light) * 255).astype(np.uint8).tolist()).hex()
