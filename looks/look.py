"""A look: layers drawn in their order onto one photo."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from looks.layer import AnyLayer


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """One to twelve layers under a name that a customer reads."""

    name: str
    layers: Annotated[tuple[AnyLayer, ...], Meta(min_length=1, max_length=12)]
