"""The pipeline on photographs: nails on the backs of hands, none on palms and where no hand is."""

from __future__ import annotations

from pathlib import Path

import pytest

from looks.colour import Swatch
from looks.layer import NailPolish
from looks.look import Look
from models.compose import LayerStatus
from models.pipeline import Studio

pytestmark = pytest.mark.data

HANDS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nails" / "hands"
RED = Look(name="Red", layers=(NailPolish(swatch=Swatch.of("#b3122a")),))


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio.load()


def nails_on(studio: Studio, pattern: str) -> list[int]:
    """Nails painted on each photo that matches."""
    results = [studio.try_on(path.read_bytes(), [RED]) for path in sorted(HANDS.glob(pattern))]
    for result in results:
        applied = result.renders[0].layers[0].status is LayerStatus.APPLIED
        assert applied == bool(result.scan.nails)
    return [len(result.scan.nails or ()) for result in results]


def test_the_backs_of_hands_wear_polish(studio: Studio) -> None:
    counts = nails_on(studio, "11k_*_dorsal_*.jpg")
    assert len(counts) == 19
    assert sum(count == 5 for count in counts) >= 17
    assert max(counts) == 5


def test_palms_stay_all_but_bare(studio: Studio) -> None:
    counts = nails_on(studio, "11k_*_palmar_*.jpg")
    assert counts.count(0) >= 8
    assert max(counts) <= 1


def test_hardly_a_nail_where_no_hand_is(studio: Studio) -> None:
    counts = nails_on(studio, "nohand_*.jpg")
    assert len(counts) == 16
    assert sum(count > 0 for count in counts) <= 1
    assert sum(nails_on(studio, "metalnails_*.jpg")) <= 1
