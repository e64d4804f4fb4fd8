"""What suits whom: warmth, depth, variety, reasons, and foundations by nearness."""

from __future__ import annotations

from itertools import combinations
from math import hypot

import msgspec
import numpy as np
import pytest

from kit.settings import ROOT
from looks.colour import Swatch, delta_e00
from looks.layer import Lips
from looks.person import Undertone
from modules.analysis.recommend import ALIKE, Liking, matched, reason_for, score_of, suited
from modules.analysis.warmth import warmth_of, word_for
from modules.catalog.load import load_shelf
from modules.catalog.shelf import Design, DesignKind
from tests.person import facts

SHELF = load_shelf(ROOT / "assets" / "catalog")
LIPS = [design for design in SHELF.designs.values() if design.kind is DesignKind.LIPS]
KINDS = [kind for kind in DesignKind if any(design.kind is kind for design in SHELF.designs.values())]


def liking(undertone: Undertone = Undertone.WARM, **of_face: float | str) -> Liking:
    face = facts(undertone=undertone, **of_face)  # type: ignore[arg-type]
    assert face.tone is not None
    return Liking.of(face, face.tone)


def lipstick(hex: str) -> Design:
    return msgspec.structs.replace(LIPS[0], id="des_lips_of_a_test", layer=Lips(colours=(Swatch.of(hex),)))


@pytest.mark.parametrize(
    ("hex", "word"),
    [
        ("#d2552f", "warm"),
        ("#8e1f4f", "cool"),
        ("#b3122a", "balanced"),
        ("#14224f", "cool"),
        ("#d8a13a", "warm"),
        ("#8a8a8a", "balanced"),
    ],
)
def test_a_shade_is_called_warm_or_cool(hex: str, word: str) -> None:
    assert word_for(warmth_of(Swatch.of(hex).lab)) == word


def test_warm_skin_is_shown_warmer_shades_than_cool_skin() -> None:
    warmth = {
        undertone: np.mean(
            [warmth_of(one.design.swatches[0].lab) for one in suited(liking(undertone), LIPS, 6)]
        )
        for undertone in (Undertone.COOL, Undertone.NEUTRAL, Undertone.WARM)
    }
    assert warmth[Undertone.COOL] < warmth[Undertone.NEUTRAL] < warmth[Undertone.WARM]


def test_what_is_unsure_counts_less() -> None:
    coral, berry = lipstick("#e07050"), lipstick("#9c3a68")
    surely, hardly = (
        score_of(liking(sure=sure), coral) - score_of(liking(sure=sure), berry) for sure in (1.0, 0.05)
    )
    assert surely > hardly + 0.1


def test_deep_skin_is_not_shown_pale_powders() -> None:
    cheeks = [design for design in SHELF.designs.values() if design.kind is DesignKind.CHEEKS]
    blushes = [design for design in cheeks if getattr(design.layer, "style", "") == "blush"]
    depth = {
        skin: np.mean([one.design.swatches[0].lab[0] for one in suited(liking(skin=skin), blushes, 3)])
        for skin in ("#f0cdb8", "#5a3a2a")
    }
    assert depth["#5a3a2a"] < depth["#f0cdb8"] - 10


def test_deep_skin_is_shown_nails_that_stand_out() -> None:
    nails = [design for design in SHELF.designs.values() if design.kind is DesignKind.NAIL_POLISH]
    found = suited(liking(skin="#3d2a22", clarity=0.9), nails, 4)
    assert min(one.design.swatches[0].lab[0] for one in found) > 35


def test_contrast_of_the_face_asks_for_stronger_colour() -> None:
    chroma = {
        clarity: np.mean(
            [hypot(*one.design.swatches[0].lab[1:]) for one in suited(liking(clarity=clarity), LIPS, 4)]
        )
        for clarity in (0.0, 1.0)
    }
    assert chroma[1.0] > chroma[0.0] + 5


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not DesignKind.BASE])
def test_shades_beside_each_other_differ(kind: DesignKind) -> None:
    designs = [design for design in SHELF.designs.values() if design.kind is kind]
    found = suited(liking(), designs, 5)
    labs = [np.array(one.design.swatches[0].lab) for one in found]
    assert len(found) == 5
    assert min(float(delta_e00(one, other)) for one, other in combinations(labs, 2)) > ALIKE


def test_ten_reds_that_are_alike_are_one_choice() -> None:
    reds = [
        msgspec.structs.replace(lipstick(f"#b0{20 + at}2{at}"), id=f"des_lips_red_{at}") for at in range(10)
    ]
    others = [lipstick("#e8a090"), msgspec.structs.replace(lipstick("#6a2040"), id="des_lips_plum_test")]
    found = suited(liking(), [*reds, *others], 3)
    assert sum(one.design in reds for one in found) == 1


@pytest.mark.parametrize(
    ("undertone", "hex", "reason"),
    [
        (Undertone.COOL, "#7a1638", "your undertone is cool, and it is three steps deeper than your lips"),
        (
            Undertone.COOL,
            "#d2552f",
            "a contrast to your cool undertone, and it is about as deep as your lips",
        ),
        (Undertone.OLIVE, "#cf7b58", "your undertone is olive, and it is one step lighter than your lips"),
    ],
)
def test_a_reason_says_what_it_answers(undertone: Undertone, hex: str, reason: str) -> None:
    assert reason in reason_for(liking(undertone), lipstick(hex))


def test_without_an_undertone_nothing_is_said_of_it() -> None:
    face = msgspec.structs.replace(facts(), undertone=None, season=None)
    assert face.tone is not None
    assert "undertone" not in reason_for(Liking.of(face, face.tone), lipstick("#b3122a"))


def test_a_foundation_is_matched_by_nearness_with_its_neighbours() -> None:
    shades = {"pale": "#ecd2c0", "light": "#dcb79f", "mine": "#ca9c82", "tan": "#b08368", "deep": "#6f4a38"}
    designs = [msgspec.structs.replace(lipstick(hex), id=f"des_lips_{name}") for name, hex in shades.items()]
    found = matched(Swatch.of("#c99b80").lab, designs, 5)
    assert [one.design.id.removeprefix("des_lips_") for one in found[:3]] == ["mine", "light", "tan"]
    assert found[0].distance is not None
    assert found[0].distance < 2
    assert "hardly see" in found[0].reason
    assert "lighter" in found[1].reason
    assert "deeper" in found[2].reason


def test_skin_darker_than_every_foundation_still_gets_an_honest_answer() -> None:
    found = matched(Swatch.of("#2e1d16").lab, [lipstick("#ecd2c0")], 3)
    assert [one.reason for one in found] == ["The nearest there is, and still another colour than your skin."]


def test_an_empty_shelf_recommends_nothing() -> None:
    assert suited(liking(), [], 6) == []
