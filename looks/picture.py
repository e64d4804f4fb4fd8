"""What a salon's own picture for nails may be: a PNG, or an SVG of shapes and gradients that refers to nothing."""

from __future__ import annotations

import struct
import zlib
from xml.etree import ElementTree

MOST_BYTES = 64 * 1024
PNG_SIDE = 1024
SVG_ELEMENTS = 2000
PNG = b"\x89PNG\r\n\x1a\n"
SHAPES = frozenset(
    {
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "defs",
        "stop",
        "title",
        "desc",
    }
    | {"linearGradient", "radialGradient"}
)
"""Elements whose drawing takes no longer than their text is long."""


def check_picture(image: bytes) -> None:
    """Raises ValueError with what is wrong with a picture."""
    if len(image) > MOST_BYTES:
        raise ValueError(f"the picture must have at most {MOST_BYTES // 1024} KB")
    if image.startswith(PNG):
        _check_png(image)
    else:
        _check_svg(image)


def is_svg(image: bytes) -> bool:
    """Which of the two a checked picture is."""
    return not image.startswith(PNG)


def _check_png(image: bytes) -> None:
    """Chunks with their sums, and sides within bounds (ISO/IEC 15948)."""
    at, kinds = len(PNG), []
    while at + 12 <= len(image):
        length, kind = struct.unpack_from(">I4s", image, at)
        end = at + 8 + length
        if end + 4 > len(image) or zlib.crc32(image[at + 4 : end]) != struct.unpack_from(">I", image, end)[0]:
            raise ValueError("the PNG is damaged")
        kinds.append(kind)
        at = end + 4
    if not kinds or kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        raise ValueError("the PNG is damaged")
    sides = struct.unpack_from(">II", image, 16)
    if not all(1 <= side <= PNG_SIDE for side in sides):
        raise ValueError(f"a PNG must have at most {PNG_SIDE} pixels a side, got {sides[0]} x {sides[1]}")


def _check_svg(image: bytes) -> None:
    if b"<!DOCTYPE" in image or b"<!ENTITY" in image or b"\0" in image:
        raise ValueError("an SVG must hold no document type and no entities")
    try:
        root = ElementTree.fromstring(image.decode())
    except (UnicodeDecodeError, ElementTree.ParseError):
        raise ValueError("the picture must be a PNG or an SVG") from None
    elements = list(root.iter())
    if _name(root.tag) != "svg" or not (root.get("viewBox") or root.get("width")):
        raise ValueError("the picture must be an SVG with a viewBox or a width")
    if len(elements) > SVG_ELEMENTS:
        raise ValueError(f"an SVG must have at most {SVG_ELEMENTS} elements, got {len(elements)}")
    for element in elements:
        if (name := _name(element.tag)) not in SHAPES:
            raise ValueError(f"an SVG for nails holds shapes and gradients only, got {name[:40]}")
        for attribute, value in element.items():
            refers = _name(attribute) == "href" and not value.startswith("#")
            if refers or "url(" in value.replace("url(#", ""):
                raise ValueError("an SVG must refer to nothing outside itself")


def _name(tag: object) -> str:
    """Of an element or attribute without its namespace."""
    return str(tag).rpartition("}")[2]
