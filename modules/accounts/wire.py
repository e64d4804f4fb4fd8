"""Businesses, keys and callers as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from modules.accounts.caller import CallerKind
from modules.accounts.scopes import Role, Scope

Name = Annotated[str, Meta(min_length=1, max_length=200)]


class Me(Struct, frozen=True):
    """Who a credential belongs to, and what it may do."""

    kind: CallerKind
    business_id: str
    subject: str
    scopes: tuple[Scope, ...]
    test: bool
    role: Role | None = None


class Business(Struct, frozen=True):
    """A business. public_id names it in public pages; from allowed_origins these may call."""

    id: str
    name: str
    public_id: str
    allowed_origins: tuple[str, ...]
    created_at: datetime


class BusinessChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    name: Name | None = None
    allowed_origins: (
        Annotated[tuple[Annotated[str, Meta(max_length=260)], ...], Meta(max_length=20)] | None
    ) = None


class KeyRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A key to make. Without scopes it may do all that its maker may; a test key works on sample photos only."""

    name: Name
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=50)] | None = None
    test: bool = False
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class KeyRotation(Struct, frozen=True, forbid_unknown_fields=True):
    """How long the old key and its successor live side by side."""

    overlap_hours: Annotated[int, Meta(ge=0, le=30 * 24)] = 24


class Key(Struct, frozen=True):
    """A key as lists show it. hint: its first and last letters; replaces: the key that it was rotated from."""

    id: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    test: bool
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    replaces: str | None = None


class KeyPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Key, ...]
    next_cursor: str | None = None


class CreatedKey(Struct, frozen=True):
    """A new key; the secret is never shown again."""

    id: str
    name: str
    secret: str
    scopes: tuple[Scope, ...]
    test: bool = False
    expires_at: datetime | None = None
    replaces: str | None = None


class VisitorToken(Struct, frozen=True):
    """A visitor's token; it is never shown again, and not at all when a cookie carries it."""

    customer_id: str
    expires_at: datetime
    token: str | None = None
