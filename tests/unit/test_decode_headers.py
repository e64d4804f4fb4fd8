"""What the gate reads before it decodes."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from kit.decode.boxes import check_complete
from kit.decode.chunks import check_ended
from kit.decode.jpeg import passes
from kit.decode.magic import sniff
from kit.decode.unfit import Unfit


def encoded(format: str, size: tuple[int, int] = (96, 80), **options: object) -> bytes:
    file = BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(file, format, **options)
    return file.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + kind + content


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "avif"])
def test_format_is_told_by_its_signature(format: str) -> None:
    kind = sniff(encoded(format))

    assert kind is not None
    assert kind == (format, f"image/{format}")


@pytest.mark.parametrize(
    ("major", "compatible", "media_type"),
    [
        (b"heic", [b"mif1", b"heic"], "image/heic"),
        (b"mif1", [b"mif1", b"heic"], "image/heic"),
        (b"mif1", [b"mif1", b"miaf"], "image/heif"),
        (b"mif1", [b"avif", b"miaf"], "image/avif"),
        (b"isom", [b"mp41"], None),
    ],
)
def test_heif_and_avif_are_told_by_their_brands(
    major: bytes, compatible: list[bytes], media_type: str | None
) -> None:
    kind = sniff(box(b"ftyp", major + bytes(4) + b"".join(compatible)))

    assert (kind and kind.media_type) == media_type


@pytest.mark.parametrize("data", [b"", b"\xff", b"GIF89a", b"<html>", b"BM" + bytes(60), b"RIFF1234WAVEfmt "])
def test_other_bytes_are_no_photo(data: bytes) -> None:
    assert sniff(data) is None


def test_ordinary_jpegs_have_few_scans() -> None:
    assert passes(encoded("jpeg"), 100).scans == 1
    assert 2 <= passes(encoded("jpeg", progressive=True), 100).scans <= 10


def test_scans_are_counted_no_further_than_the_limit() -> None:
    assert passes(many_scans(5000), 100).scans == 101


def test_a_thumbnail_and_what_follows_the_picture_are_not_counted() -> None:
    """Given a JPEG inside an APP1 segment and a film after EOI, then only the photo's own scan counts."""
    photo, other = encoded("jpeg"), b"\xff\xda" * 300
    thumbnail = b"\xff\xe1" + (2 + len(other)).to_bytes(2) + other

    assert passes(photo[:2] + thumbnail + photo[2:] + other, 100).scans == 1


def test_no_scan_hides_behind_a_code_that_has_no_length() -> None:
    """Given a reserved code whose "length" would cover scans, then libjpeg meets them and so do we."""
    photo = encoded("jpeg")

    assert passes(photo[:-2] + b"\xff\x02\xff\xff" + b"\xff\xda\x00\x02" * 200, 100).scans == 101


@pytest.mark.parametrize(("subsampling", "per_pixel"), [("4:4:4", 6), ("4:2:0", 3)])
def test_coefficients_are_known_from_the_frame_header(subsampling: str, per_pixel: int) -> None:
    photo = encoded("jpeg", (96, 80), progressive=True, subsampling=subsampling)

    assert passes(photo, 100).coefficients == per_pixel * 96 * 80


def test_whole_files_are_complete() -> None:
    check_complete(encoded("avif"))
    check_ended(encoded("png"))


@pytest.mark.parametrize("missing", [1, 2, 20, 200])
def test_files_that_are_cut_off_are_refused(missing: int) -> None:
    with pytest.raises(Unfit, match="cut off"):
        check_complete(encoded("avif")[:-missing])
    with pytest.raises(Unfit, match="cut off"):
        check_ended(encoded("png")[:-missing])


def test_an_item_beyond_the_end_of_the_file_is_refused() -> None:
    """Given boxes that close within the file and an item that does not, then the file is cut off."""
    item = (1).to_bytes(2) + bytes(2) + (1).to_bytes(2) + (30).to_bytes(4) + (10_000).to_bytes(4)
    iloc = box(b"iloc", bytes(4) + b"\x44\x00" + (1).to_bytes(2) + item)
    file = box(b"ftyp", b"heic" + bytes(4)) + box(b"meta", bytes(4) + iloc) + box(b"mdat", bytes(50))

    with pytest.raises(Unfit, match="cut off"):
        check_complete(file)


def test_a_file_of_a_million_boxes_is_refused() -> None:
    with pytest.raises(Unfit, match="too many"):
        check_complete(box(b"free", b"") * 1_000_000)


def many_scans(scans: int, size: tuple[int, int] = (256, 256)) -> bytes:
    """A grey progressive JPEG whose last pass is repeated: a few bytes each, and each a walk over all blocks."""
    file = BytesIO()
    Image.new("L", size, 90).save(file, "jpeg", progressive=True)
    photo = file.getvalue()
    last = photo.rindex(b"\xff\xda")
    return photo[:last] + photo[last:-2] * scans + photo[-2:]
