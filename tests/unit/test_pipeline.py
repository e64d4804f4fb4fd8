"""The whole pipeline on sample pictures, with the real detectors."""

from __future__ import annotations

import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from looks.colour import Swatch
from looks.finger import Finger
from looks.finish import NailFinish
from looks.hair import HairTone
from looks.layer import Hair, Lips, NailPolish
from looks.look import Look
from models.compose import LayerStatus
from models.pipeline import TRY_ON, DeadlinePassed, StepError, Studio, TryOnResult
from models.types import Photo, Scan
from tests.unit.test_render_hair import head

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples" / "hands"
HAND = SAMPLES / "open_04_right.jpg"
PALM = SAMPLES / "palm_04_right.jpg"
GREY = Photo(np.full((480, 640, 3), 128, np.uint8))


def polish(hex: str = "#b3122a", finish: NailFinish = NailFinish.CREAM, *fingers: Finger) -> NailPolish:
    return NailPolish(swatch=Swatch.of(hex), finish=finish, fingers=fingers or tuple(Finger))


RED = Look(name="Red", layers=(polish(),))
NAVY = Look(name="Navy", layers=(polish("#14224f", NailFinish.MATTE),))
LIPSTICK = Look(name="Lips", layers=(Lips(colours=(Swatch.of("#b3122a"),)),))


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio.load()


@pytest.fixture(scope="module")
def two(studio: Studio) -> TryOnResult:
    return studio.try_on(HAND.read_bytes(), [RED, NAVY])


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_two_looks_give_two_pictures_of_all_five_nails(two: TryOnResult) -> None:
    assert {nail.finger for nail in two.scan.nails or ()} == set(Finger)
    assert [render.found for render in two.renders] == [True, True]
    assert all(
        layer.status is LayerStatus.APPLIED and layer.confidence > 0.5 for layer in two.renders[0].layers
    )
    assert not np.array_equal(two.renders[0].rgb, two.renders[1].rgb)


def test_outputs_have_their_sizes_and_nothing_but_pixels(two: TryOnResult) -> None:
    sizes = {name: opened(data).size for name, data in two.renders[0].outputs.items()}
    assert sizes == {"full": (1080, 1440), "preview": (810, 1080), "thumbnail": (240, 320)}
    assert opened(two.before).size == (810, 1080)
    for data in (*two.renders[0].outputs.values(), two.before):
        assert opened(data).format == "JPEG"
        assert not opened(data).getexif()
        assert set(opened(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_pixels_outside_the_nails_keep_their_bytes(two: TryOnResult) -> None:
    touched = np.zeros(two.photo.size, bool)
    for nail in two.scan.nails or ():
        touched[nail.mask.box.slices] |= nail.mask.alpha > 0
    for render in two.renders:
        assert np.array_equal(render.rgb[~touched], two.photo.rgb[~touched])
        assert (render.rgb[touched] != two.photo.rgb[touched]).any()


def test_the_same_photo_gives_the_same_bytes(studio: Studio, two: TryOnResult) -> None:
    again = studio.try_on(HAND.read_bytes(), [RED, NAVY])
    assert again.renders[0].outputs == two.renders[0].outputs
    assert again.before == two.before


def test_orientation_is_honoured_and_metadata_stripped(studio: Studio, two: TryOnResult) -> None:
    # Given a phone's photo: pixels lying on their side, orientation and place in EXIF
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "Maker"
    lying = opened(HAND.read_bytes()).rotate(90, expand=True)
    file = BytesIO()
    lying.save(file, "PNG", exif=exif)
    assert ImageOps.exif_transpose(opened(file.getvalue())).size == (1080, 1440)
    # When it is rendered
    result = studio.try_on(file.getvalue(), [RED])
    # Then it stands upright, looks the same, and nothing of the EXIF is left
    assert np.array_equal(result.photo.rgb, two.photo.rgb)
    assert np.array_equal(result.renders[0].rgb, two.renders[0].rgb)
    for data in (*result.renders[0].outputs.values(), result.before):
        assert b"Exif" not in data
        assert b"Maker" not in data


def test_a_known_scan_is_used_instead_of_looking_again(studio: Studio, two: TryOnResult) -> None:
    nails = (two.scan.nails or ())[:1]
    result = studio.try_on(two.photo, [RED], replace(two.scan, nails=nails))
    assert result.scan.nails is nails
    changed = (result.renders[0].rgb != two.photo.rgb).any(axis=-1)
    window = np.zeros_like(changed)
    window[nails[0].mask.box.slices] = True
    assert changed.any()
    assert not changed[~window].any()


def test_only_what_the_looks_need_is_looked_for(studio: Studio) -> None:
    assert studio.try_on(GREY, [LIPSTICK]).scan == Scan(faces=(), lips=())
    assert studio.try_on(GREY, [RED]).scan == Scan(hands=(), nails=())
    both = Look(name="Both", layers=(*RED.layers, *LIPSTICK.layers))
    assert studio.try_on(GREY, [both]).scan == Scan(hands=(), nails=(), faces=(), lips=())


def test_nothing_found_is_a_result_with_advice(studio: Studio) -> None:
    (render,) = studio.try_on(GREY, [Look(name="Both", layers=(*RED.layers, *LIPSTICK.layers))]).renders
    assert not render.found
    assert render.outputs == {}
    assert [layer.status for layer in render.layers] == [LayerStatus.NOT_FOUND] * 2
    assert all("We could not see" in layer.advice for layer in render.layers)


def test_a_palm_hides_the_nails(studio: Studio) -> None:
    (render,) = studio.try_on(PALM.read_bytes(), [RED]).renders
    assert not render.found
    assert render.layers[0].status is LayerStatus.OCCLUDED
    assert "back up" in render.layers[0].advice


def test_a_design_without_a_renderer_is_told_apart(studio: Studio) -> None:
    hair = Hair(colours=(Swatch.of("#5a3020"),) * 9)
    cream = polish("#c0c0c8", NailFinish.CREAM)
    (render,) = studio.try_on(GREY, [Look(name="Later", layers=(hair, cream))]).renders
    assert [layer.status for layer in render.layers] == [LayerStatus.UNSUPPORTED, LayerStatus.NOT_FOUND]


def test_what_a_hair_colour_takes_comes_with_its_picture(studio: Studio) -> None:
    rgb, scan = head()
    platinum = Look(name="Platinum", layers=(Hair.of(10, HairTone.COOL),))
    (render,) = studio.try_on(Photo(rgb), [platinum], scan).renders
    (layer,) = render.layers
    assert layer.status is LayerStatus.APPLIED
    assert layer.feasibility is not None
    assert layer.feasibility.bleach
    assert "appointments" in layer.feasibility.words


def test_each_finger_can_wear_its_own_colour(studio: Studio, two: TryOnResult) -> None:
    layers = (
        polish("#b3122a", NailFinish.CREAM, Finger.THUMB),
        polish("#0f7f7c", NailFinish.CREAM, Finger.RING),
    )
    (render,) = studio.try_on(two.photo, [Look(name="Two", layers=layers)], two.scan).renders
    for nail in two.scan.nails or ():
        core = nail.mask.alpha > 250
        red, green, _ = np.median(render.rgb[nail.mask.box.slices][core], axis=0)
        if nail.finger is Finger.THUMB:
            assert red > 2 * green
        elif nail.finger is Finger.RING:
            assert green > 2 * red
        else:
            assert np.array_equal(
                render.rgb[nail.mask.box.slices][core], two.photo.rgb[nail.mask.box.slices][core]
            )


def test_progress_and_times_name_every_step_in_order(studio: Studio) -> None:
    seen: list[str] = []
    result = studio.try_on(GREY, [RED], progress=seen.append)
    assert seen == list(result.steps_ms) == [step.__name__ for step in TRY_ON]
    assert seen == ["decode", "detect", "segment", "composite", "encode"]


def test_a_failing_step_is_named_and_its_cause_kept(studio: Studio) -> None:
    with pytest.raises(StepError, match="decode") as caught:
        studio.try_on(b"no picture", [RED])
    assert caught.value.step == "decode"
    assert caught.value.__cause__ is not None


def test_past_the_deadline_no_step_begins(studio: Studio) -> None:
    seen: list[str] = []
    with pytest.raises(DeadlinePassed, match="decode"):
        studio.try_on(GREY, [RED], deadline=time.monotonic() - 1, progress=seen.append)
    assert seen == []
