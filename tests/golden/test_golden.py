"""Rendered sample pictures against their records: one hash, and numbers that see colour and shape."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from looks.colour import delta_e00
from models.pipeline import Studio, TryOnResult
from tests.golden.cases import CASES, DESIGNS, RECORDS, bits_apart, placed, record, render, save

PICTURES = Path("build/golden")
MOST_DELTA_E = 1.5  # of a region's mean colour; another processor's rounding moves outlines a little
LEAST_IOU = 0.95
MOST_BITS = 3  # of 64 in the hash


@pytest.fixture(scope="module")
def results(studio: Studio) -> dict[str, TryOnResult]:
    return {photo: render(studio, photo) for photo in DESIGNS}


@pytest.mark.parametrize(("photo", "design"), CASES)
def test_a_picture_looks_as_it_did(photo: str, design: str, results: dict[str, TryOnResult]) -> None:
    name, result = f"{photo}/{design}", results[photo]
    records = json.loads(RECORDS.read_text()) if RECORDS.is_file() else {}
    if name not in records:
        pytest.fail(f"no golden record for {name}: write it with `python -m tests.golden.write`")
    faults = differences(records[name], record(result, design), result.photo.size)
    if faults:
        path = save(result, photo, design, PICTURES, "-failed")
        pytest.fail(
            f"{name}: {'; '.join(faults)}. Picture: {path}. If it is better, `python -m tests.golden.write`"
        )


def differences(golden: dict[str, object], now: dict[str, object], size: tuple[int, int]) -> list[str]:
    """What differs by more than the tolerances, in words."""
    faults = []
    if (bits := bits_apart(str(golden["hash"]), str(now["hash"]))) > MOST_BITS:
        faults.append(f"hash differs in {bits} bits")
    old, new = golden["regions"], now["regions"]
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    if old.keys() != new.keys():
        return [*faults, f"fingers {sorted(new)} instead of {sorted(old)}"]
    for finger, region in old.items():
        change = float(delta_e00(np.array(region["lab"]), np.array(new[finger]["lab"])))
        before, after = placed(region, size), placed(new[finger], size)
        iou = np.count_nonzero(before & after) / np.count_nonzero(before | after)
        if change > MOST_DELTA_E:
            faults.append(f"{finger}: colour moved by {change:.1f} ΔE00")
        if iou < LEAST_IOU:
            faults.append(f"{finger}: mask IoU {iou:.3f}")
    return faults


def test_a_change_of_colour_or_shape_is_seen(results: dict[str, TryOnResult]) -> None:
    result = results["hands/open_01_left"]
    red, white = record(result, "red_gel"), record(result, "white_cream")
    assert differences(red, red, result.photo.size) == []
    assert any("ΔE00" in fault for fault in differences(red, white, result.photo.size))
    moved = json.loads(json.dumps(red))
    for region in moved["regions"].values():
        region["box"] = [n + 8 for n in region["box"]]
    assert any("IoU" in fault for fault in differences(red, moved, result.photo.size))
