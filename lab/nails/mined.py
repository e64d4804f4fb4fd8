"""Places that were taken for nails and are none."""

from __future__ import annotations

from pathlib import Path

import msgspec

FILE = "mined.json"


class Mined(msgspec.Struct, frozen=True):
    """A false nail: shelf (`photos` or `empty`), picture, frame (x, y, side, up)."""

    shelf: str
    picture: int
    frame: tuple[float, float, float, float]


def read_mined(cache: Path) -> tuple[Mined, ...]:
    """What lab.nails.mine found; nothing before its first run."""
    path = cache / FILE
    return msgspec.json.decode(path.read_bytes(), type=tuple[Mined, ...]) if path.exists() else ()
