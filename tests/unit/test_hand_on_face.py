"""A hand over a face, of that face's own colour: make-up stays off it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from looks.colour import Swatch
from looks.finish import Coverage
from looks.layer import Base, Cheeks
from looks.look import Look
from models.analyse.look import look_at_face
from models.compose import LayerStatus
from models.decode import decode
from models.pipeline import Studio
from models.segment.hand import silhouette
from models.types import Array, Box, Photo, Scan

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"
ENLARGED = 3
LOOK = Look(
    name="Evening",
    layers=(
        Base(colours=(Swatch.of("#5a3a28"),), coverage=Coverage.FULL),
        Cheeks(colours=(Swatch.of("#b0405a"),)),
    ),
)


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio.load()


def enlarged(rgb: Array, times: float) -> Array:
    how = cv2.INTER_AREA if times < 1 else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(rgb, None, fx=times, fy=times, interpolation=how))


def like(rgb: Array, middle: Array) -> Array:
    """A picture whose mean colour is moved to this one."""
    moved = rgb.astype(np.float32) - rgb.reshape(-1, 3).mean(0) + middle
    return np.clip(moved, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("analysed", [False, True])
def test_a_hand_of_the_faces_own_colour_is_not_painted(studio: Studio, analysed: bool) -> None:
    portrait = enlarged(decode((SAMPLES / "faces" / "astronaut.jpg").read_bytes()).rgb, ENLARGED)
    (face,) = studio.faces.detect(Photo(portrait))
    hand = decode((SAMPLES / "hands" / "relaxed_05_right.jpg").read_bytes()).rgb
    hand = enlarged(hand, 0.8 * face.box.shape[1] / hand.shape[1])
    (seen,) = studio.hands.detect(Photo(hand))
    cover = silhouette(seen, Box(0, 0, hand.shape[1], hand.shape[0]))
    y = face.box.y0 + round(0.3 * face.box.shape[0])
    x = face.box.x0 - round(0.1 * face.box.shape[1])
    window = (slice(y, y + hand.shape[0]), slice(x, x + hand.shape[1]))
    skin = portrait[tuple(face.landmarks[425, 1::-1].astype(int))].astype(np.float32)
    coloured = hand.copy()
    coloured[cover > 0.5] = like(hand[cover > 0.5][:, None], skin)[:, 0]
    covered = portrait.copy()
    share = cover[..., None]
    covered[window] = (portrait[window] * (1 - share) + coloured * share).astype(np.uint8)

    photo, known = Photo(covered), Scan()
    if analysed:
        known, _ = look_at_face(studio.hands, studio.faces, studio.lips, photo, known)
    result = studio.try_on(photo, [LOOK], known)

    (render,) = result.renders
    assert render.layers[0].status is LayerStatus.APPLIED
    painted = (np.abs(render.rgb.astype(int) - covered).sum(-1) > 6)[window]
    assert painted[cover > 0.9].mean() < 0.2  # two thirds, if hands were not looked for
    assert painted[cover < 0.01].mean() > 0.3


def test_no_hand_is_seen_on_a_face_that_is_free(studio: Studio) -> None:
    photo = decode((SAMPLES / "faces" / "astronaut.jpg").read_bytes())
    assert studio.hands.over(photo, [face.box for face in studio.faces.detect(photo)]) == ()
