"""The bounded cache keeps to its budget and its lifetime."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import cache as cache_module
from kit.cache import BoundedCache


def test_the_least_recently_used_goes_first() -> None:
    cache = BoundedCache[bytes](10, 60, len)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    assert cache.get("a") == b"1234"
    cache.put("c", b"1234")
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (b"1234", None, b"1234")


def test_nothing_outlives_its_lifetime(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(cache_module.time, "monotonic", lambda: now)
    cache = BoundedCache[bytes](10, 60, len)
    cache.put("a", b"1")
    now = 161.0
    assert cache.get("a") is None
    assert cache.used_bytes == 0


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.binary(max_size=12), st.booleans())))
def test_the_budget_holds_and_is_counted_right(steps: list[tuple[str, bytes, bool]]) -> None:
    cache = BoundedCache[bytes](10, 60, len)
    for key, value, drop in steps:
        if drop:
            cache.drop(key)
        else:
            cache.put(key, value)
        kept = [cache.get(key) for key in "abcdef"]
        assert cache.used_bytes == sum(len(value) for value in kept if value is not None) <= 10
