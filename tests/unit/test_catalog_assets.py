"""The shipped catalogue keeps its promises: enough designs, distinct colours, all an appointment needs."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from kit.ids import is_id
from looks.colour import delta_e00, hex_to_srgb, srgb_to_lab
from looks.finish import BaseFinish, Coverage, LipFinish, NailFinish, SkinFinish
from looks.layer import Base, Hair
from modules.catalog.load import load_shelf
from modules.catalog.shelf import Design, DesignKind, Shelf
from modules.catalog.styles import (
    BASE_STYLES,
    BROW_STYLES,
    CHEEK_STYLES,
    EYE_STYLES,
    HAIR_STYLES,
    LIP_STYLES,
)

FOLDER = Path(__file__).parents[2] / "assets" / "catalog"
SHELF = load_shelf(FOLDER)
DESIGNS = tuple(SHELF.designs.values())


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return SHELF


def test_there_are_enough_designs_and_looks(shelf: Shelf) -> None:
    kinds = Counter(design.kind for design in shelf.designs.values())

    assert len(shelf.designs) >= 120
    assert len(shelf.bundles) >= 20
    assert all(kinds[kind] >= 10 for kind in DesignKind), kinds


@pytest.mark.parametrize("finish", list(NailFinish))
def test_every_nail_finish_is_there_three_times(finish: NailFinish) -> None:
    assert len(SHELF.search(kind=DesignKind.NAIL_POLISH, finish=finish)) >= 3


def test_every_lip_and_skin_finish_and_every_hair_style_is_there() -> None:
    face = {design.finish for design in DESIGNS if design.kind in (DesignKind.CHEEKS, DesignKind.EYES)}

    assert {design.finish for design in DESIGNS if design.kind is DesignKind.LIPS} == set(LipFinish)
    assert face == set(SkinFinish)
    assert {design.layer.style for design in DESIGNS if isinstance(design.layer, Hair)} == HAIR_STYLES
    assert {design.layer.level for design in DESIGNS if isinstance(design.layer, Hair)} == set(range(1, 11))


def test_eye_designs_hold_one_to_five_colours() -> None:
    eyes = [design for design in DESIGNS if design.kind is DesignKind.EYES]

    assert {len(design.swatches) for design in eyes} == {1, 2, 3, 4, 5}


def test_no_two_designs_of_one_kind_and_finish_look_alike() -> None:
    close = [
        (one.id, other.id)
        for one, other in combinations(DESIGNS, 2)
        if _drawer(one) == _drawer(other) and _distance(one, other) <= 2.0
    ]

    assert close == []


def test_lab_agrees_with_hex() -> None:
    swatches = [swatch for design in DESIGNS for swatch in design.swatches]
    srgb = np.array([hex_to_srgb(swatch.hex) for swatch in swatches])

    assert np.allclose(srgb_to_lab(srgb), [swatch.lab for swatch in swatches], atol=0.01)


def test_a_shipped_id_is_never_one_that_a_salon_could_be_given() -> None:
    assert not any(is_id(design.id, "des") for design in DESIGNS)


def test_ids_are_made_of_kind_and_name() -> None:
    words = {DesignKind.NAIL_POLISH: "polish", DesignKind.NAIL_ART: "art"}
    for design in DESIGNS:
        name = design.name.lower().replace(" ", "_")
        assert design.id == f"des_{words.get(design.kind, design.kind.value)}_{name}"


def test_time_and_price_of_a_design_are_near_those_of_its_service(shelf: Shelf) -> None:
    for design in DESIGNS:
        service = shelf.services[design.service]
        assert 0.5 <= design.minutes / service.minutes <= 1.5, design.id
        assert 0.5 <= design.price.amount / service.price.amount <= 1.5, design.id
        assert design.price.currency == service.price.currency


def test_nudes_are_there_for_every_depth_of_skin() -> None:
    lightness = sorted(design.swatches[0].lab[0] for design in SHELF.search(query="nude", renderable=True))

    assert lightness[0] < 32
    assert lightness[-1] > 85
    assert np.diff([value for value in lightness if 28 < value < 88]).max() <= 10


def test_some_looks_can_be_tried_on_whole(shelf: Shelf) -> None:
    whole = [b for b in shelf.bundles.values() if all(shelf.designs[id].renderable for id in b.designs)]

    assert len(whole) >= 5


def test_designs_that_no_renderer_draws_yet_are_listed_and_marked() -> None:
    marked = {design.kind for design in DESIGNS if not design.renderable}

    assert not marked


def test_every_style_of_make_up_has_designs() -> None:
    styles = {
        kind: {getattr(design.layer, "style", "") for design in DESIGNS if design.kind is kind}
        for kind in (DesignKind.BASE, DesignKind.LIPS, DesignKind.CHEEKS, DesignKind.EYES, DesignKind.BROWS)
    }

    assert styles[DesignKind.BASE] == BASE_STYLES
    assert styles[DesignKind.LIPS] == LIP_STYLES
    assert styles[DesignKind.CHEEKS] == CHEEK_STYLES
    assert styles[DesignKind.EYES] == EYE_STYLES
    assert styles[DesignKind.BROWS] == BROW_STYLES


def test_foundations_are_there_in_every_finish_and_coverage_and_for_every_depth() -> None:
    bases = [design.layer for design in DESIGNS if isinstance(design.layer, Base)]

    assert {base.finish for base in bases} == set(BaseFinish)
    assert {base.coverage for base in bases} == set(Coverage)
    lightness = sorted(base.colours[0].lab[0] for base in bases if base.style == "foundation")
    assert lightness[0] < 18
    assert lightness[-1] > 84
    assert np.diff(lightness).max() <= 9


def _drawer(design: Design) -> tuple[str, str | None]:
    """Where two equal colours would be a mistake; art lies on the same nails as polish."""
    place = "nails" if design.kind in (DesignKind.NAIL_POLISH, DesignKind.NAIL_ART) else design.kind.value
    return place, design.finish


def _distance(one: Design, other: Design) -> float:
    return float(delta_e00(np.array(one.swatches[0].lab), np.array(other.swatches[0].lab)))
