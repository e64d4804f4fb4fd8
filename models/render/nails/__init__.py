"""Renderers of nails; FINISHES are those that can be drawn today."""

from __future__ import annotations

from looks.material import MATERIALS
from models.render.nails.art import ArtRenderer
from models.render.nails.polish import PolishRenderer

FINISHES = frozenset(MATERIALS)

__all__ = ["FINISHES", "ArtRenderer", "PolishRenderer"]
