"""The designs of one business side by side: an array for each property, a row for each design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from looks.finish import BaseFinish, LipFinish, NailFinish, SkinFinish
from modules.catalog.family import ColourFamily
from modules.catalog.search.entry import Entry
from modules.catalog.shelf import DesignKind

KINDS = tuple(DesignKind)
FAMILIES = tuple(ColourFamily)
_FINISHES = (NailFinish, LipFinish, SkinFinish, BaseFinish)
FINISHES = ("", *sorted({str(finish) for kind in _FINISHES for finish in kind}))
"""The first stands for hair and brows, which have none."""

_KIND = {kind: code for code, kind in enumerate(KINDS)}
_FAMILY = {family: 1 << place for place, family in enumerate(FAMILIES)}
_FINISH = {finish: code for code, finish in enumerate(FINISHES)}
_ROW = np.dtype(
    [
        ("kind", "u1"),
        ("finish", "u1"),
        ("families", "u2"),
        ("price", "i8"),
        ("falling_price", "i8"),
        ("currency", "U3"),
        ("available", "?"),
        ("renderable", "?"),
        ("age", "i8"),
        ("place", "i4"),
        ("lab", "f8", (3,)),
        ("live", "?"),
    ]
)
OWN = np.iinfo(np.int32).max
"""Where a business's own designs stand on the shelf: behind the shipped ones."""


class Columns:
    """live: False for a row whose design is gone. families: a bit for each; place: on the shelf, OWN for own ones.

    falling_price and age grow as price and time of making fall: orders are ascending.
    """

    kind: NDArray[np.uint8]
    finish: NDArray[np.uint8]
    families: NDArray[np.uint16]
    price: NDArray[np.int64]
    falling_price: NDArray[np.int64]
    currency: NDArray[np.str_]
    available: NDArray[np.bool_]
    renderable: NDArray[np.bool_]
    age: NDArray[np.int64]
    place: NDArray[np.int32]
    lab: NDArray[np.float64]
    live: NDArray[np.bool_]

    def __init__(self, entries: Sequence[Entry]) -> None:
        for name, written in _written(entries):
            setattr(self, name, written)

    def extend(self, entries: Sequence[Entry]) -> None:
        """Add rows for these designs behind the last."""
        for name, written in _written(entries):
            setattr(self, name, np.concatenate([getattr(self, name), written]))

    def put(self, row: int, entry: Entry) -> None:
        """Write a design anew into its row."""
        for name, written in _written([entry]):
            getattr(self, name)[row] = written[0]

    @property
    def nbytes(self) -> int:
        return len(self.live) * _ROW.itemsize


def kind_code(kind: DesignKind) -> int:
    return _KIND[kind]


def finish_code(finish: str) -> int:
    return _FINISH[finish]


def family_bits(families: Sequence[ColourFamily]) -> int:
    """One bit for each family."""
    bits = 0
    for family in families:
        bits |= _FAMILY[family]
    return bits


def _written(entries: Sequence[Entry]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Each property of these designs under its name."""
    rows = np.array([_row(entry) for entry in entries], dtype=_ROW)
    for name in _ROW.names or ():
        yield name, np.ascontiguousarray(rows[name])


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        _KIND[entry.kind],
        _FINISH[entry.finish or ""],
        family_bits(entry.families),
        entry.price,
        -entry.price,
        entry.currency,
        entry.available,
        entry.renderable,
        -entry.made_us,
        OWN if entry.place is None else entry.place,
        entry.lab,
        True,
    )
