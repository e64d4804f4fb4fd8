"""The one place that reads the wall clock, so that a test can set it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

Moment = Annotated[datetime, Meta(tz=True)]
"""An instant as the API takes and shows it: RFC 3339, never without its zone."""


def now() -> datetime:
    """The present moment in UTC, with its zone."""
    return datetime.now(UTC)
