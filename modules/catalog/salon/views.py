"""From a design's row to what its salon sees of it."""

from __future__ import annotations

from datetime import timedelta

from kit.storage import Storage
from modules.catalog.draft import draft_of
from modules.catalog.own import OwnDesign, Preview
from modules.catalog.store.designs import OwnRow

PICTURE_LIFETIME = timedelta(minutes=15)


async def view(row: OwnRow, storage: Storage) -> OwnDesign:
    """Shape a design; its picture is signed for fifteen minutes."""
    url = (
        await storage.url(row.preview_key, expires_in=PICTURE_LIFETIME)
        if row.preview_key is not None
        else None
    )
    return OwnDesign(
        id=row.design.id,
        design=draft_of(row.design, product_id=row.product_id, state=row.state),
        colour_families=[*row.design.colour_families],
        swatches=row.design.swatches,
        renderable=row.design.renderable,
        preview=Preview(row.preview, url, row.preview_sha256),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
