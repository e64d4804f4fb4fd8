"""Counts and times an adapter's operations."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from kit.errors import AppError
from kit.metrics import STORAGE_ERRORS, STORAGE_SECONDS
from kit.storage.errors import ObjectMissing

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def measured(
    operation: Callable[Given, Coroutine[Any, Any, Answer]],
) -> Callable[Given, Coroutine[Any, Any, Answer]]:
    """An adapter's method under its own name; a missing object is an answer, no error."""
    seconds = STORAGE_SECONDS.labels(operation.__name__)

    @functools.wraps(operation)
    async def timed(*args: Given.args, **options: Given.kwargs) -> Answer:
        try:
            with seconds.time():
                return await operation(*args, **options)
        except ObjectMissing:
            raise
        except AppError as error:
            STORAGE_ERRORS.labels(operation.__name__, error.code).inc()
            raise

    return timed
