"""The lab of the nail nets, as far as it needs no torch: frames, padding, augmentation, instances, scores."""

from __future__ import annotations

from math import pi
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from benchmarks.masks import edge_f, matches, score, summary
from lab.melanin import deepened, skin_by_nails
from lab.nails import augment, clutter
from lab.nails.crops import refiner_batch
from lab.nails.data import SIDE, Nail, Record, Shelf, measured, write
from lab.nails.mirror import real_region
from lab.nails.samples import Library, proposer_batch
from lab.nails.tips import pointed
from looks.finger import HandName, HandSide
from models.segment.nails.cascade import distinct
from models.segment.nails.frame import Frame, sampled
from models.segment.nails.propose import instances
from models.segment.nails.refine import Found as FoundNail
from models.types import Array, Box, Hand


def disc(shape: tuple[int, int], x: float, y: float, rx: float, ry: float) -> Array:
    rows, cols = np.mgrid[: shape[0], : shape[1]]
    inside: Array = ((cols - x) / rx) ** 2 + ((rows - y) / ry) ** 2 <= 1
    return inside


def picture(seed: int = 0, side: int = SIDE) -> Array:
    """Soft noise in colour, as unlike its own mirror image as a photo is."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(40, 216, (side // 8, side // 8, 3)).astype(np.uint8)
    out: Array = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return out


@pytest.fixture
def library(tmp_path: Path) -> Library:
    labels = np.zeros((SIDE, SIDE), np.uint8)
    labels[disc(labels.shape, 150, 200, 20, 34)] = 1
    labels[disc(labels.shape, 260, 210, 30, 22)] = 2
    box = (0, 0, SIDE, SIDE)
    photo = Record("a", "photo", "train", box, measured(labels, [-pi / 2, None]))
    left_out = Record("b", "disease", "train", box, photo.nails)
    judged = Record("c", "photo", "val", box, photo.nails)
    write(tmp_path, "photos", iter((r, picture(), labels) for r in (photo, left_out, judged)), 3)
    write(tmp_path, "empty", iter([(Record("d", "face", "train", box), picture(1), labels * 0)]), 1)
    return Library.open(tmp_path)


def test_a_frame_shows_its_direction_upwards() -> None:
    frame = Frame(60, 40, 64, up=0.0)

    x, y = frame.matrix(128) @ (70, 40, 1)

    assert (x, y) == pytest.approx((63.5, 63.5 - 10 * 128 / 64))


def test_a_mirrored_frame_keeps_up_and_swaps_sides() -> None:
    frame = Frame(60, 40, 64, up=-pi / 2)

    x, y = frame.matrix(128, mirrored=True) @ (70, 30, 1)

    assert (x, y) == pytest.approx((63.5 - 20, 63.5 - 20))


def test_shrinking_in_steps_does_not_shift_a_picture() -> None:
    field = disc((400, 400), 250.0, 130.0, 60, 60).astype(np.uint8) * 255
    frame = Frame(199.5, 199.5, 400, up=-pi / 2)

    small = sampled(np.dstack([field] * 3), frame.matrix(50), (50, 50), cv2.BORDER_REPLICATE)[..., 0].astype(
        float
    )

    rows, cols = np.mgrid[:50, :50]
    centre = (small * cols).sum() / small.sum(), (small * rows).sum() / small.sum()
    assert centre == pytest.approx(((250 + 0.5) / 8 - 0.5, (130 + 0.5) / 8 - 0.5), abs=0.05)


@pytest.mark.parametrize(("left", "top"), [(60, 0), (0, 44), (0, 0)])
def test_mirrored_padding_is_found(left: int, top: int) -> None:
    photo = picture()[: SIDE - 2 * top, : SIDE - 2 * left]
    padded = cv2.copyMakeBorder(photo, top, top, left, left, cv2.BORDER_REFLECT)

    region = real_region(padded)

    assert region == pytest.approx((left, top, SIDE - left, SIDE - top), abs=2)


def test_kinds_that_may_not_ship_are_left_out_of_training(library: Library) -> None:
    assert [library.photos.records[i].stem for i in library.fold] == ["a"]
    assert [library.photos.records[i].stem for i in library.photos.where("val")] == ["c"]


def test_a_nail_is_measured_along_its_longer_side() -> None:
    labels = np.zeros((100, 100), np.uint8)
    labels[disc(labels.shape, 50, 40, 12, 30)] = 1

    (nail,) = measured(labels, [None])

    assert (nail.x, nail.y) == pytest.approx((50, 40), abs=1)
    assert (nail.long, nail.short) == pytest.approx((61, 25), abs=2)
    assert abs(np.sin(nail.angle)) == pytest.approx(1, abs=0.02)


def test_polish_changes_the_nails_alone() -> None:
    rgb, labels = picture(), np.zeros((SIDE, SIDE), np.uint8)
    labels[disc(labels.shape, 150, 200, 20, 34)] = 1
    before = rgb.copy()

    augment.polished(rgb, labels, np.random.default_rng(3))

    changed = (rgb != before).any(-1)
    near = cv2.dilate(labels, np.ones((7, 7), np.uint8)) > 0
    assert changed[labels > 0].mean() > 0.9
    assert not changed[~near].any()


def test_an_erased_nail_takes_the_colour_around_it() -> None:
    rgb = np.full((120, 120, 3), (200, 150, 130), np.uint8)
    nail = disc((120, 120), 60, 60, 14, 20)
    rgb[nail] = (20, 20, 220)

    augment.erased(rgb, nail, np.random.default_rng(0))

    assert np.abs(rgb[nail].mean(0) - (200, 150, 130)).max() < 12


def test_deeper_skin_is_the_hands_alone() -> None:
    labels = disc((128, 128), 64, 50, 14, 20).astype(np.uint8)
    hand = disc(labels.shape, 64, 70, 40, 55)
    rgb = np.where(hand[..., None], (224, 172, 148), (60, 120, 200)).astype(np.uint8)
    rgb[labels > 0] = (236, 196, 188)
    before = rgb.copy()
    tone = skin_by_nails(rgb, labels)
    assert tone is not None

    deepened(rgb, labels, 0.35, tone, np.random.default_rng(4))

    lost = before.astype(float).mean(-1) - rgb.astype(float).mean(-1)
    skin = cv2.erode((hand & (labels == 0)).astype(np.uint8), np.ones((9, 9))) > 0
    assert lost[skin].min() > 25
    assert 0 < np.median(lost[labels > 0]) < 0.7 * np.median(lost[skin])
    assert lost[cv2.dilate(hand.astype(np.uint8), np.ones((15, 15))) == 0].max() == 0


def test_skin_that_is_deep_already_stays() -> None:
    labels = disc((128, 128), 64, 50, 14, 20).astype(np.uint8)

    assert skin_by_nails(np.full((128, 128, 3), (60, 38, 28), np.uint8), labels) is None


def test_the_same_seed_draws_the_same_batch(library: Library) -> None:
    first, again, other = (proposer_batch(library, 128, 4, np.random.default_rng(seed)) for seed in (5, 5, 6))

    assert all((getattr(first, name) == getattr(again, name)).all() for name in vars(first))
    assert (first.image != other.image).any()


def test_proposer_targets_hold_two_cores_inside_two_nails(library: Library) -> None:
    batch = proposer_batch(library, 216, 1, np.random.default_rng(0), plain=True)

    nail, core = batch.nail[0] > 0.5, batch.core[0] > 0.5

    assert cv2.connectedComponents(core.astype(np.uint8))[0] - 1 == 2
    assert not (core & ~nail).any()
    assert core.sum() < 0.6 * nail.sum()
    pointed = batch.trust[0] == 1
    assert batch.angle[0][pointed] == pytest.approx(np.tile((-1, 0), (pointed.sum(), 1)), abs=1e-5)


def test_a_refiner_crop_shows_its_nail_alone_in_the_middle(library: Library) -> None:
    batch = refiner_batch(library, 128, 6, np.random.default_rng(1), plain=True)

    for mask, present in zip(batch.mask > 0.5, batch.present, strict=True):
        assert present
        assert cv2.connectedComponents(mask.astype(np.uint8))[0] == 2
        assert mask[60:68, 60:68].all()
        assert np.ptp(np.nonzero(mask)[0]) == pytest.approx(128 / 2.2, abs=5)


def test_about_a_third_of_the_refiners_crops_hold_no_nail(library: Library) -> None:
    batch = refiner_batch(library, 64, 120, np.random.default_rng(2))

    empty = batch.present == 0
    assert 0.2 < empty.mean() < 0.5
    assert not batch.mask[empty].any() or batch.mask[empty].sum((1, 2)).max() <= 30
    assert (batch.mask[~empty].sum((1, 2)) > 30).all()


def test_clutter_stays_inside_the_picture() -> None:
    rng = np.random.default_rng(4)
    rgb = clutter.texture(96, rng)
    before = rgb.copy()

    clutter.strewn(rgb, rng)

    assert rgb.shape == (96, 96, 3)
    assert (rgb != before).any()


def test_touching_nails_are_told_apart_by_their_cores() -> None:
    nails = [disc((96, 96), x, 48, 14, 24) for x in (32, 61)]
    cores = [disc((96, 96), x, 48, 6, 12) for x in (32, 61)]
    vertical = np.stack([np.full((96, 96), -1.0), np.zeros((96, 96))])
    raw = [np.where(np.logical_or(*part), 4.0, -4.0) for part in (nails, cores)]

    frames = sorted(instances(np.concatenate([np.stack(raw), vertical])), key=lambda f: f.x)

    assert [f.x for f in frames] == pytest.approx([32, 61], abs=1.5)
    assert all(abs(np.sin(f.up)) == pytest.approx(1) for f in frames)


def test_of_two_masks_of_one_nail_the_surer_one_stays() -> None:
    def found(x: int, score: float) -> FoundNail:
        frame = Frame(x, 15, 44, 0.0)
        return FoundNail(np.ones((20, 10), np.float32), Box(x, 5, x + 10, 25), frame, frame, score)

    kept = distinct([found(10, 0.7), found(12, 0.9), found(40, 0.6)])

    assert [f.present for f in kept] == [0.9, 0.6]


def test_scores_of_a_shifted_nail_are_known() -> None:
    truth = np.zeros((100, 100), np.uint8)
    truth[20:60, 30:50] = 1
    moved = np.roll(truth > 0, 5, axis=1)

    result = score(truth, [moved])

    assert result.iou == pytest.approx(15 / 25)
    assert (result.nails, result.found, result.matched) == (1, 1, 1)


def test_edges_count_within_two_pixels_at_432() -> None:
    truth = disc((432, 432), 200, 200, 40, 60)

    assert edge_f(truth, truth) == 1
    assert edge_f(truth, np.roll(truth, 1, axis=1)) == 1
    assert edge_f(truth, np.roll(truth, 12, axis=1)) < 0.35
    assert edge_f(truth, truth & False) == 0


def test_one_mask_over_two_nails_matches_neither() -> None:
    nails = [disc((80, 80), x, 40, 8, 16) for x in (30, 47)]

    assert matches(nails, [nails[0] | nails[1]]) == 0
    assert matches(nails, nails) == 2


def test_a_false_nail_costs_precision_and_pooled_iou() -> None:
    truth = np.zeros((60, 60), np.uint8)
    truth[10:30, 10:20] = 1
    good, false = score(truth, [truth > 0]), score(truth * 0, [truth > 0])

    figures = summary([good, false])

    assert figures["iou_mean"] == 1
    assert figures["iou_pooled"] == 0.5
    assert figures["precision"] == 0.5
    assert figures["recall"] == 1


def test_a_shelf_reads_what_was_written(tmp_path: Path) -> None:
    record = Record("x", "photo", "train", (0, 0, SIDE, SIDE))
    write(tmp_path, "photos", iter([(record, picture(2), np.zeros((SIDE, SIDE), np.uint8))]), 1)

    shelf = Shelf.open(tmp_path, "photos")

    assert msgspec.to_builtins(shelf.records[0]) == msgspec.to_builtins(record)
    assert (shelf.images[0] == picture(2)).all()


def test_a_nail_on_a_fingertip_points_where_the_finger_points() -> None:
    landmarks = np.full((21, 3), -500, np.float32)
    landmarks[7], landmarks[8] = (100, 140, 0), (100, 100, 0)
    hand = Hand(landmarks, HandName.LEFT, HandSide.DORSAL, 0.9)
    on_it = Nail(101, 112, 24, 20, angle=0.1)
    across = Nail(101, 112, 40, 10, angle=0.1)
    elsewhere = Nail(240, 112, 24, 20, angle=0.1)

    record = pointed(Record("x", "photo", "train", (0, 0, SIDE, SIDE), (on_it, across, elsewhere)), (hand,))

    assert [nail.tip for nail in record.nails] == [pytest.approx(-pi / 2), None, None]
