"""What the cascade did on the training pictures: false nails, the frames in which it met true ones, what it missed."""

from __future__ import annotations

from pathlib import Path

import msgspec

FILE = "mined.json"


class Mined(msgspec.Struct, frozen=True):
    """A frame (x, y, side, up) in a picture of a shelf (`photos` or `empty`); label: the nail's, 0 where none is."""

    shelf: str
    picture: int
    frame: tuple[float, float, float, float]
    label: int = 0


class Harvest(msgspec.Struct, frozen=True):
    """false: taken for nails and none; met: frames of labelled nails as they were proposed, above all the hard ones;
    missed: labelled photos, once for each nail that nothing was proposed for."""

    false: tuple[Mined, ...] = ()
    met: tuple[Mined, ...] = ()
    missed: tuple[int, ...] = ()


def read_mined(cache: Path) -> Harvest:
    """What lab.nails.mine found; nothing before its first run."""
    path = cache / FILE
    return msgspec.json.decode(path.read_bytes(), type=Harvest) if path.exists() else Harvest()
