"""The hair of a head, as a matte of single strands."""

from __future__ import annotations

from models.segment.hair.segmenter import HairSegmenter

__all__ = ["HairSegmenter"]
