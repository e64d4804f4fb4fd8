"""A quota in a window, and where somebody stands in it.

The window slides: of the last window's requests, the share that still lies within `window_s` counts along. Nobody
gets two quotas around the turn of a window, and a state is three numbers however large the quota is.
"""

from __future__ import annotations

import math

from msgspec import Struct


class Policy(Struct, frozen=True):
    """At most `quota` requests in any `window_s` seconds."""

    name: str
    quota: int
    window_s: int


class Standing(Struct, frozen=True):
    """before, count: requests of the last and of the present window; left_s: what is left of the present one."""

    policy: Policy
    before: int
    count: int
    left_s: float

    @property
    def remaining(self) -> int:
        """Requests that may still come now."""
        sliding = self.before * self.left_s / self.policy.window_s
        return max(0, math.floor(self.policy.quota - self.count - sliding))

    @property
    def reset_s(self) -> int:
        """Seconds until the present window ends."""
        return math.ceil(self.left_s)

    @property
    def retry_after_s(self) -> float:
        """Seconds until one more request fits, if nobody else takes the room; 0 when it fits now."""
        room, window = self.policy.quota - 1, self.policy.window_s
        if self.count > room:
            return self.left_s + window * (1 - room / self.count)
        if self.before == 0:
            return 0.0
        return max(0.0, self.left_s - window * (room - self.count) / self.before)
