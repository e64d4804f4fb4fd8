"""What of a look can be found again in a photo, and how near its colours came: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from msgspec import Struct

from looks.compared import Place, Region
from looks.finger import Finger
from looks.layer import AnyLayer, Hair, Lips, NailArt, NailPolish

VERY_CLOSE, CLOSE = 3.0, 5.0
"""ΔE00 up to which nobody sees a difference without looking for it, and up to which it takes a second look."""


class Worn(Struct, frozen=True):
    """A design of the look and where it lies; fingers: of each hand, none where it is not of nails."""

    design_id: str
    place: Place
    fingers: tuple[Finger, ...] = ()


def place_of(layer: AnyLayer) -> Place:
    """Where a layer lies."""
    match layer:
        case NailPolish() | NailArt():
            return Place.NAIL
        case Lips():
            return Place.LIPS
        case Hair():
            return Place.HAIR
    return Place.FACE


def on_top(worn: Sequence[Worn], region: Region) -> str | None:
    """The design that is seen in a region: the last that was laid there."""
    lying = (
        one.design_id
        for one in reversed(worn)
        if one.place is region.place
        and (region.finger is None or not one.fingers or region.finger in one.fingers)
    )
    return next(lying, None)


def by_design(worn: Sequence[Worn], regions: Iterable[Region]) -> Mapping[str, float]:
    """The mean difference of each design over the regions in which it was compared."""
    found: dict[str, list[float]] = {}
    for region in regions:
        design = on_top(worn, region)
        if design is not None and region.delta_e is not None:
            found.setdefault(design, []).append(region.delta_e)
    return {design: round(fmean(away), 2) for design, away in found.items()}
