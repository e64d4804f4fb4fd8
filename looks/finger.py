"""Names of fingers and hands."""

from __future__ import annotations

from enum import StrEnum


class Finger(StrEnum):
    THUMB = "thumb"
    INDEX = "index"
    MIDDLE = "middle"
    RING = "ring"
    LITTLE = "little"


class HandName(StrEnum):
    """Which hand of its owner, not of the picture."""

    LEFT = "left"
    RIGHT = "right"


class HandSide(StrEnum):
    """Which side faces the camera; nails are seen on the dorsal side."""

    DORSAL = "dorsal"
    PALMAR = "palmar"
