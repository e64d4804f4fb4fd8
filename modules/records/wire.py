"""Logs as the API shows them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from kit.audit import Entry


class AuditPage(Struct, frozen=True):
    """Newest first; each entry's hash covers it and the hash before it."""

    items: tuple[Entry, ...]
    next_cursor: str | None = None


class LoggedRequest(Struct, frozen=True):
    """One request. route: the template, without ids; request_id: as in the answer's X-Request-Id."""

    id: str
    at: datetime
    method: str
    route: str
    status: int
    duration_ms: float
    request_id: str
    caller_kind: str


class RequestPage(Struct, frozen=True):
    """Newest first; of the last seven days."""

    items: tuple[LoggedRequest, ...]
    next_cursor: str | None = None
