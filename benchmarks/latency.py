"""Latencies as every bench reports them."""

from __future__ import annotations

from collections.abc import Sequence


def within(seconds: Sequence[float], share: float) -> float:
    """The time within which this share of the requests was answered; raises IndexError without any."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary(seconds: Sequence[float], *shares: float) -> dict[str, float]:
    """The same in milliseconds for each share, by name (`p95_ms`); empty without any requests."""
    return {f"p{share * 100:g}_ms": round(1000 * within(seconds, share), 1) for share in shares if seconds}
