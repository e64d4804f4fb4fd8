"""Cards of a shared look: which shapes there are, and what stands where on each.

Instagram covers 250 px above and 340 px below in a story (its own guide for 1080 × 1920): nothing that matters lies
there. Other shapes keep a margin of their own, as previews have round corners.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

GROUND, INK, QUIET, ACCENT = "#faf7f4", "#1d1a19", "#6f6763", "#b3122a"
EDGE = 32
"""Pixels of a preview between what is painted and the edge."""

Box = tuple[int, int, int, int]


class Shape(Struct, frozen=True):
    """Pixels of a card. safe: where what matters lies; caption: height of the strip that bears names."""

    width: int
    height: int
    safe: Box
    caption: int


SHAPES: dict[str, Shape] = {
    "preview": Shape(1200, 630, (40, 40, 1160, 590), 0),
    "square": Shape(1080, 1080, (54, 54, 1026, 1026), 132),
    "portrait": Shape(1080, 1350, (54, 68, 1026, 1282), 132),
    "story": Shape(1080, 1920, (64, 250, 1016, 1580), 150),
}
"""preview: what messengers show of a link (1.91:1); square 1:1, portrait 4:5, story 9:16."""


class Said(Struct, frozen=True):
    """Words of a card. salon: empty where the share asks for no watermark."""

    look: str
    salon: str


def layout(name: str, said: Said, *, before: bool) -> dict[str, Any]:
    """What kit/decode/card.py draws: picture 0 wears the look, picture 1 does not.

    before: whether picture 1 may be seen on the card; it may be sent along without, to find what is painted.
    """
    shape = SHAPES[name]
    if name == "preview":
        return _preview(shape, said, before=before)
    return _tall(shape, said)


def _preview(shape: Shape, said: Said, *, before: bool) -> dict[str, Any]:
    """Side by side, before on the left; or the look, and its name beside it."""
    if before:
        half, gap = shape.width // 2, 3
        bottom = shape.height - 76 if said.salon else shape.height
        panels = [
            {"picture": 1, "box": (0, 0, half - gap, bottom), "keep": (EDGE, EDGE, half - EDGE, bottom)},
            {
                "picture": 0,
                "box": (half + gap, 0, shape.width, bottom),
                "keep": (half + EDGE, EDGE, shape.width - EDGE, bottom),
            },
        ]
        lines = _caption((40, bottom, shape.width - 40, shape.height), said, 30) if said.salon else []
        return _card(shape, panels, lines)
    edge = 640
    return _card(
        shape,
        [
            {
                "picture": 0,
                "box": (0, 0, edge, shape.height),
                "keep": (EDGE, EDGE, edge - EDGE, shape.height - EDGE),
            }
        ],
        [
            _line(said.look, (edge + 56, 236, 1160, 316), "fraunces", 60, 560),
            _line(said.salon, (edge + 56, 348, 1160, 396), "inter", 28, 450, QUIET),
        ],
        [{"box": (edge + 56, 212, edge + 104, 216), "colour": ACCENT}],
    )


def _tall(shape: Shape, said: Said) -> dict[str, Any]:
    """The look over the whole card, above a strip with its name where the salon's is wanted."""
    left, top, right, bottom = shape.safe
    story = shape.height > 1350
    end = bottom if story else shape.height
    edge = end - shape.caption if said.salon else (end if story else shape.height)
    lines = _caption((left, edge, right, end), said, 34) if said.salon else []
    keep = (left, top, right, min(edge, bottom))
    return _card(shape, [{"picture": 0, "box": (0, 0, shape.width, edge), "keep": keep}], lines)


def _caption(box: Box, said: Said, size: int) -> list[dict[str, Any]]:
    """The look on the left, the salon on the right."""
    left, top, right, bottom = box
    middle = left + (right - left) * 56 // 100
    return [
        _line(said.look, (left, top, middle - 16, bottom), "fraunces", size + 8, 560),
        _line(said.salon, (middle + 16, top, right, bottom), "inter", size - 6, 450, QUIET, "right"),
    ]


def _line(
    text: str, box: Box, font: str, size: int, weight: int, colour: str = INK, align: str = "left"
) -> dict[str, Any]:
    return {
        "text": text, "box": box, "font": font, "size": size, "weight": weight, "colour": colour, "align": align,
    }  # fmt: skip


def _card(
    shape: Shape,
    panels: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    rules: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    return {
        "size": (shape.width, shape.height),
        "ground": GROUND,
        "panels": panels,
        "lines": lines,
        "rules": rules or [],
    }
