"""Origins of web pages that may call: compared letter by letter, so kept in the one spelling that browsers send."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from modules.accounts.errors import BadOrigin

_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?", re.ASCII)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1"})


def checked_origin(text: str) -> str:
    """The origin as browsers spell it (RFC 6454); plain http for this machine only. Raises BadOrigin."""
    if not _ORIGIN.fullmatch(text):
        raise BadOrigin(f"{text} is not an origin.")
    scheme, host = text.split("://")[0], urlsplit(text).hostname
    if text.endswith(_DEFAULT_PORTS[scheme]) or (scheme == "http" and host not in _THIS_MACHINE):
        raise BadOrigin(f"{text} is not an origin that may call.")
    return text
