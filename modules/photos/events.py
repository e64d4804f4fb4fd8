"""Facts about photos."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class PhotoErased(Event, frozen=True):
    """A photo is gone: pictures made from it must go, and caches must drop it."""

    topic: ClassVar[str] = "photo.erased"
    photo_id: str
