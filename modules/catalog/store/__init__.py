"""SQL of what a salon adds to the shelf, and of what it makes of it."""

from modules.catalog.store import bundles, choices, designs, services

__all__ = ["bundles", "choices", "designs", "services"]
