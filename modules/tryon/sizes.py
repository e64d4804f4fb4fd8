"""The sizes and formats that a result's pictures can be had in, and the links that ask for them.

A link is signed for one picture of one try-on at one width. Its end is rounded up to a quarter of an hour, so that it
reads the same for that long and browsers find the picture in their cache.
"""

from __future__ import annotations

import time
from typing import Literal, get_args
from urllib.parse import urlencode

from kit.settings import Settings
from kit.signing import Signer

Format = Literal["jpeg", "webp"]

WIDTHS = (160, 320, 640, 1080)
"""Pixels. What is narrower already is not enlarged."""
FORMATS: tuple[Format, ...] = get_args(Format)
ROUND_S = 15 * 60


def links(tryon_id: str, picture: str, settings: Settings) -> dict[str, str]:
    """A link for each width, good for 15 to 30 minutes. picture: a look's number, or `before`."""
    expires = (int(time.time()) // ROUND_S + 2) * ROUND_S
    signer, found = _signer(settings), {}
    for width in map(str, WIDTHS):
        query = urlencode(signer.query(tryon_id, picture, width, expires=expires))
        path = f"/v1/tryons/{tryon_id}/pictures/{picture}/{width}"
        found[width] = f"{settings.public_url}{path}?{query}"
    return found


def check(
    tryon_id: str, picture: str, width: str, settings: Settings, *, expires: str, signature: str
) -> None:
    """Raise LinkRefused unless we signed exactly this, LinkExpired once its time is over."""
    _signer(settings).check(tryon_id, picture, width, expires=expires, signature=signature)


def negotiated(accept: str) -> Format:
    """WebP for who names it in Accept, JPEG for everybody else: `*/*` comes from programs that read no WebP."""
    for item in accept.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        if name == "image/webp" and not any(_is_zero(parameter) for parameter in parameters):
            return "webp"
    return "jpeg"


def _is_zero(parameter: str) -> bool:
    """Whether it is the weight that means "not this" (RFC 9110, 12.4.2)."""
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and not value.strip().strip("0.")


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret.encode(), "vernis picture size 1")
