"""From a cell's text to a value and back, column by column."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET, Struct

_WHOLE = re.compile(r"-?\d{1,9}")
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,20})?(?:[eE]-?\d{1,2})?")
_YES, _NO = {"true", "yes", "1"}, {"false", "no", "0"}


class Column(Struct, frozen=True):
    """A column: its name in files, the draft's field that it fills, how it is read and written.

    number: written as a number where the format knows such; needed: not empty in any row; empty: what an empty cell
    means, UNSET for leaving what is there, or the usual value of a new row.
    """

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    field: str = ""
    number: bool = False
    needed: bool = False
    empty: Any = UNSET

    @property
    def fills(self) -> str:
        return self.field or self.name


def text(name: str, field: str = "", *, needed: bool = False, empty: Any = UNSET) -> Column:
    return Column(name, str.strip, _shown, field, needed=needed, empty=empty)


def whole(name: str, *, needed: bool = False, empty: Any = UNSET) -> Column:
    return Column(name, _whole, _shown, number=True, needed=needed, empty=empty)


def number(name: str, *, empty: Any = UNSET) -> Column:
    return Column(name, _number, _shown, number=True, empty=empty)


def yes_no(name: str) -> Column:
    return Column(name, _yes_no, lambda value: "true" if value else "false")


def listed(name: str, *, needed: bool = False, empty: Any = UNSET) -> Column:
    """Several values with semicolons between them."""
    return Column(name, _listed, lambda values: "; ".join(map(str, values or ())), needed=needed, empty=empty)


def json(name: str) -> Column:
    """An object as JSON; an empty cell is an empty one."""
    return Column(name, _object, lambda value: msgspec.json.encode(value).decode() if value else "", empty={})


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _whole(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise ValueError(f"a whole number is expected, got {cell!r}")
    return int(cell)


def _number(cell: str) -> float:
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"a number is expected, got {cell!r}")
    return float(cell.replace(",", "."))


def _yes_no(cell: str) -> bool:
    if (word := cell.casefold()) not in _YES | _NO:
        raise ValueError(f"true or false is expected, got {cell!r}")
    return word in _YES


def _listed(cell: str) -> list[str]:
    return [value for part in cell.split(";") if (value := part.strip())]


def _object(cell: str) -> Any:
    try:
        found = msgspec.json.decode(cell)
    except msgspec.DecodeError as error:
        raise ValueError(f"JSON is expected, got {cell!r}") from error
    if not isinstance(found, dict):
        raise ValueError("a JSON object is expected")
    return found
