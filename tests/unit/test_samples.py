"""The committed sample pictures and the generator that made them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lab.hands import Sample, Scene, render, variants
from lab.hands.anatomy import POSES
from lab.hands.ground import GROUNDS
from lab.hands.light import LIGHTS
from lab.hands.samples import SAMPLES
from looks.finger import Finger, HandName, HandSide

FOLDER = Path(__file__).parents[2] / "assets" / "samples"
INDEX: dict[str, Any] = json.loads((FOLDER / "hands" / "index.json").read_text())
ENTRIES: dict[str, Any] = INDEX["samples"]
SMALL = Scene(tone=5, size=(160, 120), seed=7)


def masks(entry: dict[str, Any]) -> np.ndarray[Any, Any]:
    return np.array(Image.open(FOLDER / "hands" / entry["masks"]))


@cache
def small(**changes: Any) -> Sample:
    return render(replace(SMALL, **changes))


def test_index_lists_every_scene_and_every_file() -> None:
    named = {e[key] for e in ENTRIES.values() for key in ("image", "masks")}
    assert list(ENTRIES) == list(SAMPLES)
    assert named | {"index.json"} == {p.name for p in (FOLDER / "hands").iterdir()}
    assert INDEX["hero"] in named


def test_every_monk_tone_has_an_open_hand_seen_from_the_back_half_of_them_left() -> None:
    first = list(ENTRIES.values())[:10]
    assert {e["tone"] for e in first} == set(range(1, 11))
    assert {(e["pose"], e["side"]) for e in first} == {("open", "dorsal")}
    assert [h["hand"] for e in first for h in e["hands"]].count("left") == 5


def test_poses_backgrounds_lights_palms_and_pairs_are_all_there() -> None:
    entries = list(ENTRIES.values())
    assert {e["pose"] for e in entries} == set(POSES)
    assert {e["background"] for e in entries} == set(GROUNDS)
    assert {e["light"] for e in entries} == set(LIGHTS)
    assert sum(len(e["hands"]) == 2 for e in entries) >= 2
    assert sum(e["side"] == "palmar" for e in entries) >= 2


def test_folder_stays_small() -> None:
    sizes = [p.stat().st_size for p in (FOLDER / "hands").iterdir()]
    assert max(sizes) <= 250_000
    assert sum(sizes) <= 7_000_000


@pytest.mark.parametrize("name", SAMPLES)
def test_masks_fit_the_picture_and_its_list_of_nails(name: str) -> None:
    entry = ENTRIES[name]
    nails = masks(entry)
    with Image.open(FOLDER / "hands" / entry["image"]) as picture:
        assert picture.size == (entry["width"], entry["height"]) == nails.shape[::-1]
    assert [n["value"] for n in entry["nails"]] == [v for v in np.unique(nails).tolist() if v]
    named = [(n["hand"], n["finger"]) for n in entry["nails"]]
    assert len(set(named)) == len(named)
    if entry["side"] == "palmar":
        assert not named
    elif entry["pose"] in ("open", "relaxed", "together"):
        assert {finger for _, finger in named} == {f.value for f in Finger}
        assert len(named) == 5 * len(entry["hands"])


@pytest.mark.parametrize("name", [n for n, e in ENTRIES.items() if e["pose"] in ("open", "relaxed")])
def test_axis_runs_inside_its_nail_from_cuticle_to_edge(name: str) -> None:
    entry = ENTRIES[name]
    nails = masks(entry)
    turn = np.radians(entry["rotation"])
    fingers_point = np.array((np.sin(turn), -np.cos(turn)))
    for nail in entry["nails"]:
        cuticle, edge = np.array(nail["axis"])
        for share in (0.1, 0.5, 0.9):
            x, y = (cuticle + share * (edge - cuticle)).astype(int)
            assert nails[y, x] == nail["value"]
        assert (edge - cuticle) @ fingers_point > 0


def test_same_scene_gives_the_same_bytes() -> None:
    assert render(SMALL).rgb.tobytes() == small().rgb.tobytes()


def test_other_tone_changes_the_skin_and_no_mask() -> None:
    light, deep = small(tone=2), small(tone=9)
    assert light.rgb.mean() > deep.rgb.mean() + 10
    assert [n.mask.tobytes() for n in light.nails] == [n.mask.tobytes() for n in deep.nails]


def test_left_hand_mirrors_the_right_one_but_not_its_light() -> None:
    right, left = small(), small(hand=HandName.LEFT)
    thumb_right, thumb_left = (s.nails[0].axis.mean(axis=0)[0] for s in (right, left))
    assert right.nails[0].finger is left.nails[0].finger is Finger.THUMB
    assert thumb_right < 40 < 80 < thumb_left
    assert not np.array_equal(right.rgb, left.rgb[:, ::-1])


def test_palm_shows_no_nail() -> None:
    assert small(side=HandSide.PALMAR).nails == ()


def test_both_hands_carry_ten_named_nails() -> None:
    pair = small(hand="both", pose="relaxed", size=(180, 240))
    assert {(n.hand, n.finger) for n in pair.nails} == {(h, f) for h in HandName for f in Finger}


def test_unknown_pose_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="open, relaxed"):
        Scene(pose="crossed")


def test_variants_repeat_for_a_seed_and_differ_between_seeds() -> None:
    assert list(variants(3, 20)) == list(variants(3, 20))
    assert list(variants(3, 20)) != list(variants(4, 20))


def test_face_is_there_with_its_origin() -> None:
    with Image.open(FOLDER / "faces" / "astronaut.jpg") as face:
        assert face.size == (512, 512)
    assert "public domain" in (FOLDER / "faces" / "astronaut.origin.md").read_text()
