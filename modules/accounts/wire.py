"""Credentials as the API shows them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from modules.accounts.scopes import Scope


class CreatedKey(Struct, frozen=True):
    """A new server key; the secret is never shown again."""

    id: str
    name: str
    secret: str
    scopes: tuple[Scope, ...]


class VisitorToken(Struct, frozen=True):
    """A visitor's token; it is never shown again."""

    token: str
    customer_id: str
    expires_at: datetime
