"""What a caller may do."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    CATALOG_READ = "catalog:read"
    VISITOR_WRITE = "visitor:write"
    CONSENT_WRITE = "consent:write"
    PHOTO_WRITE = "photo:write"
    TRYON_READ = "tryon:read"
    TRYON_WRITE = "tryon:write"
    WEBHOOK_READ = "webhook:read"
    WEBHOOK_WRITE = "webhook:write"
    AUDIT_READ = "audit:read"


EVERY_SCOPE = tuple(Scope)
VISITOR_SCOPES = (
    Scope.CATALOG_READ,
    Scope.CONSENT_WRITE,
    Scope.PHOTO_WRITE,
    Scope.TRYON_READ,
    Scope.TRYON_WRITE,
)
