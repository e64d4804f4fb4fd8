"""Settings under which nobody is refused: who is, and when, is what `bench overload` asks."""

from __future__ import annotations

from kit.settings import Limits, Queue

_ENDLESS = 100_000_000

LIMITS = Limits(*[_ENDLESS] * len(Limits.__struct_fields__))
"""A load comes from one address and a few salons; counting their requests is another matter."""
QUEUE = Queue(*[_ENDLESS] * len(Queue.__struct_fields__))
"""Whatever waits may wait."""
