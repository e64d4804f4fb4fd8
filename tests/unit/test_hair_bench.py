"""`vernis bench hair`: its figures on made-up masks, and on a folder of one portrait."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from benchmarks.hair import lightness, measure, score, summary
from models.decode import decode
from models.detect.face import FaceDetector
from models.segment.hair import HairSegmenter
from tests.unit.test_segment_hair import PORTRAIT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait twice: with its own hair as the mask, and with a mask that has none."""
    here = tmp_path_factory.mktemp("hair")
    (here / "images").mkdir()
    (here / "masks").mkdir()
    photo = decode(PORTRAIT.read_bytes())
    with FaceDetector() as detector:
        (hair,) = HairSegmenter.load().segment(photo, detector.detect(photo))
    mask = np.zeros(photo.size, np.uint8)
    mask[hair.mask.box.slices][hair.mask.alpha > 127] = 3
    mask[:, :20] = 255
    for stem, truth in (("own_1", mask), ("bald_1", np.zeros_like(mask))):
        (here / "images" / f"{stem}.jpg").write_bytes(PORTRAIT.read_bytes())
        cv2.imwrite(str(here / "masks" / f"{stem}.png"), truth)
    (here / "meta.csv").write_text("stem,hair_type\nown_1,straight\n")
    return here


def test_a_folder_is_judged_as_a_whole_and_in_groups(folder: Path) -> None:
    figures = measure(folder / "images", folder / "masks", hair_id=3, metadata=folder / "meta.csv")

    assert figures["n"] == 2
    assert figures["iou_mean"] == figures["iou_median"] == figures["f"] == figures["boundary_f"] == 1
    assert figures["hairless"]["n"] == 1
    assert figures["painted_without_hair"] == pytest.approx(figures["hairless"]["painted"] / 2, abs=1e-4)
    assert set(figures["by_source"]) == {"own", "bald"}
    assert figures["by_kind"]["straight"]["n"] == 1
    assert figures["by_face"]["face"]["n"] == 2
    assert sum(group["n"] for group in figures["by_tone"].values()) == 2
    assert figures["p95_ms"] >= figures["p50_ms"] > 0
    assert json.loads(msgspec.json.encode(figures)) == figures


def test_a_folder_without_pairs_is_an_error(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no photo"):
        measure(folder / "images", tmp_path)


def test_a_mask_of_another_size_is_an_error(folder: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "own_1.png"), np.zeros((8, 8), np.uint8))

    with pytest.raises(ValueError, match="no mask of the size"):
        measure(folder / "images", tmp_path)


def test_ignored_pixels_count_nowhere() -> None:
    truth, found = np.zeros((2, 10, 10), bool)
    truth[2:6, 2:6] = found[2:6, 2:8] = True
    counted = np.ones((10, 10), bool)
    counted[:, 6:] = False

    assert score(truth, found, counted).iou == 1
    assert score(truth, found, counted).painted == 0
    assert score(truth, found, counted | True).iou == pytest.approx(16 / 24)
    assert score(truth, found, counted | True).painted == pytest.approx(0.08)


def test_pictures_without_hair_count_as_painted_alone() -> None:
    nothing, something = np.zeros((10, 10), bool), np.zeros((10, 10), bool)
    something[:5] = True
    everywhere = np.ones((10, 10), bool)

    figures = summary([score(nothing, something, everywhere), score(something, something, everywhere)])

    assert figures["iou_mean"] == 1
    assert figures["painted_without_hair"] == 0.25


@pytest.mark.parametrize(
    ("value", "name"), [(20, "dark"), (100, "medium"), (150, "light"), (230, "very_light")]
)
def test_hair_is_grouped_by_its_lightness(value: int, name: str) -> None:
    rgb = np.full((4, 4, 3), value, np.uint8)

    assert lightness(rgb, np.ones((4, 4), bool)) == name
    assert lightness(rgb, np.zeros((4, 4), bool)) == ""
