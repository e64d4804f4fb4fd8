"""The bench of lips, brows and skin: any folder of photos and masks of classes is judged as it is labelled."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.face_parts import FacePart, Judged, measure, summary
from kit.settings import ROOT
from models.decode import decode
from models.detect.face import FaceDetector
from models.segment.mouth import OUTER
from models.types import Array

SAMPLES = ROOT / "assets" / "samples"
LIPS, IGNORED = 7, 9


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait with its lips labelled 7, and a hand without any; both masks hold skin (2)."""
    folder = tmp_path_factory.mktemp("faces")
    for name in ("images", "masks"):
        (folder / name).mkdir()
    shutil.copy(SAMPLES / "faces" / "astronaut.jpg", folder / "images" / "face.jpg")
    shutil.copy(SAMPLES / "hands" / "open_04_right.jpg", folder / "images" / "hand.jpg")
    photo = decode((folder / "images" / "face.jpg").read_bytes())
    with FaceDetector() as detector:
        points = detector.detect(photo)[0].landmarks[:, :2]
    mask = np.full(photo.size, 2, np.uint8)
    cv2.fillPoly(mask, [np.round(points[list(OUTER)]).astype(np.int32)], (LIPS,))
    write(folder, "face", mask)
    write(folder, "hand", np.full(decode((folder / "images" / "hand.jpg").read_bytes()).size, 2, np.uint8))
    return folder


def write(folder: Path, name: str, mask: Array) -> None:
    cv2.imwrite(str(folder / "masks" / f"{name}.png"), mask)


def test_a_photo_that_does_not_show_the_part_counts_apart(folder: Path) -> None:
    found = measure(FacePart.LIPS, folder / "images", folder / "masks", id=LIPS)
    assert (found["n"], found["other_photos"], found["false_photos"]) == (1, 1, 0)
    assert found["found"] == 1
    assert 0.5 < found["iou_mean"] <= 1
    assert found["p95_ms"] >= found["p50_ms"] > 0
    assert [*found["tones"]] != []


def test_what_is_to_be_ignored_is_not_judged(folder: Path, tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    shutil.copytree(folder / "masks", masks)
    mask = cv2.imread(str(masks / "face.png"), cv2.IMREAD_GRAYSCALE)
    mask[mask != LIPS] = IGNORED
    write(tmp_path, "face", mask)
    found = measure(FacePart.LIPS, folder / "images", masks, id=LIPS, ignore=IGNORED, only="face*")
    assert found["precision"] == 1
    assert found["other_photos"] == 0


def test_a_folder_without_the_class_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="class 200"):
        measure(FacePart.LIPS, folder / "images", folder / "masks", id=200, only="face*")


def test_the_figures_are_those_of_the_pixels() -> None:
    figures = summary([Judged(100, 100, 80, 0.9, "tan"), Judged(100, 0, 0, 0.0, "")])
    assert figures["iou_mean"] == pytest.approx((80 / 120 + 0) / 2, abs=1e-4)
    assert figures["iou_pooled"] == pytest.approx(80 / 220, abs=1e-4)
    assert figures["f"] == pytest.approx(0.4)
    assert (figures["found"], figures["recall"], figures["precision"]) == (0.5, 0.4, 0.8)
