"""What people do with a link, counted without knowing who they are: no cookie, no fingerprint, no address is kept.

Programs that look at a link before a person does (previews of messengers, crawlers, prefetching browsers) count as
nobody. They say what they are in User-Agent and Sec-Purpose; one that lies is counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from kit.outbox import Event
from modules.share.events import ShareBooked, ShareOpened, ShareSlid, ShareTried


class Deed(StrEnum):
    """Columns of counts."""

    OPENED = "opened"
    SLID = "slid"
    TRIED = "tried"
    BOOKED = "booked"


TOLD: Mapping[Deed, type[Event]] = {
    Deed.OPENED: ShareOpened,
    Deed.SLID: ShareSlid,
    Deed.TRIED: ShareTried,
    Deed.BOOKED: ShareBooked,
}

# A Cubot is a phone, not a bot.
_PROGRAM = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|externalhit|facebookcatalog|whatsapp|skypeuri|embedly|unfurl|scan|"
    r"headless|lighthouse|monitor|curl|wget|python|java/|go-http|okhttp|axios|node-fetch|libwww|httpclient",
    re.IGNORECASE,
)


def is_person(headers: Mapping[str, str]) -> bool:
    """Whether these are a browser's headers that somebody holds in her hand. Names in lower case."""
    purpose = headers.get("sec-purpose", "") + headers.get("purpose", "") + headers.get("x-purpose", "")
    agent = headers.get("user-agent", "")
    return bool(agent) and _PROGRAM.search(agent) is None and not re.search(r"prefetch|preview", purpose)
