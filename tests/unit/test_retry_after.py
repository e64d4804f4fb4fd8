"""Whoever is told to come back is told when: each of our errors with 429 or 503 carries Retry-After."""

from __future__ import annotations

import pytest
from litestar import Request

from api.problems import handle_app_error
from kit.errors import AppError, Busy
from lab.docs.errors import every_error

COME_BACK = {429, 503}
ERRORS = [error for error in every_error() if error is not AppError]


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
