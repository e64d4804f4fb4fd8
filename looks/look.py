"""A look: layers drawn in their order onto one photo."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from looks.layer import AnyLayer

Numbers = Annotated[tuple[Annotated[int, Meta(ge=0, le=31)], ...], Meta(min_length=1, max_length=32)]
Faces = Literal["all", "largest"] | Numbers
"""Whose face wears a look where a photo shows several; numbers count from the left of the picture, from 0."""


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """One to twelve layers under a name that a customer reads, on all faces of a photo or on some."""

    name: str
    layers: Annotated[tuple[AnyLayer, ...], Meta(min_length=1, max_length=12)]
    faces: Faces = "all"
