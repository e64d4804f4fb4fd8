"""Whoever is told to come back is told when: each of our errors with 429 or 503 carries Retry-After."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from litestar import Request

import api
import kit
import modules
from api.problems import handle_app_error
from kit.errors import AppError, Busy

COME_BACK = {429, 503}
LEFT_OUT = ("migrations", ".tasks", "embedded.supervisor")
"""Alembic's scripts run only by it; tasks need a broker and hold no errors."""


def errors() -> list[type[AppError]]:
    """Every error of ours, wherever it lies."""
    for package in (api, kit, modules):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not any(part in module.name for part in LEFT_OUT):
                import_module(module.name)
    return sorted(_below(AppError), key=lambda error: error.__qualname__)


def _below(error: type[AppError]) -> Iterator[type[AppError]]:
    for kind in error.__subclasses__():
        yield kind
        yield from _below(kind)


ERRORS = errors()


def test_there_are_errors_of_each_kind_to_look_at() -> None:
    assert {error.status for error in ERRORS} >= {401, 403, 404, 409, 422, 429, 500, 503}
    assert len(ERRORS) > 50


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__qualname__)
def test_come_back_later_says_when(error: type[AppError]) -> None:
    answer = handle_app_error(Request({"type": "http"}), error())  # type: ignore[arg-type, typeddict-item]

    retry_after = answer.headers.get("Retry-After")

    assert issubclass(error, Busy) == (error.status in COME_BACK)
    assert (retry_after is not None) == (error.status in COME_BACK)
    assert retry_after is None or int(retry_after) >= 1
