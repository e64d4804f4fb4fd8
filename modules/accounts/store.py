"""SQL of businesses and credentials."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, text, update

from kit.db.unit import Unit
from modules.accounts.caller import Caller, CallerKind
from modules.accounts.scopes import Scope
from modules.accounts.tables import api_keys, businesses, visitor_tokens

_OF_KEY = text("SELECT business_id, subject, scopes FROM caller_of_key(:hash)")
_OF_VISITOR = text("SELECT business_id, subject, scopes FROM caller_of_visitor(:hash)")


async def insert_business(unit: Unit, name: str) -> None:
    """Add the business that the unit works for."""
    await unit.execute(insert(businesses).values(id=unit.business_id, name=name))


async def business_exists(unit: Unit) -> bool:
    """Whether the unit's business is there."""
    return await unit.one_or_none(select(businesses.c.id)) is not None


async def insert_key(
    unit: Unit, key_id: str, name: str, secret_hash: bytes, scopes: tuple[Scope, ...]
) -> None:
    await unit.execute(
        insert(api_keys).values(
            id=key_id, business_id=unit.business_id, name=name, secret_hash=secret_hash, scopes=[*scopes]
        )
    )


async def revoke_key(unit: Unit, key_id: str) -> bool:
    """Revoke a live key; False when there is none of this id."""
    revoked = await unit.execute(
        update(api_keys)
        .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
    return revoked.rowcount == 1


async def insert_visitor(
    unit: Unit,
    token_id: str,
    customer_id: str,
    secret_hash: bytes,
    scopes: tuple[Scope, ...],
    expires_at: datetime,
) -> None:
    await unit.execute(
        insert(visitor_tokens).values(
            id=token_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            secret_hash=secret_hash,
            scopes=[*scopes],
            expires_at=expires_at,
        )
    )


async def caller_of_key(unit: Unit, secret_hash: bytes) -> Caller | None:
    """The holder of a key that is not revoked."""
    row = (await unit.execute(_OF_KEY, {"hash": secret_hash})).one_or_none()
    if row is None:
        return None
    return Caller(CallerKind.KEY, row.business_id, row.subject, frozenset(map(Scope, row.scopes)))


async def caller_of_visitor(unit: Unit, secret_hash: bytes) -> Caller | None:
    """The holder of a visitor token that has not expired."""
    row = (await unit.execute(_OF_VISITOR, {"hash": secret_hash})).one_or_none()
    if row is None:
        return None
    scopes = frozenset(map(Scope, row.scopes))
    return Caller(CallerKind.VISITOR, row.business_id, row.subject, scopes, customer_id=row.subject)
