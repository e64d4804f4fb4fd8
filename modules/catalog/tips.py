"""Pictures of the shipped designs, drawn by `python -m lab.catalog.tips` and held in memory: two megabytes."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from modules.catalog.errors import DesignNotFound

MEDIA_TYPE = "image/webp"


class Tip(Struct, frozen=True):
    """One picture. tag: of its bytes."""

    data: bytes
    tag: str


class Tips:
    """Read once, when the process starts."""

    def __init__(self, folder: Path) -> None:
        self._tips: Mapping[str, Tip] = {
            path.stem: Tip(data, sha256(data).hexdigest()[:16])
            for path in folder.glob("*.webp")
            if (data := path.read_bytes())
        }

    def find(self, design_id: str) -> Tip:
        """Raises DesignNotFound."""
        if (tip := self._tips.get(design_id)) is None:
            raise DesignNotFound
        return tip

    def path(self, design_id: str) -> str | None:
        """Where the API shows it; it changes with the bytes, so that browsers may keep it for ever."""
        tip = self._tips.get(design_id)
        return None if tip is None else f"/v1/designs/{design_id}/image?v={tip.tag}"
