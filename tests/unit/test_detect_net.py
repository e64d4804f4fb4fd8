"""The networks' loading: verified weights, quiet, and shapes refused by name."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from models.detect.net import Net, each_tensor
from models.detect.quiet import quiet
from models.manifest import Weight, WeightError, weight, weights
from models.types import ShapeError

LOAD = "from models.detect.hands import HandDetector; from models.detect.face import FaceDetector; "


@pytest.mark.parametrize("name", sorted(weights()))
def test_every_weight_is_the_file_that_the_manifest_names(name: str) -> None:
    entry = weight(name)

    assert len(entry.read()) > 100_000
    assert entry.licence
    assert entry.input


def test_a_changed_weight_is_refused_with_both_hashes() -> None:
    changed = replace(weight("hand_landmark"), sha256="0" * 64)

    with pytest.raises(
        WeightError, match=f"expected sha256 {'0' * 64}, got {weight('hand_landmark').sha256}"
    ):
        changed.read()


def test_an_absent_weight_says_where_it_should_be() -> None:
    with pytest.raises(WeightError, match=r"mediapipe/modules/none\.tflite is not there"):
        replace(weight("hand_landmark"), file="modules/none.tflite").read()
    with pytest.raises(WeightError, match="package no_such_package is not installed"):
        Weight("x", "no_such_package", "x", "", "", "", "").read()


def test_an_unknown_weight_is_refused() -> None:
    with pytest.raises(WeightError, match="no_such_weight"):
        Net("no_such_weight", side=192, low=0.0, tail=each_tensor(1))


def test_an_image_of_another_size_is_refused_with_both_shapes() -> None:
    net = Net("face_detection_full_range", side=192, low=-1.0, tail=each_tensor(2))

    with pytest.raises(ShapeError, match=r"expected \(192, 192, 3\), got \(192, 100, 3\)"):
        net(np.zeros((192, 100, 3), np.uint8))
    boxes, scores = net(np.zeros((192, 192, 3), np.uint8))
    assert (boxes.shape, scores.shape) == ((2304 * 16,), (2304,))
    net.close()


def test_loading_neither_warns_nor_chatters() -> None:
    script = LOAD + "HandDetector().close(); FaceDetector().close()"

    loaded = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, check=False)

    assert (loaded.returncode, loaded.stdout, loaded.stderr) == (0, b"", b"")


def test_what_is_not_chatter_reaches_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    def break_loading() -> None:
        with quiet():
            os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\nE0000 something broke\n")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_loading()

    assert capfd.readouterr().err == "E0000 something broke\n"
