"""What a caller may do, and what each kind of caller is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Scope(StrEnum):
    CATALOG_READ = "catalog:read"
    CATALOG_WRITE = "catalog:write"
    STOCK_READ = "stock:read"
    STOCK_WRITE = "stock:write"
    VISITOR_WRITE = "visitor:write"
    TICKET_WRITE = "ticket:write"
    CONSENT_WRITE = "consent:write"
    PHOTO_WRITE = "photo:write"
    TRYON_READ = "tryon:read"
    TRYON_WRITE = "tryon:write"
    KEY_WRITE = "key:write"
    STAFF_WRITE = "staff:write"
    KIOSK_WRITE = "kiosk:write"
    BUSINESS_WRITE = "business:write"
    WEBHOOK_READ = "webhook:read"
    WEBHOOK_WRITE = "webhook:write"
    MESSAGE_READ = "message:read"
    MESSAGE_WRITE = "message:write"
    AUDIT_READ = "audit:read"
    PRIVACY_WRITE = "privacy:write"
    BOOKING_READ = "booking:read"
    BOOKING_WRITE = "booking:write"
    SCHEDULE_WRITE = "schedule:write"
    SHEET_READ = "sheet:read"


class Role(StrEnum):
    """What a member of staff is in the salon."""

    OWNER = "owner"
    RECEPTION = "reception"
    STYLIST = "stylist"


EVERY_SCOPE = tuple(Scope)
VISITOR_SCOPES = (
    Scope.CATALOG_READ,
    Scope.CONSENT_WRITE,
    Scope.PHOTO_WRITE,
    Scope.TRYON_READ,
    Scope.TRYON_WRITE,
    Scope.PRIVACY_WRITE,
    Scope.BOOKING_READ,
    Scope.BOOKING_WRITE,
)
TEST_SCOPES = frozenset({*VISITOR_SCOPES, Scope.VISITOR_WRITE, Scope.TICKET_WRITE})
"""A test key lies about more openly than a live one: it administers nothing."""
KIOSK_SCOPES = frozenset({Scope.CATALOG_READ, Scope.VISITOR_WRITE, Scope.TICKET_WRITE})
ROLE_SCOPES: Mapping[Role, frozenset[Scope]] = {
    Role.OWNER: frozenset(Scope),
    Role.RECEPTION: frozenset(
        {
            *VISITOR_SCOPES,
            Scope.VISITOR_WRITE,
            Scope.TICKET_WRITE,
            Scope.STOCK_READ,
            Scope.STOCK_WRITE,
            Scope.MESSAGE_READ,
            Scope.SCHEDULE_WRITE,
            Scope.SHEET_READ,
        }
    ),
    Role.STYLIST: frozenset(
        {*VISITOR_SCOPES, Scope.TICKET_WRITE, Scope.STOCK_READ, Scope.SHEET_READ} - {Scope.PRIVACY_WRITE}
    ),
}

_KNOWN = {scope.value: scope for scope in Scope}


def scopes_of(stored: Iterable[str]) -> frozenset[Scope]:
    """The scopes of a stored credential; names that this version does not know grant nothing."""
    return frozenset([_KNOWN[name] for name in stored if name in _KNOWN])
