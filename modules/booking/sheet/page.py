"""The tech sheet as one page of HTML that stands by itself: no script, pictures inside, made to be printed."""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from modules.booking.sheet.wire import SheetDesign, TechSheet
from modules.booking.sheet.words import CALM, speech

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    "Vary": "Accept-Language",
}
"""Nothing from elsewhere, no script, and nothing kept (CSP 3)."""


def render(sheet: TechSheet, before: bytes | None, after: bytes | None) -> bytes:
    """The page's bytes; pictures are JPEGs."""
    words = speech(sheet.language)
    pictures = ((words.say("before"), before), (words.say("look"), after))
    return (
        _PAGES.get_template("sheet.html.jinja")
        .render(
            sheet=sheet,
            words=words,
            designs={design.id: design for design in sheet.designs},
            pictures=[(name, inline(data)) for name, data in pictures if data],
            paint=_paint,
            calm=sheet.patch_test in CALM,
        )
        .encode()
    )


def _paint(design: SheetDesign) -> str:
    """A design's colours side by side, as CSS paints a ground."""
    hexes = [swatch.hex for swatch in design.swatches]
    if len(hexes) == 1:
        return hexes[0]
    each = 100 / len(hexes)
    stops = (f"{hex} {n * each:.0f}% {(n + 1) * each:.0f}%" for n, hex in enumerate(hexes))
    return f"linear-gradient(to top, {', '.join(stops)})"


def inline(data: bytes) -> str:
    """A JPEG as the address of a picture that the page brings along."""
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
