"""Take off the polish that nails wear already: what shows through a sheer one is the bare nail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from looks.colour import delta_e00, lab_to_linear, linear_to_lab
from looks.layer import AnyLayer, NailArt, NailPolish
from models.analyse.skin import skin_behind
from models.render.light import lay, linear
from models.render.shading import place_on_nail, take_apart
from models.types import Array, Nail, Scan

PALEST, PALER = 75.0, 0.3
"""L* that bare nails tend to, and how far they lie towards it from the skin; on photos of bare nails of all tones."""
PINK = np.array([[0.9, 3.0], [0.6, 2.0]])
"""Their a* and b*, from those of the skin: factor and summand."""
SHINE = 0.4
"""What counts of a nail's being lighter than that: flashes shine on dark hands' nails."""
BARE, WORN = 15.0, 20.0
"""ΔE00 from that colour up to which a nail is bare, and from which on it wears polish."""
BODY = 0.2, 0.65
"""Along the plate, where neither half moon nor free edge is."""
LEAST_PX = 20


def remove_polish(canvas: Array, scan: Scan, layers: Sequence[AnyLayer]) -> int:
    """Lay the bare nail over polish on the nails that these layers paint, in place; returns on how many."""
    removed = 0
    for nail in scan.nails or ():
        skin = skin_behind(canvas, nail) if _is_painted(nail, layers) else None
        if skin is None:
            continue
        ground, bed = linear(canvas[nail.mask.box.slices]), _bed(skin)
        worn = _worn(ground, nail, bed)
        if worn > 0:
            shading = take_apart(ground, nail)
            bare = (
                lab_to_linear(bed).astype(np.float32) * shading.diffuse[..., None]
                + shading.specular[..., None]
            )
            lay(canvas, nail.mask, bare, worn)
            removed += 1
    return removed


def _is_painted(nail: Nail, layers: Sequence[AnyLayer]) -> bool:
    return any(
        isinstance(layer, NailPolish | NailArt) and (nail.finger is None or nail.finger in layer.fingers)
        for layer in layers
    )


def _bed(skin: Array) -> Array:
    """(3,) Lab of a bare nail over this skin, (3,) linear light."""
    lightness, *colour = linear_to_lab(skin)
    paler = lightness + PALER * max(0.0, PALEST - lightness)
    bed: Array = np.array([paler, *(PINK[:, 0] * colour + PINK[:, 1])])
    return bed


def _worn(ground: Array, nail: Nail, bed: Array) -> float:
    """How sure it is that a nail wears polish, 0 to 1, by how far its colour lies from that of a bare one."""
    _, along = place_on_nail(nail)
    body = ground[(nail.mask.alpha > 230) & (along > BODY[0]) & (along < BODY[1])]
    if len(body) < LEAST_PX:
        return 0.0
    seen = linear_to_lab(np.median(body, axis=0))
    seen[0] = min(seen[0], bed[0]) + SHINE * max(0.0, seen[0] - bed[0])
    away = float(delta_e00(seen, bed))
    share = float(np.clip((away - BARE) / (WORN - BARE), 0, 1))
    return share * share * (3 - 2 * share)
