"""Shares of latencies, as every bench reports them."""

from __future__ import annotations

import pytest

from benchmarks.latency import summary, within

HUNDRED = [number / 1000 for number in range(100, 0, -1)]


@pytest.mark.parametrize(("share", "seconds"), [(0.0, 0.001), (0.5, 0.051), (0.99, 0.1), (1.0, 0.1)])
def test_a_share_of_requests_is_answered_within_its_time(share: float, seconds: float) -> None:
    assert within(HUNDRED, share) == seconds


def test_shares_are_named_in_milliseconds() -> None:
    assert summary(HUNDRED, 0.5, 0.95) == {"p50_ms": 51.0, "p95_ms": 96.0}
    assert summary([0.25], 0.99) == {"p99_ms": 250.0}
    assert summary([], 0.5) == {}
