"""From a row to a struct: columns in the order of the struct's fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec
from msgspec import Struct

Shape = TypeVar("Shape", bound=Struct)


def shaped(row: Iterable[object], kind: type[Shape]) -> Shape:
    """The struct, its words made enums and its lists tuples."""
    return msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=False)), kind)
