"""The lab of the hair net, as far as it needs no torch: made hair, heads without any, and batches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from lab.hair import augment, shapes, strands
from lab.hair.data import SIDE, Record, Shelf, write
from lab.hair.samples import LEARNING, Library, batch
from lab.hair.shapes import Head
from models.segment.hair.frame import OVAL
from models.types import Array
from tests.unit.test_lab_nails import picture

VIEW = 128


def landmarks(x: float, y: float, size: float) -> Array:
    """A mesh as far as the lab uses it: the oval, and the outer corners of the eyes."""
    turn = np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False) - np.pi / 2
    points = np.full((478, 2), (x, y), np.float32)
    points[list(OVAL)] += size / 2 * np.stack([0.8 * np.cos(turn), np.sin(turn)], -1)
    points[33], points[263] = (x - 0.2 * size, y - 0.1 * size), (x + 0.2 * size, y - 0.1 * size)
    return points


@pytest.fixture(scope="module")
def tiles() -> Array:
    return strands.tiles(14, np.random.default_rng(0))


@pytest.fixture
def one() -> Head:
    return Head.of(landmarks(64, 60, 40))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    rgb = picture(side=SIDE)
    hair = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(hair, (190, 130), 60, (255,), -1)
    whole = np.full((SIDE, SIDE), 255, np.uint8)
    write(
        tmp_path,
        "labelled",
        [("a", rgb, hair), ("b", rgb[:200], hair[:200])],
        lambda part: whole[: len(part)],
    )
    write(tmp_path, "ground", [("d", picture(1, SIDE), np.zeros_like(hair))], lambda _: np.zeros_like(whole))
    return Library.open(tmp_path, LEARNING)


def test_a_shelf_keeps_pictures_masks_and_sizes(tmp_path: Path, library: Library) -> None:
    shelf = Shelf.open(tmp_path, "labelled")

    assert [record.size for record in shelf.records] == [(SIDE, SIDE), (200, SIDE)]
    assert shelf.hair[0].max() == 255
    assert shelf.landmarks[0].shape == (0, 478, 2)
    assert len(library.ground.records) == 1


@pytest.mark.usefixtures("library")
def test_a_record_knows_its_faces(tmp_path: Path) -> None:
    mesh = landmarks(190, 190, 120)
    records = [Record("a", (SIDE, SIDE), [mesh.tolist()]), Record("b", (200, SIDE))]
    (tmp_path / "labelled.json").write_bytes(msgspec.json.encode(records))

    assert Shelf.open(tmp_path, "labelled").landmarks[0] == pytest.approx(mesh[None], abs=1e-3)


def test_tiles_differ_and_are_neither_black_nor_white(tiles: Array) -> None:
    assert tiles.shape == (14, strands.TILE, strands.TILE)
    assert ((tiles.mean((1, 2)) > 90) & (tiles.mean((1, 2)) < 180)).all()
    assert len(np.unique(tiles.reshape(14, -1), axis=0)) == 14


def test_a_head_is_upright_in_its_own_units(one: Head) -> None:
    assert one.size == pytest.approx(40, abs=1.5)
    assert one.place(np.array([[0.0, -0.5]]))[0] == pytest.approx((64, 40), abs=1.5)


@pytest.mark.parametrize("shape", [shapes.behind, shapes.around_face, shapes.bun, shapes.hat, shapes.scarf])
def test_shapes_lie_at_the_head(shape: object, one: Head) -> None:
    cover = shape(one, VIEW, np.random.default_rng(2))  # type: ignore[operator]

    rows, _ = np.nonzero(cover)
    assert 20 < len(rows) < VIEW * VIEW
    assert rows.min() < 60


def test_hats_and_scarves_leave_the_face_free_and_hair_from_behind_does_not(one: Head) -> None:
    rng = np.random.default_rng(5)

    assert shapes.scarf(one, VIEW, rng)[62, 64] == 0
    assert shapes.hat(one, VIEW, rng)[66, 64] == 0
    assert shapes.behind(one, VIEW, rng)[60, 64] == 255


def test_made_hair_is_painted_where_it_is_labelled(one: Head, tiles: Array) -> None:
    rgb, hair = picture(side=VIEW), np.zeros((VIEW, VIEW), np.uint8)
    before = rgb.copy()

    augment.grown(rgb, hair, one, tiles, np.random.default_rng(4))

    changed = (rgb != before).any(-1)
    assert changed[hair > 127].mean() > 0.95
    assert changed[hair == 0].mean() < 0.01


def test_what_a_hat_covers_is_no_hair(one: Head, tiles: Array) -> None:
    rgb, hair = picture(side=VIEW), shapes.around_face(one, VIEW, np.random.default_rng(1))
    before, picture_before = hair.copy(), rgb.copy()

    augment.covered(rgb, hair, one, tiles, np.random.default_rng(1))

    taken = (before > 127) & (hair < 127)
    assert taken.any()
    assert (rgb != picture_before).any(-1)[taken].mean() > 0.95


def test_a_shaved_head_has_no_hair_and_long_hair_is_not_shaved(one: Head) -> None:
    short = shapes.skull(one, VIEW) & ~one.face(VIEW)
    long = shapes.behind(one, VIEW, np.random.default_rng(3)) | one.ellipse(VIEW, 0, 1, 0.8, 0.6)
    kept = long.copy()

    augment.shaved(picture(side=VIEW), short, one)
    augment.shaved(picture(side=VIEW), long, one)

    assert short.max() == 0
    assert np.array_equal(long, kept)


def test_deeper_skin_comes_with_darker_hair_and_the_same_ground(one: Head) -> None:
    rgb = np.full((VIEW, VIEW, 3), (70, 110, 160), np.uint8)
    face, hair = one.face(VIEW), one.ellipse(VIEW, 0, -0.62, 0.5, 0.3)
    rgb[hair > 127], rgb[face > 127] = (120, 80, 50), (226, 176, 150)
    hair[face > 127] = 0
    before = rgb.astype(float).mean(-1)

    augment.deepened(rgb, hair, one, np.random.default_rng(1))

    lost = before - rgb.astype(float).mean(-1)
    assert lost[one.face(VIEW, 0.6) > 127].min() > 25
    assert np.median(lost[hair > 127]) > 10
    assert lost[110:].max() == 0


def test_dye_changes_hair_alone() -> None:
    rgb, hair = picture(side=VIEW), np.zeros((VIEW, VIEW), np.uint8)
    hair[30:60, 30:60] = 255
    before = rgb.copy()

    augment.dyed(rgb, hair, np.random.default_rng(0))

    assert (rgb != before).any(-1)[hair > 0].mean() > 0.9
    assert np.array_equal(rgb[hair == 0], before[hair == 0])


def test_batches_repeat_and_hold_hair(library: Library) -> None:
    first, second = (batch(library, 64, 6, np.random.default_rng(3)) for _ in range(2))

    assert first.image.shape == (6, 64, 64, 4)
    assert first.hair.any()
    assert np.array_equal(first.image, second.image)
    assert np.array_equal(first.hair, second.hair)


def test_a_picture_of_the_ground_has_no_hair(library: Library) -> None:
    bare = replace(library, habits=replace(LEARNING, empty=1.0))

    assert not batch(bare, 64, 4, np.random.default_rng(3)).hair.any()
