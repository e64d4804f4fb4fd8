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


EVERY_SCOPE = tuple(Scope)
VISITOR_SCOPES = tuple(scope for scope in Scope if scope is not Scope.VISITOR_WRITE)
