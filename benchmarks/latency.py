"""Latencies as every bench reports them."""

from __future__ import annotations

from collections.abc import Sequence


def summary(seconds: Sequence[float], *shares: float) -> dict[str, float]:
    """Milliseconds within which these shares of the requests were answered; empty without any."""
    ordered = sorted(seconds)
    return {
        f"p{share * 100:g}_ms": round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)
        for share in shares
        if ordered
    }
