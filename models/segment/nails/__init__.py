"""Nail plates of a photo, by two nets of our own."""

from __future__ import annotations

from models.segment.nails.segmenter import NailCascade, NailSegmenter

__all__ = ["NailCascade", "NailSegmenter"]
