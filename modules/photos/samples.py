"""The pictures that we ship: what test keys may work on."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from msgspec import Struct

from kit.settings import ROOT
from modules.photos.errors import UnknownSample

_FOLDER = ROOT / "assets" / "samples"


class Shows(StrEnum):
    """What a sample is a picture of."""

    HANDS = "hands"
    FACES = "faces"


class SamplePhoto(Struct, frozen=True):
    """A picture that we made ourselves or that is in the public domain."""

    id: str
    shows: Shows


@cache
def _paths() -> dict[SamplePhoto, Path]:
    """Every sample with its file, in the order of their names."""
    return {
        SamplePhoto(path.stem, shows): path
        for shows in Shows
        for path in sorted((_FOLDER / shows).glob("*.jpg"))
    }


def samples() -> tuple[SamplePhoto, ...]:
    """Every sample."""
    return tuple(_paths())


def read(sample_id: str) -> bytes:
    """The JPEG of a sample. Raises UnknownSample."""
    for sample, path in _paths().items():
        if sample.id == sample_id:
            return path.read_bytes()
    raise UnknownSample
