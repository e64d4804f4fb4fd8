"""The tech sheet as one page of HTML that stands by itself: no script, pictures inside, made to be printed."""

from __future__ import annotations

import base64
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit.money import written
from modules.booking.sheet.wire import SheetDesign, TechSheet
from modules.booking.sheet.words import CALM, ready

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(sheet: TechSheet, before: bytes | None, after: bytes | None) -> bytes:
    """The page's bytes; pictures are JPEGs."""
    zone = ZoneInfo(sheet.zone)
    return (
        _PAGES.get_template("sheet.html.jinja")
        .render(
            sheet=sheet,
            designs={design.id: design for design in sheet.designs},
            pictures=[(name, _inline(data)) for name, data in (("Before", before), ("Look", after)) if data],
            price=f"{written(sheet.price.amount, sheet.price.currency)} {sheet.price.currency}",
            patch_test=ready(sheet),
            paint=_paint,
            calm=sheet.patch_test in CALM,
            local=lambda at, form: at.astimezone(zone).strftime(form),
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


def _inline(data: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
