"""How long a request prefers to wait (RFC 7240)."""

from __future__ import annotations

from typing import cast

import pytest
from litestar.types import Scope

from api.prefer import preferred_wait


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ((), 0),
        (("wait=5",), 5),
        (("Wait = 5",), 5),
        (('wait="5"',), 5),
        (("wait=99",), 10),
        (("wait=0",), 0),
        (("wait=-5",), 0),
        (("wait=soon",), 0),
        (("await=5",), 0),
        (("respond-async, wait=3",), 3),
        (("respond-async", "wait=3"), 3),
        (("wait=3, wait=7",), 3),
    ],
)
def test_the_preference_is_read_and_bounded(prefer: tuple[str, ...], seconds: int) -> None:
    headers = [(b"prefer", value.encode()) for value in prefer]
    assert preferred_wait(cast(Scope, {"headers": headers})) == seconds
