"""The one material model: how a product on nail, lip, skin or hair meets light.

A swatch says the colour of the product laid on until nothing shows through; a material says the rest.
Renderers read only this, so a new finish is a row here, and a design is a row with a few numbers changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from looks.finish import BaseFinish, LipFinish, NailFinish, SkinFinish

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Micrometres = Annotated[float, Meta(ge=0.0, le=2000.0)]
Nanometres = Annotated[float, Meta(ge=0.0, le=1500.0)]
Degrees = Annotated[float, Meta(ge=-180.0, le=180.0)]
AnyFinish = NailFinish | LipFinish | SkinFinish | BaseFinish


class Material(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters without a unit in their name are shares from 0 to 1."""

    # The coloured layer. coverage: share of what lies beneath that one coat hides; n coats hide
    # 1 - (1 - coverage)^n. roughness: 0 a mirror, 1 chalk (its square is the GGX width). metalness: how far
    # reflections take the swatch's colour.
    coverage: Share = 0.85
    roughness: Share = 0.2
    metalness: Share = 0.0

    # The clear layer on top: its strength (1 is a full gel top coat, 4 % at normal incidence) and roughness.
    clear_coat: Share = 1.0
    clear_coat_roughness: Share = 0.06

    # Stretch of the highlight along the nail or the strand: 0 round, 1 a line.
    anisotropy: Share = 0.0

    # Reflecting particles: share of the area they cover, mean width, tilt (0 flat, 1 they lie anyhow).
    flake_density: Share = 0.0
    flake_size_um: Micrometres = 0.0
    flake_tilt: Share = 0.0

    # Colour that turns with the angle: strength and thickness of a thin film, strength and period of a
    # diffraction grating.
    film: Share = 0.0
    film_nm: Nanometres = 0.0
    grating: Share = 0.0
    grating_um: Micrometres = 0.0

    # Magnetic line: strength, middle (0 cuticle, 1 free edge), angle to the nail's width, half-width as a
    # share of the nail's length.
    line: Share = 0.0
    line_position: Share = 0.5
    line_angle_deg: Degrees = 0.0
    line_width: Share = 0.2

    # Height of a bumpy surface and the mean distance of its bumps.
    relief_um: Micrometres = 0.0
    relief_scale_um: Micrometres = 0.0

    def changed(self, changes: Mapping[str, object]) -> Material:
        """This material with some parameters changed; raises msgspec.ValidationError on an unfit one."""
        return msgspec.convert({**msgspec.structs.asdict(self), **changes}, Material)


MATERIALS: dict[NailFinish, Material] = {
    NailFinish.CREAM: Material(coverage=0.95, roughness=0.3),
    NailFinish.GEL: Material(coverage=0.95, roughness=0.2, clear_coat_roughness=0.02),
    NailFinish.MATTE: Material(coverage=0.95, roughness=0.7, clear_coat=0.08, clear_coat_roughness=0.6),
    NailFinish.SHEER: Material(coverage=0.25, roughness=0.25),
    NailFinish.JELLY: Material(coverage=0.42, roughness=0.15, clear_coat_roughness=0.03),
    NailFinish.METALLIC: Material(
        coverage=0.95,
        roughness=0.3,
        metalness=0.85,
        flake_density=0.9,
        flake_size_um=15.0,
        flake_tilt=0.12,
        anisotropy=0.35,
    ),
    NailFinish.PEARL: Material(
        coverage=0.75,
        roughness=0.3,
        flake_density=0.6,
        flake_size_um=12.0,
        flake_tilt=0.15,
        film=0.6,
        film_nm=420.0,
    ),
    NailFinish.SHIMMER_FINE: Material(
        coverage=0.8, metalness=0.2, flake_density=0.25, flake_size_um=30.0, flake_tilt=0.3
    ),
    NailFinish.SHIMMER_COARSE: Material(
        coverage=0.75, metalness=0.25, flake_density=0.3, flake_size_um=90.0, flake_tilt=0.4
    ),
    NailFinish.GLITTER: Material(
        coverage=0.3, metalness=0.6, roughness=0.1, flake_density=0.55, flake_size_um=300.0, flake_tilt=0.7
    ),
    NailFinish.FLAKE: Material(
        coverage=0.6,
        metalness=0.5,
        roughness=0.1,
        flake_density=0.35,
        flake_size_um=700.0,
        flake_tilt=0.25,
        film=0.2,
        film_nm=450.0,
    ),
    NailFinish.FOIL: Material(
        coverage=1.0,
        metalness=1.0,
        roughness=0.18,
        flake_density=0.95,
        flake_size_um=120.0,
        flake_tilt=0.1,
        anisotropy=0.15,
        relief_um=40.0,
        relief_scale_um=1300.0,
    ),
    NailFinish.CHROME: Material(coverage=1.0, metalness=1.0, roughness=0.05),
    NailFinish.HOLOGRAPHIC: Material(
        coverage=0.9,
        metalness=0.8,
        roughness=0.15,
        flake_density=0.8,
        flake_size_um=35.0,
        flake_tilt=0.1,
        grating=0.7,
        grating_um=1.2,
    ),
    NailFinish.CAT_EYE: Material(
        coverage=0.9, metalness=0.35, flake_density=0.5, flake_size_um=20.0, flake_tilt=0.5, line=0.85
    ),
    NailFinish.TEXTURED: Material(
        coverage=0.9,
        roughness=0.55,
        clear_coat=0.2,
        clear_coat_roughness=0.4,
        relief_um=90.0,
        relief_scale_um=350.0,
    ),
}

LIP_MATERIALS: dict[LipFinish, Material] = {
    LipFinish.MATTE: Material(coverage=0.85, roughness=0.8, clear_coat=0.0),
    LipFinish.SATIN: Material(coverage=0.75, roughness=0.45, clear_coat=0.25, clear_coat_roughness=0.35),
    LipFinish.GLOSS: Material(coverage=0.5, roughness=0.2, clear_coat=1.0, clear_coat_roughness=0.05),
    LipFinish.SHEER: Material(coverage=0.35, roughness=0.4, clear_coat=0.4, clear_coat_roughness=0.25),
    LipFinish.METALLIC: Material(
        coverage=0.85,
        metalness=0.6,
        roughness=0.35,
        clear_coat=0.3,
        clear_coat_roughness=0.2,
        flake_density=0.7,
        flake_size_um=15.0,
    ),
    LipFinish.SHIMMER: Material(
        coverage=0.6,
        metalness=0.2,
        roughness=0.35,
        clear_coat=0.6,
        clear_coat_roughness=0.15,
        flake_density=0.25,
        flake_size_um=40.0,
    ),
    LipFinish.HOLOGRAPHIC: Material(
        coverage=0.4,
        metalness=0.3,
        roughness=0.25,
        clear_coat=0.8,
        flake_density=0.4,
        flake_size_um=40.0,
        grating=0.5,
        grating_um=1.2,
    ),
}

SKIN_MATERIALS: dict[SkinFinish, Material] = {
    SkinFinish.MATTE: Material(coverage=0.45, roughness=0.9, clear_coat=0.0),
    SkinFinish.SATIN: Material(coverage=0.45, roughness=0.6, clear_coat=0.1, clear_coat_roughness=0.5),
    SkinFinish.SHIMMER: Material(
        coverage=0.5,
        metalness=0.3,
        roughness=0.4,
        clear_coat=0.0,
        flake_density=0.3,
        flake_size_um=25.0,
        flake_tilt=0.4,
    ),
    SkinFinish.METALLIC: Material(
        coverage=0.7,
        metalness=0.7,
        roughness=0.35,
        clear_coat=0.0,
        flake_density=0.7,
        flake_size_um=20.0,
        flake_tilt=0.2,
    ),
    SkinFinish.DEWY: Material(coverage=0.3, roughness=0.3, clear_coat=0.5, clear_coat_roughness=0.2),
}

BASE_MATERIALS: dict[BaseFinish, Material] = {
    BaseFinish.MATTE: Material(coverage=0.6, roughness=0.9, clear_coat=0.0),
    BaseFinish.NATURAL: Material(coverage=0.6, roughness=0.6, clear_coat=0.1, clear_coat_roughness=0.5),
    BaseFinish.DEWY: Material(coverage=0.6, roughness=0.35, clear_coat=0.5, clear_coat_roughness=0.25),
}

FIBRE = Material(coverage=0.9, roughness=0.35, clear_coat=0.0, anisotropy=0.85)
"""Hair and brows: the dye is in the fibre, its gloss lies along the strand."""


def material_of(finish: AnyFinish | None) -> Material:
    """The finish's usual material; None stands for hair and brows, which have no finish."""
    match finish:
        case NailFinish():
            return MATERIALS[finish]
        case LipFinish():
            return LIP_MATERIALS[finish]
        case SkinFinish():
            return SKIN_MATERIALS[finish]
        case BaseFinish():
            return BASE_MATERIALS[finish]
        case None:
            return FIBRE
