"""When a delivery is tried again, and when an endpoint is given up."""

from __future__ import annotations

import random
from datetime import timedelta

WAITS = (
    timedelta(seconds=0),
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
)
"""The wait before each attempt; after the last one a delivery has failed. Some 18 hours in all."""

JITTER = 0.2
"""Up to this share is added to a wait, so that retries of many messages do not come at once."""

GIVE_UP_AFTER = timedelta(days=5)
"""An endpoint where nothing has arrived for this long, and something failed, is disabled."""

LONGEST_ASKED = timedelta(hours=10)
"""How far a receiver's Retry-After may put the next attempt off."""


def wait_before(tries: int, asked: str = "") -> timedelta | None:
    """The wait after so many attempts; None when there is no further one. asked: the receiver's Retry-After."""
    if tries >= len(WAITS):
        return None
    wait = WAITS[tries] * (1 + random.uniform(0, JITTER))
    if asked.isascii() and asked.isdigit() and len(asked) <= 9:
        wait = max(wait, min(timedelta(seconds=int(asked)), LONGEST_ASKED))
    return wait
