"""Photos from bytes: formats, orientation, transparency, colour."""

from __future__ import annotations

import json
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from models.decode import DecodeError, decode
from models.types import Array

RED, GREEN, BLUE, GREY = (200, 40, 40), (40, 160, 60), (50, 60, 190), (120, 120, 120)


def quarters() -> Image.Image:
    """64 wide, 48 high: red and green above blue and grey."""
    rgb = np.empty((48, 64, 3), np.uint8)
    rgb[:24, :32], rgb[:24, 32:], rgb[24:, :32], rgb[24:, 32:] = RED, GREEN, BLUE, GREY
    return Image.fromarray(rgb)


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def centres(rgb: Array) -> list[list[int]]:
    """The colours in the middle of the four quarters, row by row."""
    height, width = rgb.shape[:2]
    places = [(y, x) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]
    return [rgb[place].tolist() for place in places]


def near(colours: list[list[int]], *expected: tuple[int, ...], by: int = 6) -> bool:
    return bool(np.abs(np.array(colours) - np.array(expected)).max() <= by)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_is_read_in_each_format(format: str) -> None:
    rgb = decode(encoded(quarters(), format, quality=95)).rgb

    assert rgb.shape == (48, 64, 3)
    assert near(centres(rgb), RED, GREEN, BLUE, GREY)


@pytest.mark.parametrize(
    ("orientation", "seen"),
    [
        (1, (RED, GREEN, BLUE, GREY)),
        (2, (GREEN, RED, GREY, BLUE)),
        (3, (GREY, BLUE, GREEN, RED)),
        (4, (BLUE, GREY, RED, GREEN)),
        (5, (RED, BLUE, GREEN, GREY)),
        (6, (BLUE, RED, GREY, GREEN)),
        (7, (GREY, GREEN, BLUE, RED)),
        (8, (GREEN, GREY, RED, BLUE)),
    ],
)
@pytest.mark.parametrize("format", ["JPEG", "AVIF"])
def test_the_photo_is_upright(format: str, orientation: int, seen: tuple[tuple[int, ...], ...]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    rgb = decode(encoded(quarters(), format, quality=95, exif=exif.tobytes())).rgb

    assert rgb.shape == ((64, 48, 3) if orientation > 4 else (48, 64, 3))
    assert near(centres(rgb), *seen)


def test_damaged_tags_beside_a_sound_picture_are_passed_over() -> None:
    exif = b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x09\x01\x12"

    assert near(
        centres(decode(encoded(quarters(), "JPEG", quality=95, exif=exif)).rgb), RED, GREEN, BLUE, GREY
    )


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_see_through_parts_lie_on_white(mode: str) -> None:
    image = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    image.paste((80, 80, 80, 255), (0, 0, 16, 32))

    rgb = decode(encoded(image.convert(mode), "PNG")).rgb

    assert rgb[16, 8].tolist() == [80, 80, 80]
    assert rgb[16, 24].tolist() == [255, 255, 255]


def test_half_transparent_black_on_white_is_grey() -> None:
    rgb = decode(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 128)), "PNG")).rgb

    assert np.abs(rgb.astype(int) - 127).max() <= 1


def test_sixteen_bits_become_eight() -> None:
    grey = Image.fromarray(np.array([[0, 32896, 65535]], np.uint16))

    assert decode(encoded(grey, "PNG")).rgb[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("mode", ["1", "L", "CMYK", "P"])
def test_other_modes_become_rgb(mode: str) -> None:
    rgb = decode(
        encoded(Image.new("RGB", (16, 16), "white").convert(mode), "JPEG" if mode == "CMYK" else "PNG")
    ).rgb

    assert rgb.shape == (16, 16, 3)
    assert rgb.min() >= 250


def test_only_the_first_frame_counts() -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]

    rgb = decode(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)).rgb

    assert rgb[8, 8].tolist() == [255, 0, 0]


def test_a_wide_gamut_profile_is_brought_to_srgb() -> None:
    image = Image.new("RGB", (16, 16), (200, 100, 100))

    plain = decode(encoded(image, "PNG")).rgb[8, 8].astype(int)
    wide = decode(encoded(image, "PNG", icc_profile=swapped_primaries())).rgb[8, 8].astype(int)

    assert plain.tolist() == [200, 100, 100]
    assert wide[2] > wide[0]


def test_an_srgb_profile_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.fromarray(np.random.default_rng(3).integers(0, 256, (32, 32, 3), dtype=np.uint8))

    assert (decode(encoded(image, "PNG", icc_profile=profile)).rgb == np.asarray(image)).all()


@pytest.mark.parametrize("profile", [b"not a profile", b""])
def test_a_profile_that_cannot_be_read_is_passed_over(profile: bytes) -> None:
    image = Image.new("RGB", (16, 16), (200, 100, 100))

    assert decode(encoded(image, "PNG", icc_profile=profile)).rgb[8, 8].tolist() == [200, 100, 100]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        encoded(quarters(), "GIF"),
        encoded(quarters(), "BMP"),
        encoded(quarters(), "JPEG")[:400],
    ],
    ids=["nothing", "text", "gif", "bmp", "cut off"],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(data)


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    header = bytearray(encoded(Image.new("1", (8, 8)), "PNG"))
    header[16:24] = (9000).to_bytes(4) + (9000).to_bytes(4)
    header[29:33] = zlib.crc32(bytes(header[12:29])).to_bytes(4)

    with pytest.raises(DecodeError, match="9000 × 9000"):
        decode(bytes(header))


def swapped_primaries() -> bytes:
    """An sRGB profile whose red and blue primaries have changed places: as far from sRGB as a gamut can be."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for at in range(132, 132 + 12 * int.from_bytes(profile[128:132]), 12):
        tag = bytes(profile[at : at + 4])
        profile[at : at + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(tag, tag)
    return bytes(profile)


@pytest.mark.data
def test_every_sound_upload_is_read_at_its_upright_size() -> None:
    uploads = Path(__file__).parents[3] / "shared" / "data" / "uploads"
    expected = json.loads((uploads / "expected.json").read_text("utf-8"))
    sound = {name: row for name, row in expected.items() if row["expect"] == "accept"}

    sides = {name: min(decode((uploads / name).read_bytes()).size) for name in sound}

    assert len([name for name in sound if name.endswith((".heic", ".heif"))]) > 10
    assert sides == {name: row["min_side"] for name, row in sound.items()}
