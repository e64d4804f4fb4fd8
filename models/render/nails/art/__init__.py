"""Nail art: paint whose colour varies over the nail, and stones on top of it."""

from __future__ import annotations

from models.render.nails.art.renderer import ArtRenderer

__all__ = ["ArtRenderer"]
