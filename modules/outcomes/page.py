"""Preview and result side by side, as one page of HTML that stands by itself, made like the tech sheet's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from modules.booking.sheet import page as sheet
from modules.booking.sheet.page import HEADERS, inline
from modules.booking.wire import Booking
from modules.catalog.shelf import Design
from modules.outcomes.store import Figures
from modules.outcomes.wire import Outcome
from modules.outcomes.words import speech

__all__ = ["HEADERS", "render"]

_PAGES = Environment(
    loader=FileSystemLoader([Path(__file__).parent, Path(sheet.__file__).parent]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(
    outcome: Outcome,
    visit: Booking,
    designs: Mapping[str, Design],
    figures: Sequence[Figures],
    language: str,
    preview: bytes | None,
    result: bytes | None,
) -> bytes:
    """The page's bytes; pictures are JPEGs. figures: of those of the designs that have some."""
    words = speech(language)
    pictures = ((words.say("preview"), preview), (words.say("result"), result))
    known = {one.design_id: one for one in figures}
    return (
        _PAGES.get_template("outcome.html.jinja")
        .render(
            outcome=outcome,
            visit=visit,
            words=words,
            hands=[(hand, [*regions]) for hand, regions in groupby(outcome.regions, lambda one: one.hand)],
            pictures=[(name, inline(data)) for name, data in pictures if data],
            designs=[(design, known.get(design.id)) for design in designs.values()],
        )
        .encode()
    )
