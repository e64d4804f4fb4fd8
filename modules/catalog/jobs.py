"""Commands for workers."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Command


class DrawPreviews(Command, frozen=True):
    """Draw the next pictures that designs of a salon's own wait for."""

    kind: ClassVar[str] = "catalog.draw_previews"
