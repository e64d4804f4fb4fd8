"""A card: pictures of our own laid out with lines of text, by Pillow. Runs in a child, never in a server.

A layout is JSON: `size`, `ground`, `panels` (picture, box, keep), `lines` (text, box, font, size, weight, colour,
align) and `rules` (box, colour). Boxes are left, top, right, bottom in pixels of the card. Nothing in it is a path:
fonts are named.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, JpegImagePlugin

from kit.decode.unfit import Unfit

QUALITY = 90
FOLDER = Path(__file__).parents[2] / "assets" / "fonts"
FONTS = ("fraunces", "inter")
LATIN_EXT = ((0x0100, 0x02BA), (0x02BD, 0x02C5), (0x1E00, 0x1E9F), (0x1EF2, 0x1EFF))
LATIN = ((0x20, 0x7E), (0xA0, 0xFF), (0x0131, 0x0131), (0x0152, 0x0153), (0x2010, 0x2026), (0x20AC, 0x20AC))
"""Letters that the two files of each font hold; a line with others is left out rather than drawn in empty boxes."""
SMALLEST = 0.55
"""Of its size, to which a line is shrunk before its end is cut off."""
LOOKED_AT, DIFFERENT = 256, 36
"""Width at which two pictures are compared, and levels by which a painted pixel differs at least (JPEG: under 20)."""
AROUND = 2
"""Pixels of the small pictures that the filter took off an edge, and one more."""

Box = tuple[int, int, int, int]
_OPENERS = (JpegImagePlugin,)


def draw_card(layout: dict[str, Any], pictures: list[bytes]) -> bytes:
    """The card as a JPEG without any metadata; raises Unfit."""
    Image.MAX_IMAGE_PIXELS = None
    try:
        opened = [Image.open(BytesIO(data), formats=["JPEG"]).convert("RGB") for data in pictures]
        card = Image.new("RGB", tuple(layout["size"]), layout["ground"])
        painted = _painted(opened)
        for panel in layout["panels"]:
            _place(card, opened[panel["picture"]], panel["box"], panel.get("keep"), painted)
        pen = ImageDraw.Draw(card)
        for rule in layout["rules"]:
            pen.rectangle(_inclusive(rule["box"]), fill=rule["colour"])
        for line in layout["lines"]:
            _write(pen, line)
        out = BytesIO()
        card.save(out, "JPEG", quality=QUALITY, subsampling=0)
    except (OSError, ValueError, SyntaxError, MemoryError, KeyError, IndexError, TypeError) as error:
        raise Unfit("picture_unreadable", type(error).__name__) from None
    return out.getvalue()


def _painted(pictures: list[Image.Image]) -> tuple[float, float, float, float] | None:
    """Where the first two pictures differ, as fractions of their sides; None where there is one, or no difference."""
    if len(pictures) < 2:
        return None
    height = max(1, round(LOOKED_AT * pictures[0].height / pictures[0].width))
    one, other = (picture.resize((LOOKED_AT, height), Image.Resampling.BOX) for picture in pictures[:2])
    parts = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(parts[0], parts[1]), parts[2])
    solid = most.point(lambda level: 255 if level > DIFFERENT else 0).filter(ImageFilter.MinFilter(3))
    box = solid.getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    return (
        max(0, left - AROUND) / LOOKED_AT,
        max(0, top - AROUND) / height,
        min(LOOKED_AT, right + AROUND) / LOOKED_AT,
        min(height, bottom + AROUND) / height,
    )


def _place(
    card: Image.Image,
    picture: Image.Image,
    box: Box,
    keep: Box | None,
    painted: tuple[float, float, float, float] | None,
) -> None:
    """Fill the box with the picture. What is painted lies within `keep` (else the box), if need be smaller, on the
    ground; where nobody knows what is painted, the middle is shown.
    """
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    scale = max(width / picture.width, height / picture.height)
    home = keep or box
    if painted is not None:
        wide = (painted[2] - painted[0]) * picture.width
        high = (painted[3] - painted[1]) * picture.height
        room = min((home[2] - home[0]) / max(wide, 1), (home[3] - home[1]) / max(high, 1))
        fitting = min(width / picture.width, height / picture.height)
        scale = max(fitting, min(scale, room))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    scaled = picture.resize(size, Image.Resampling.LANCZOS)
    x = _offset(size[0], width, left, painted and (painted[0], painted[2]), (home[0], home[2]))
    y = _offset(size[1], height, top, painted and (painted[1], painted[3]), (home[1], home[3]))
    window = scaled.crop((max(0, -x), max(0, -y), min(size[0], width - x), min(size[1], height - y)))
    card.paste(window, (left + max(0, x), top + max(0, y)))


def _offset(
    size: int, room: int, start: int, painted: tuple[float, float] | None, home: tuple[int, int]
) -> int:
    """Where the picture begins in its box, along one side: in the middle, moved until what is painted is at home,
    even where that leaves ground to be seen.
    """
    middle = (room - size) // 2
    if painted is None:
        return middle
    first, last = home[0] - start - painted[0] * size, home[1] - start - painted[1] * size
    return round(min(max(middle, first), last))


def _write(pen: ImageDraw.ImageDraw, line: dict[str, Any]) -> None:
    """One line in its box, on the middle of its height; shrunk, then cut, to fit."""
    text, (left, top, right, bottom) = line["text"], line["box"]
    if not all(_within(ord(letter), (*LATIN, *LATIN_EXT)) for letter in text):
        return
    size = line["size"]
    while (width := _width(text, line, size)) > right - left:
        if size <= line["size"] * SMALLEST:
            text = text.removesuffix("…")[:-1].rstrip() + "…"
        else:
            size -= 1
    room = right - left - width
    x = left + {"left": 0.0, "right": room, "centre": room / 2}[line["align"]]
    for run in _runs(text):
        font = _font(line["font"], _file(run[0]), size, line["weight"])
        pen.text((x, (top + bottom) / 2), run, font=font, fill=line["colour"], anchor="lm")
        x += font.getlength(run)


def _width(text: str, line: dict[str, Any], size: int) -> float:
    return sum(_font(line["font"], _file(run[0]), size, line["weight"]).getlength(run) for run in _runs(text))


def _runs(text: str) -> list[str]:
    """The text in pieces whose letters lie in one file each."""
    return ["".join(letters) for _, letters in groupby(text, key=_file)]


def _file(letter: str) -> str:
    return "latin" if _within(ord(letter), LATIN) else "latin-ext"


def _within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= point <= last for first, last in ranges)


@cache
def _font(name: str, file: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    if name not in FONTS:
        raise KeyError(name)
    font = ImageFont.truetype(str(FOLDER / f"{name}-{file}.woff2"), size)
    font.set_variation_by_axes([weight])
    return font


def _inclusive(box: Box) -> Box:
    """Pillow's rectangles hold their right and bottom edges."""
    return box[0], box[1], box[2] - 1, box[3] - 1
