"""Arithmetic of spans of time: minutes since 1970 in UTC, half open, sorted, none touching another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

Span = tuple[int, int]
Spans = Sequence[Span]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def minute(at: datetime) -> int:
    """The minute that a moment lies in."""
    return (at - _EPOCH) // _MINUTE


def minute_after(at: datetime) -> int:
    """The first minute that does not begin before a moment."""
    return -((_EPOCH - at) // _MINUTE)


def moment(minute: int) -> datetime:
    """The moment at which a minute begins, in UTC."""
    return _EPOCH + minute * _MINUTE


def union(spans: Iterable[Span]) -> list[Span]:
    """What any of the spans covers; they may overlap, touch, be empty and come in any order."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(spans: Spans, taken: Spans) -> list[Span]:
    """What of the spans nothing of the taken covers."""
    found: list[Span] = []
    at = 0
    for start, end in spans:
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        here = at
        while here < len(taken) and taken[here][0] < end:
            if taken[here][0] > start:
                found.append((start, taken[here][0]))
            start = max(start, taken[here][1])
            here += 1
        if start < end:
            found.append((start, end))
    return found


def common(one: Spans, other: Spans) -> list[Span]:
    """What both cover."""
    found: list[Span] = []
    here = there = 0
    while here < len(one) and there < len(other):
        start, end = max(one[here][0], other[there][0]), min(one[here][1], other[there][1])
        if start < end:
            found.append((start, end))
        if one[here][1] < other[there][1]:
            here += 1
        else:
            there += 1
    return found


def begins(free: Spans, piece: Span) -> list[Span]:
    """When a visit may begin whose piece, counted from its beginning, must lie inside the free spans."""
    at, until = piece
    return [(start - at, end - until + 1) for start, end in free if end - start >= until - at]


def holds(spans: Spans, span: Span) -> bool:
    """Whether one of the spans covers all of this one."""
    return around(spans, span) is not None


def around(spans: Spans, span: Span) -> Span | None:
    """The one of the spans that covers all of this one."""
    return next((one for one in spans if one[0] <= span[0] and span[1] <= one[1]), None)
