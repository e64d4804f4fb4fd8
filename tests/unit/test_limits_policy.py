"""The arithmetic of sliding windows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kit.limits import Policy, Standing
from kit.limits.limiter import _later

TEN = Policy("caller", 10, 60)


def test_a_fresh_window_has_its_whole_quota() -> None:
    standing = Standing(TEN, before=0, count=0, left_s=60)
    assert (standing.remaining, standing.retry_after_s) == (10, 0)


def test_the_last_window_counts_by_the_share_that_still_lies_within() -> None:
    assert Standing(TEN, before=10, count=0, left_s=45).remaining == 2
    assert Standing(TEN, before=10, count=2, left_s=45).remaining == 0


def test_a_full_window_has_room_when_its_oldest_tenth_has_left() -> None:
    assert Standing(TEN, before=0, count=10, left_s=20).retry_after_s == 20 + 6


@given(
    quota=st.integers(1, 50), before=st.integers(0, 50), count=st.integers(0, 50), left_s=st.floats(0.001, 60)
)
def test_there_is_room_after_the_wait_and_not_before(
    quota: int, before: int, count: int, left_s: float
) -> None:
    standing = Standing(Policy("caller", quota, 60), min(before, quota), min(count, quota), left_s)
    wait = standing.retry_after_s
    assert room(_later(standing, wait)) > 1 - 1e-6
    if wait > 0.01:
        assert room(_later(standing, wait - 0.01)) < 1


def room(standing: Standing) -> float:
    sliding = standing.before * standing.left_s / standing.policy.window_s
    return standing.policy.quota - standing.count - sliding
