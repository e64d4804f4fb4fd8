"""Where a salon's own pictures lie in storage."""

from __future__ import annotations


def preview(business_id: str, design_id: str, sha256: str) -> str:
    """A design's picture; its content is part of the name, so that a picture never changes under a link."""
    return f"previews/{business_id}/{design_id}/{sha256[:32]}.jpg"
