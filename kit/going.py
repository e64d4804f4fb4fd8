"""Loops that go on until their task is told to end."""

from __future__ import annotations

import asyncio


def going() -> bool:
    """Whether the running task was not cancelled.

    To await is not enough to notice: redis-py writes within asyncio.wait_for, which on Python 3.11 swallows a
    cancellation that comes as the write ends (python/cpython#86296). That it was asked for stays on the task.
    """
    task = asyncio.current_task()
    return task is None or not task.cancelling()
