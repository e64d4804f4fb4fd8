"""`vernis bench nails` on our own hands: what it prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from benchmarks.nails import measure, measure_monk, measure_negatives
from benchmarks.skin_tone import tone_around
from tests.golden.cases import SAMPLES

NAMES = ("open_01_left", "open_04_right")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sample hands with their true masks, in the form that the command asks for."""
    here = tmp_path_factory.mktemp("nails")
    (here / "images").mkdir()
    (here / "masks").mkdir()
    samples = json.loads((SAMPLES / "index.json").read_text())["samples"]
    for name in NAMES:
        truth = cv2.imread(str(SAMPLES / samples[name]["masks"]), cv2.IMREAD_GRAYSCALE)
        cv2.imwrite(str(here / "masks" / f"{name}.png"), (truth > 0).astype(np.uint8) * 255)
        (here / "images" / f"{name}.jpg").write_bytes((SAMPLES / samples[name]["image"]).read_bytes())
    (here / "meta.csv").write_text(f"stem,kind,fold\n{NAMES[0]},own,a\n{NAMES[1]},own,b\n")
    return here


def test_labelled_photos_are_judged_as_a_whole_and_in_groups(folder: Path) -> None:
    figures = measure(folder / "images", folder / "masks", metadata=folder / "meta.csv")
    assert figures["n"] == 2
    assert figures["recall"] > 0.5
    assert figures["iou_mean"] > 0.5
    assert set(figures["folds"]) == {"a", "b"}
    assert figures["kinds"]["own"]["n"] == 2
    assert sum(tone["nails"] for tone in figures["tones"].values()) >= 8
    assert json.loads(msgspec.json.encode(figures)) == figures


def test_only_the_photos_of_a_fold_are_judged(folder: Path) -> None:
    assert measure(folder / "images", folder / "masks", metadata=folder / "meta.csv", fold="b")["n"] == 1


def test_a_mask_of_another_size_is_an_error(folder: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / f"{NAMES[0]}.png"), np.zeros((8, 8), np.uint8))
    with pytest.raises(ValueError, match="no mask of the size"):
        measure(folder / "images", tmp_path)


def test_photos_without_a_nail_are_counted(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((300, 400, 3), 120, np.uint8))
    figures = measure_negatives(tmp_path)
    assert (figures["negatives"], figures["false_photos"], figures["false_nails"]) == (1, 0, 0)


def test_the_same_hand_is_judged_in_each_tone() -> None:
    figures = measure_monk(each=1, tones=(3, 8))
    assert set(figures["monk"]) == {"3", "8"}
    ious = [one["iou_mean"] for one in figures["monk"].values()]
    assert figures["tone_gap"] == pytest.approx(abs(ious[0] - ious[1]), abs=1e-4)
    assert figures["iou_mean"] > 0.5


@pytest.mark.parametrize(
    ("skin", "tone"), [((241, 217, 198), "very_light"), ((150, 102, 72), "brown"), ((70, 44, 36), "dark")]
)
def test_skin_beside_a_nail_is_told_by_its_typology_angle(skin: tuple[int, int, int], tone: str) -> None:
    rgb = np.full((80, 80, 3), skin, np.uint8)
    nail = np.zeros((80, 80), bool)
    nail[30:50, 34:46] = True
    rgb[nail] = 255
    assert tone_around(rgb, nail, nail) == tone
