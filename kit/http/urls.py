"""The form of a URL that a stranger gives us to call."""

from __future__ import annotations

import re

import httpx

from kit.http.errors import BadUrl

MAX_LENGTH = 2048
_SCHEMES = {False: ("https",), True: ("https", "http")}
_ODD = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


def checked_url(url: str, *, allow_private: bool) -> httpx.URL:
    """The parsed URL; https only, unless private addresses are allowed. Says nothing about where it leads.

    Raises BadUrl.
    """
    if len(url) > MAX_LENGTH or _ODD.search(url):
        raise BadUrl
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise BadUrl from error
    if parsed.scheme not in _SCHEMES[allow_private] or not parsed.raw_host:
        raise BadUrl
    if parsed.userinfo or "#" in url or b"%" in parsed.raw_host:  # %: an IPv6 zone
        raise BadUrl
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise BadUrl
    return parsed
