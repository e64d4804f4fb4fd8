"""Cards and clips from real pixels: what is painted is never cut off, and a clip is what it says it is."""

from __future__ import annotations

import io
import itertools
import shutil
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops

from kit.decode.card import draw_card
from kit.decode.unfit import Unfit
from models.derive import clip
from models.derive.clip import ClipError, edge_at, frames, make_clip
from modules.share.cards import SHAPES, Said, layout

BLUE = (20, 40, 220)
GREY = (150, 150, 150)


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, subsampling=0, comment=b"secret")
    return out.getvalue()


def pair(size: tuple[int, int], nail: tuple[int, int, int, int]) -> list[bytes]:
    """After and before: grey, with one painted nail."""
    before = Image.new("RGB", size, GREY)
    after = before.copy()
    after.paste(BLUE, nail)
    return [jpeg(after), jpeg(before)]


def painted(card: Image.Image) -> tuple[int, int, int, int]:
    red, _, blue = card.split()
    box = ImageChops.subtract(blue, red).point(lambda bluer: 255 if bluer > 100 else 0).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [(900, 1200), (1200, 900), (1000, 1000), (400, 1600), (1600, 500)])
@pytest.mark.parametrize("corner", [(0.02, 0.02), (0.9, 0.02), (0.02, 0.92), (0.9, 0.92), (0.45, 0.5)])
def test_what_is_painted_is_whole_and_in_the_safe_area(
    shape: str, size: tuple[int, int], corner: tuple[float, float]
) -> None:
    width, height = size
    left, top = round(corner[0] * width), round(corner[1] * height)
    nail = (left, top, left + width // 14, top + height // 14)
    data = draw_card(layout(shape, Said("", "Salon"), before=False), pair(size, nail))

    card = Image.open(io.BytesIO(data))
    box, safe = painted(card), SHAPES[shape].safe

    assert card.size == (SHAPES[shape].width, SHAPES[shape].height)
    if shape == "story":
        assert safe[0] - 2 <= box[0]
        assert safe[1] - 2 <= box[1]
        assert box[2] <= safe[2] + 2
        assert box[3] <= safe[3] + 2
    shown, real = (box[2] - box[0]) / (box[3] - box[1]), (width // 14) / (height // 14)
    assert shown == pytest.approx(real, rel=0.1), "nothing of it is cut off"


def test_a_card_carries_nothing_but_pixels() -> None:
    data = draw_card(
        layout("square", Said("Red", "Salon"), before=False), pair((900, 1200), (300, 300, 400, 400))
    )

    assert b"secret" not in data
    assert set(Image.open(io.BytesIO(data)).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("name", ["Łódź Nails", "A" * 200, "Ñandú & Größe – №1", "美容室"])
def test_any_name_of_a_salon_can_be_drawn(name: str) -> None:
    drawn = draw_card(
        layout("square", Said("Red", name), before=False), pair((900, 1200), (300, 300, 400, 400))
    )

    strip = np.asarray(Image.open(io.BytesIO(drawn)).crop((560, 960, 1080, 1070)))
    has_words = bool((strip < 160).all(axis=2).any())
    assert has_words is (name not in ("美容室", "Ñandú & Größe – №1")), (
        "letters that no font holds are left out"
    )


@pytest.mark.parametrize("data", [b"", b"no picture", jpeg(Image.new("RGB", (40, 40)))[:60]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Unfit):
        draw_card(layout("square", Said("Red", ""), before=False), [data])


def test_the_line_goes_from_after_to_before_and_back() -> None:
    edges = [edge_at(moment / 200) for moment in range(200)]

    assert (edges[0], max(edges), edges[-1]) == (0, 1, 0)
    steps = [abs(b - a) for a, b in itertools.pairwise(edges)]
    assert max(steps) < 0.03, "no jump"


def test_a_frame_is_before_on_the_left_and_after_on_the_right() -> None:
    before, after = np.zeros((20, 40, 3), np.uint8), np.full((20, 40, 3), 200, np.uint8)

    shown = list(frames(before, after, 40))

    assert (shown[0] == after).all()
    assert any((frame == 0).all(axis=2).all() for frame in shown)
    for frame in shown:
        row = frame[0, :, 0]
        assert sorted(row == 200) == list(row == 200), "after begins where before ends"


def pictures() -> tuple[Any, Any]:
    after = np.random.default_rng(3).integers(0, 255, (30, 20, 3), dtype=np.uint8)
    large = np.asarray(Image.fromarray(after).resize((401, 601)))
    return np.asarray(Image.fromarray(large).convert("L").convert("RGB")), large


def test_without_ffmpeg_the_clip_is_an_animated_webp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    made = make_clip(*pictures())
    moving = Image.open(io.BytesIO(made.data))

    assert (made.format, moving.format, moving.size) == ("webp", "WEBP", (400, 600))
    assert getattr(moving, "n_frames", 1) >= 24
    assert len(made.data) < clip.MOST_BYTES


FFMPEG = shutil.which("ffmpeg")


@pytest.mark.skipif(FFMPEG is None, reason="there is no ffmpeg here")
def test_with_ffmpeg_the_clip_is_an_mp4_that_begins_to_play_at_once() -> None:
    made = make_clip(*pictures())
    atoms = [kind for kind, _ in boxes(made.data)]

    assert (made.format, made.width, made.height) == ("mp4", 400, 600)
    assert atoms.index(b"moov") < atoms.index(b"mdat"), "the index comes first"
    assert b"avc1" in made.data
    assert b"hvc1" not in made.data
    assert len(made.data) < clip.MOST_BYTES


def boxes(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Kinds and sizes of an MP4's outermost boxes (ISO 14496-12)."""
    place = 0
    while place < len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        yield kind, size
        place += size


@pytest.mark.parametrize("program", ["/bin/false", "/bin/cat"])
def test_a_program_that_makes_no_clip_is_told(program: str) -> None:
    with pytest.raises(ClipError):
        make_clip(*pictures(), ffmpeg=program)


def test_a_program_that_hangs_is_ended(tmp_path: Any) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    slow.chmod(0o755)

    with pytest.raises(ClipError, match="too long"):
        make_clip(*pictures(), ffmpeg=str(slow), deadline=0.5)
