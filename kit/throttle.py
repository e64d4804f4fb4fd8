"""A delay that grows with every failed attempt, for what could be guessed: passwords and short codes.

An attempt counts before it is made and is forgiven when it succeeds, so that many at once gain nothing. Kept in
Redis, exact over all processes; without Redis nobody gets an attempt. Subjects lie there as keyed hashes only.
"""

from __future__ import annotations

import hmac

from msgspec import Struct
from redis.asyncio import Redis

from kit.errors import Busy

_ATTEMPT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local closed = tonumber(redis.call('HGET', KEYS[1], 'closed_until') or '0')
if closed > now then return closed - now end
local count = redis.call('HINCRBY', KEYS[1], 'count', 1)
local free, first, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if count >= free then
    redis.call('HSET', KEYS[1], 'closed_until', now + math.min(longest, first * 2 ^ math.min(count - free, 30)))
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 0
"""
_FORGIVE = """
if redis.call('EXISTS', KEYS[1]) == 0 then return end
if redis.call('HINCRBY', KEYS[1], 'count', -1) < tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], 'closed_until') end
"""


class TooManyAttempts(Busy):
    status, code = 429, "too_many_attempts"
    public = "There were too many attempts. Please wait a while."


class Throttle(Struct, frozen=True):
    """After `free` attempts a subject waits first_s, then twice as long each time; a day of quiet forgets."""

    name: str
    free: int
    first_s: int = 30
    longest_s: int = 15 * 60
    memory_s: int = 24 * 3600

    async def attempt(self, redis: Redis, secret: str, subject: str) -> None:
        """Count an attempt. Raises TooManyAttempts with the seconds to wait."""
        milliseconds = (1000 * seconds for seconds in (self.first_s, self.longest_s, self.memory_s))
        answer = redis.eval(_ATTEMPT, 1, self._key(secret, subject), *map(str, (self.free, *milliseconds)))
        wait_ms = int(await answer)  # type: ignore[misc]
        if wait_ms:
            raise TooManyAttempts(retry_after=-(-wait_ms // 1000))

    async def forgive(self, redis: Redis, secret: str, subject: str) -> None:
        """Take one attempt back: it did not fail."""
        answer = redis.eval(_FORGIVE, 1, self._key(secret, subject), str(self.free))
        await answer  # type: ignore[misc]

    async def forget(self, redis: Redis, secret: str, subject: str) -> None:
        """Take every attempt back: whoever it was has shown that she knows the secret."""
        await redis.delete(self._key(secret, subject))

    def _key(self, secret: str, subject: str) -> str:
        digest = hmac.digest(secret.encode(), f"vernis throttle 1\n{subject}".encode(), "sha256")
        return f"throttle:{self.name}:{digest.hex()}"
