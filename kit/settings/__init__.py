"""Settings; docs/settings.md lists them all (a test compares)."""

from __future__ import annotations

from kit.settings.structs import (
    ROOT,
    Api,
    Database,
    Idempotency,
    Limits,
    Log,
    Mail,
    Metrics,
    Queue,
    Redis,
    Retention,
    Settings,
    Storage,
    Uploads,
    Webhooks,
    Workers,
)
from kit.settings.variables import PREFIX, SettingsError, environment, read, variables

__all__ = [
    "PREFIX",
    "ROOT",
    "Api",
    "Database",
    "Idempotency",
    "Limits",
    "Log",
    "Mail",
    "Metrics",
    "Queue",
    "Redis",
    "Retention",
    "Settings",
    "SettingsError",
    "Storage",
    "Uploads",
    "Webhooks",
    "Workers",
    "environment",
    "read",
    "variables",
]
