"""Pictures of a design without a customer: a painted tip, painted lips, or a card with its colours."""

from __future__ import annotations

from models.render.sample.picture import SIDE_PX, Shown, file, picture, shown_as

__all__ = ["SIDE_PX", "Shown", "file", "picture", "shown_as"]
