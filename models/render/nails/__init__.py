"""Renderers of nails; FINISHES are those that can be drawn today."""

from __future__ import annotations

from models.render.nails.art import ArtRenderer
from models.render.nails.polish import COATS, PolishRenderer

FINISHES = frozenset(COATS)

__all__ = ["FINISHES", "ArtRenderer", "PolishRenderer"]
