"""What the sweeper asks of the catalogue."""

from __future__ import annotations

from kit.db.unit import Unit
from modules.catalog import store


async def kept_previews(unit: Unit, design_ids: set[str]) -> set[str]:
    """Keys of the pictures that these designs of a salon's own show."""
    return await store.designs.preview_keys(unit, design_ids)
