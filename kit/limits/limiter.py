"""Asks Redis, in one round trip, whether requests fit into all of their limits."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError

from kit.limits.policy import Policy, Standing
from kit.log import get_logger
from kit.metrics import LIMITS_UNCHECKED, REDIS_ERRORS
from kit.together import Together

log = get_logger(__name__)

PATIENCE_S = 1.0
"""How long a request may wait for a Redis that hangs. Shorter, a busy machine would pass for one."""
DEAF_S = 1.0
"""How long Redis is left alone after it failed to answer."""
BATCH = 100
"""Requests that are asked for together."""
REMEMBERED = 10_000
"""Refusals, and names of subjects, that a process remembers."""

_SCRIPT = Path(__file__).with_name("window.lua").read_text(encoding="utf-8")


class Subject(Struct, frozen=True):
    """Whom a policy counts: a caller, a business, an address."""

    policy: Policy
    who: str


class Verdict(Struct, frozen=True):
    """Whether the request may go on, and where its subjects stand now."""

    admitted: bool
    standings: tuple[Standing, ...]

    @property
    def retry_after_s(self) -> float:
        """Seconds until every limit has room for one more."""
        return max((standing.retry_after_s for standing in self.standings), default=0.0)


class Limiter:
    """Counts requests. A request counts against all of its limits or, when it is refused, against none.

    A refusal is remembered until there can be room again, so that a flood costs Redis nothing. While Redis is
    away everything is admitted. `secret` keys the hashes under which subjects lie in Redis: no address is written
    there. Belongs to one event loop.
    """

    def __init__(self, redis_url: str, secret: bytes) -> None:
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 1),
            retry_on_error=[ConnectionError],
        )
        self._script = self._redis.register_script(_SCRIPT)
        self._key = hashlib.blake2b(secret, digest_size=32).digest()
        self._name = lru_cache(REMEMBERED)(self._hashed)
        self._full: dict[str, tuple[float, Standing]] = {}
        self._deaf_until = 0.0
        self._asked = Together(self._ask, most=BATCH)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:  # fmt: skip
        await self._asked.settle()
        await self._redis.aclose()

    def remembered(self, subjects: Sequence[Subject]) -> Verdict | None:
        """A refusal that still stands, without asking Redis."""
        for subject in subjects:
            until, standing = self._full.get(self._name(subject), (0.0, None))
            if standing is not None and (left := until - time.monotonic()) > 0:
                return Verdict(False, (_later(standing, standing.retry_after_s - left),))
        return None

    async def take(self, subjects: Sequence[Subject]) -> Verdict | None:
        """Count one request; None when Redis is away and nothing was counted."""
        refusal = self.remembered(subjects)
        if refusal is not None:
            return refusal
        if time.monotonic() < self._deaf_until:
            LIMITS_UNCHECKED.inc()
            return None
        return await self._asked.answer(subjects)

    async def _ask(self, requests: Sequence[Sequence[Subject]]) -> list[Verdict | None]:
        keys = [self._name(subject) for subjects in requests for subject in subjects]
        quotas = [
            number
            for subjects in requests
            for place, subject in enumerate(subjects, start=1)
            for number in (
                subject.policy.quota,
                subject.policy.window_s * 1_000_000,
                int(place == len(subjects)),
            )
        ]
        try:
            numbers = await self._script(keys, quotas)
        except (RedisError, OSError) as error:
            LIMITS_UNCHECKED.inc(len(requests))
            REDIS_ERRORS.labels("limits").inc()
            if time.monotonic() >= self._deaf_until:
                self._deaf_until = time.monotonic() + DEAF_S
                log.warning("limits_unchecked", error=type(error).__name__)
            return [None] * len(requests)
        told = zip(numbers[::4], numbers[1::4], numbers[2::4], numbers[3::4], strict=True)
        named = iter(keys)
        return [self._verdict(subjects, [*islice(named, len(subjects))], told) for subjects in requests]

    def _verdict(
        self, subjects: Sequence[Subject], keys: Sequence[str], told: Iterator[tuple[int, int, int, int]]
    ) -> Verdict:
        admitted, standings = True, []
        for subject in subjects:
            counted, before, count, left_us = next(told)
            admitted = bool(counted)
            standings.append(Standing(subject.policy, before, count, left_us / 1e6))
        if not admitted:
            self._remember(keys, standings)
        return Verdict(admitted, tuple(standings))

    def _remember(self, keys: Sequence[str], standings: Sequence[Standing]) -> None:
        now = time.monotonic()
        if len(self._full) >= REMEMBERED:
            self._full = {key: entry for key, entry in self._full.items() if entry[0] > now}
        if len(self._full) >= REMEMBERED:
            return
        for key, standing in zip(keys, standings, strict=True):
            if (wait := standing.retry_after_s) > 0:
                self._full[key] = (now + wait, standing)

    def _hashed(self, subject: Subject) -> str:
        digest = hashlib.blake2b(subject.who.encode(), key=self._key, digest_size=16).hexdigest()
        return f"vernis:limit:{subject.policy.name}:{digest}"


def _later(standing: Standing, passed_s: float) -> Standing:
    """The standing `passed_s` seconds on, when nothing was counted meanwhile."""
    left = standing.left_s - passed_s
    if left > 0:
        return Standing(standing.policy, standing.before, standing.count, left)
    return Standing(standing.policy, standing.count, 0, left + standing.policy.window_s)
