"""Facts about photos."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Event


class PhotoExpired(Event, frozen=True):
    """A photo's time was over: it is gone, and pictures made from it stay for theirs."""

    topic: ClassVar[str] = "photo.expired"
    photo_id: str


class PhotoErased(Event, frozen=True):
    """A photo is gone: pictures made from it must go, and caches must drop it."""

    topic: ClassVar[str] = "photo.erased"
    photo_id: str
