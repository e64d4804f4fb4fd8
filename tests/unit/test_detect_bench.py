"""The counting of `vernis bench detect`, on the committed sample hands and, where it lies, the shared data."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.detect import as_expected, measure

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "assets" / "samples" / "hands" / "open_01_left.jpg"
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One photo with a hand, one with nothing, one that is none."""
    shutil.copy(SAMPLE, tmp_path / "11k_x_dorsal_1.jpg")
    Image.fromarray(np.full((128, 128, 3), 128, np.uint8)).save(tmp_path / "nohand_1.png")
    (tmp_path / "broken.jpg").write_bytes(b"not a photo")
    return tmp_path


def test_without_expectations_only_finds_and_errors_are_counted(folder: Path) -> None:
    figures = measure(folder)

    assert {key: figures[key] for key in ("images", "found", "wrong", "errors")} == {
        "images": 3,
        "found": 1,
        "wrong": 0,
        "errors": 1,
    }
    assert figures["p95_ms"] >= figures["p50_ms"] > 0


def test_numbers_are_compared_with_expected_json(folder: Path) -> None:
    expected = {"11k_x_dorsal_1.jpg": {"hands": 2, "faces": 0}, "nohand_1.png": {"hands": 0, "faces": "many"}}
    (folder / "expected.json").write_text(json.dumps(expected))

    figures = measure(folder)

    assert (figures["images"], figures["found"], figures["wrong"], figures["errors"]) == (2, 1, 2, 0)


def test_an_index_of_hands_judges_name_and_side_too(folder: Path) -> None:
    (folder / "index.csv").write_text("file,note\n11k_x_dorsal_1.jpg,dorsal left\nnohand_1.png,none\n")

    by = measure(folder)["by"]

    assert by["dorsal"] == {"images": 1, "found": 1, "wrong": 0, "errors": 0, "named": 1}
    assert by["nohand"] == {"images": 1, "found": 0, "wrong": 0, "errors": 0}


def test_an_index_with_tags_is_one_of_portraits(folder: Path) -> None:
    (folder / "index.csv").write_text('file,tags\nnohand_1.png,"noface,dark"\n11k_x_dorsal_1.jpg,profile\n')

    by = measure(folder)["by"]

    assert (by["noface"]["wrong"], by["single"]["wrong"]) == (0, 1)


def test_words_and_numbers_of_expectations() -> None:
    assert [as_expected("some", n) for n in (0, 1, 2)] == [False, True, True]
    assert [as_expected("many", n) for n in (0, 1, 2)] == [False, False, True]
    assert [as_expected(1, n) for n in (0, 1, 2)] == [False, True, False]
    assert as_expected(None, 3)


@pytest.mark.data
def test_portraits_show_their_faces() -> None:
    by = measure(DATA / "faces" / "portraits")["by"]

    assert by["single"]["found"] >= 95
    assert by["multi"]["images"] - by["multi"]["wrong"] >= 11
    assert by["noface"]["found"] == 0


@pytest.mark.data
def test_plain_hands_are_found_on_both_sides_and_nowhere_else() -> None:
    by = measure(DATA / "nails" / "hands")["by"]

    assert by["dorsal"]["found"] >= 17
    assert by["palmar"]["found"] == 11
    assert by["dorsal"]["named"] + by["palmar"]["named"] >= 28
    assert by["nohand"]["found"] == 0
