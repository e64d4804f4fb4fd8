"""What is known of a photo once it has been decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["jpeg", "png", "webp", "avif", "heif"]


@dataclass(frozen=True, slots=True)
class Verified:
    """A sound photo. width, height: pixels of the upright picture; sha256: lower-case hex of the bytes."""

    format: Format
    media_type: str
    width: int
    height: int
    sha256: str
