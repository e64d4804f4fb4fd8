"""What the page says on which a shared look is booked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec

from modules.booking.hair import HairHistory
from modules.booking.pages.picker import date_of, picker
from modules.booking.quote import Line, QuoteReason, Worn
from modules.share.booking import Offer, Wish

LEVELS = range(1, 11)


def wish_of(given: Mapping[str, Any]) -> Wish:
    """What the query or the form says; a word that is none of ours is left out."""
    kept = {name: value for name in Wish.__struct_fields__ if (value := _fit(name, given.get(name)))}
    return msgspec.convert(kept, Wish, strict=False)


def offer(found: Offer, wish: Wish, path: str, language: str) -> dict[str, Any]:
    """What it costs and why, what may still be said, and the times. path: of the share."""
    said = _said(msgspec.structs.replace(wish, since=None))

    def href(**changes: Any) -> str:
        query = urlencode({**said, **changes})
        return f"{path}/book?{query}" if query else f"{path}/book"

    times = picker(found.times, found.place.zone, language, wish.since)
    return {
        "action": f"{path}/book",
        "given": said,
        "places": [(place.name, href(place=place.id), place.id == found.place.id) for place in found.places],
        "worn": [(worn.value, href(wearing=worn.value), worn is wish.wearing) for worn in Worn]
        if found.of_nails
        else [],
        "hair": {
            "levels": LEVELS,
            "level": wish.level,
            "histories": list(HairHistory),
            "history": wish.history,
        }
        if found.of_hair
        else None,
        "quote": found.quote,
        "lines": [_line(line) for line in found.quote.lines] if found.quote else [],
        "picker": times,
        "earlier": href(),
        "later": href(since=times.later or ""),
    }


def _line(line: Line) -> dict[str, Any]:
    """Which words say it, and of what; what the salon named itself stands as it is."""
    named = line.reason in (QuoteReason.SERVICE, QuoteReason.DESIGN, QuoteReason.ART)
    detail = {QuoteReason.SHAPE: "shape", QuoteReason.REMOVAL: "worn"}.get(line.reason)
    return {
        "words": f"line_{line.reason}",
        "detail": f"{detail}_{line.subject}" if detail else None,
        "name": line.words if named else "",
        "times": line.times,
        "amount": line.amount,
        "minutes": line.minutes,
    }


def _fit(name: str, value: object) -> object:
    """A value of the query where its field takes it, else nothing."""
    if not isinstance(value, str) or not value:
        return None
    if name == "since":
        day: date | None = date_of(value)
        return day
    try:
        return getattr(msgspec.convert({name: value}, Wish, strict=False), name)
    except msgspec.ValidationError:
        return None


def _said(wish: Wish) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(wish)
    return found
