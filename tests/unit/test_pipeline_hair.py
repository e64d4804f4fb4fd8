"""Hair in the pipeline: looked for when a layer is drawn on it, once, and never without need."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import scan_codec
from models.pipeline import Studio, Work, decode, detect, segment
from models.render import Part
from models.types import Photo, Scan

PORTRAIT = Path(__file__).resolve().parents[2] / "assets" / "samples" / "faces" / "astronaut.jpg"
GREY = Photo(np.full((240, 320, 3), 128, np.uint8))


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio.load()


def scanned(studio: Studio, source: Photo | Path, *parts: Part, scan: Scan | None = None) -> Scan:
    """What the steps before drawing find for layers on these parts."""
    work = Work(
        source if isinstance(source, Photo) else source.read_bytes(), (), scan or Scan(), frozenset(parts)
    )
    for step in (decode, detect, segment):
        step(studio, work)
    return work.scan


@pytest.fixture(scope="module")
def scan(studio: Studio) -> Scan:
    return scanned(studio, PORTRAIT, Part.HAIR)


def test_hair_needs_faces_and_nothing_else(scan: Scan) -> None:
    assert scan.faces
    assert scan.hair
    assert scan.hair[0].face == 0
    assert scan.lips is scan.hands is scan.nails is None


def test_lips_alone_need_no_hair(studio: Studio) -> None:
    assert scanned(studio, GREY, Part.LIPS) == Scan(faces=(), lips=())


def test_a_picture_without_a_head_has_no_hair(studio: Studio) -> None:
    assert scanned(studio, GREY, Part.HAIR) == Scan(faces=(), hair=())


def test_known_hair_is_not_looked_for_again(studio: Studio, scan: Scan) -> None:
    assert scanned(studio, GREY, Part.HAIR, scan=scan) is scan


def test_hair_comes_back_from_a_kept_scan(scan: Scan) -> None:
    assert scan.hair
    from_behind = replace(scan, hair=(replace(scan.hair[0], face=None),))

    for kept in (scan, from_behind):
        again = scan_codec.decode(scan_codec.encode(kept)).hair
        assert again is not None
        assert kept.hair is not None
        assert again[0].face == kept.hair[0].face
        assert again[0].confidence == kept.hair[0].confidence
        assert np.array_equal(again[0].mask.alpha, kept.hair[0].mask.alpha)
