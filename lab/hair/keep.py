"""Where the hair net's checkpoint lies; how it is kept is lab.nails.keep's."""

from __future__ import annotations

from pathlib import Path

COMMITTED = Path(__file__).with_name("checkpoints") / "hair.pt"
