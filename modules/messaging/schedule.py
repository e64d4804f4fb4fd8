"""When a message is tried again that the mail server did not take."""

from __future__ import annotations

import random
from datetime import timedelta

WAITS = (
    timedelta(seconds=0),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""The wait before each attempt; after the last one a message has failed. Some 17 hours in all: a server that wants to
see a stranger twice (greylisting) has its five minutes, one that is down has its night."""

JITTER = 0.2
"""Up to this share is added to a wait, so that retries of many messages do not come at once."""


def wait_before(tries: int) -> timedelta | None:
    """The wait after so many attempts; None when there is no further one."""
    return WAITS[tries] * (1 + random.uniform(0, JITTER)) if tries < len(WAITS) else None
