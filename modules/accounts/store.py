"""SQL of businesses and credentials."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    TextClause,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from kit.db.engine import Database
from kit.db.page import newest_first
from kit.db.ready import Ready
from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.accounts.caller import Caller, CallerKind
from modules.accounts.scopes import KIOSK_SCOPES, ROLE_SCOPES, Role, Scope, scopes_of
from modules.accounts.tables import api_keys, businesses, visitor_tokens
from modules.accounts.wire import Business, Key

_LOOK_UP = """
SELECT asked.hash, business_id, subject, grants, session_id, test, suspended, stale
FROM unnest(cast(:hashes AS bytea[])) AS asked (hash), LATERAL {function}(asked.hash) AS found
"""
_CALLERS: dict[CallerKind, Ready] = {
    CallerKind.KEY: Ready(text(_LOOK_UP.format(function="caller_of_key"))),
    CallerKind.STAFF: Ready(text(_LOOK_UP.format(function="caller_of_session"))),
    CallerKind.KIOSK: Ready(text(_LOOK_UP.format(function="caller_of_kiosk"))),
    CallerKind.VISITOR: Ready(text(_LOOK_UP.format(function="caller_of_visitor"))),
}
_TOUCH = """
UPDATE {table} SET last_used_at = now() WHERE id = (
    SELECT id FROM {table} WHERE id = :id AND coalesce(last_used_at < now() - interval '1 minute', true)
    FOR UPDATE SKIP LOCKED
)"""
_TOUCHES: dict[CallerKind, TextClause] = {
    CallerKind.KEY: text(_TOUCH.format(table="api_keys")),
    CallerKind.KIOSK: text(_TOUCH.format(table="kiosks")),
}
_ORIGIN = text("SELECT origin_is_allowed(:origin, :business)")
_BUSINESSES = text("SELECT id, name, created_at, suspended_at FROM every_business()")
_FORGET = text("SELECT forget_ended_credentials(:older_than)")
_BUSINESS = [businesses.c[name] for name in Business.__struct_fields__]
_KEY = [api_keys.c[name] for name in Key.__struct_fields__]


class Found(Struct, frozen=True):
    """Whom a credential belongs to. stale: its last use was noted more than a minute ago."""

    caller: Caller
    suspended: bool
    stale: bool


class Listed(Struct, frozen=True):
    """A business as the operator sees it."""

    id: str
    name: str
    created_at: datetime
    suspended_at: datetime | None


async def callers_of(db: Database, kind: CallerKind, hashes: Collection[bytes]) -> dict[bytes, Found]:
    """The holders of those credentials that are neither revoked nor expired."""
    rows = await db.look_up(_CALLERS[kind], hashes=[*hashes])
    return {row[0]: _found(kind, *row[1:]) for row in rows}


def _found(
    kind: CallerKind,
    business_id: str,
    subject: str,
    grants: list[str],
    session_id: str | None,
    test: bool,
    suspended: bool,
    stale: bool,
) -> Found:
    role = Role(grants[0]) if kind is CallerKind.STAFF else None
    scopes = KIOSK_SCOPES if kind is CallerKind.KIOSK else scopes_of(grants)
    caller = Caller(
        kind=kind,
        business_id=business_id,
        subject=subject,
        scopes=scopes if role is None else ROLE_SCOPES[role],
        customer_id=subject if kind is CallerKind.VISITOR else None,
        test=test,
        role=role,
        session_id=session_id,
    )
    return Found(caller, suspended, stale)


async def note_use(unit: Unit, caller: Caller) -> None:
    """Note that a key or kiosk was used, unless somebody else is noting it right now."""
    await unit.execute(_TOUCHES[caller.kind], {"id": caller.subject})


async def origin_is_allowed(unit: Unit, origin: str, business_id: str | None) -> bool:
    """Whether this business, or any where None is given, lets pages of this origin call."""
    found = await unit.execute(_ORIGIN, {"origin": origin, "business": business_id})
    return bool(found.scalar_one())


async def every_business(unit: Unit) -> list[Listed]:
    """All businesses, oldest first; for the operator's system unit."""
    return [shaped(row, Listed) for row in await unit.all(_BUSINESSES)]


async def forget_ended(unit: Unit, older_than: timedelta) -> int:
    """Delete tokens, tickets, letters, sessions and codes that ended so long ago; returns how many."""
    return int((await unit.execute(_FORGET, {"older_than": older_than})).scalar_one())


async def insert_business(unit: Unit, name: str, public_id: str) -> None:
    """Add the business that the unit works for."""
    await unit.execute(insert(businesses).values(id=unit.business_id, name=name, public_id=public_id))


async def find_business(unit: Unit) -> Business | None:
    """The unit's business."""
    row = await unit.one_or_none(select(*_BUSINESS).where(businesses.c.id == unit.business_id))
    return None if row is None else shaped(row, Business)


async def change_business(unit: Unit, changes: dict[str, object]) -> Business | None:
    own = update(businesses).where(businesses.c.id == unit.business_id)
    row = await unit.one_or_none(own.values(**changes).returning(*_BUSINESS))
    return None if row is None else shaped(row, Business)


async def suspend_business(unit: Unit, suspended: bool) -> bool:
    """False when there is no such business."""
    at = func.now() if suspended else None
    done = await unit.execute(
        update(businesses).where(businesses.c.id == unit.business_id).values(suspended_at=at)
    )
    return done.rowcount == 1


async def insert_key(unit: Unit, key: Key, secret_hash: bytes) -> None:
    await unit.execute(
        insert(api_keys).values(
            id=key.id,
            business_id=unit.business_id,
            name=key.name,
            secret_hash=secret_hash,
            hint=key.hint,
            scopes=[*key.scopes],
            test=key.test,
            expires_at=key.expires_at,
            replaces=key.replaces,
        )
    )


async def keys(unit: Unit, before: str | None, limit: int) -> tuple[list[Key], str | None]:
    """The business's keys, newest first; revoked ones too."""
    rows, cursor = await newest_first(unit, select(*_KEY), api_keys.c.id, before, limit)
    return [shaped(row, Key) for row in rows], cursor


async def lock_live_key(unit: Unit, key_id: str) -> Key | None:
    """A key that works, held until the unit ends."""
    row = await unit.one_or_none(
        select(*_KEY).where(api_keys.c.id == key_id, _is_live(api_keys.c)).with_for_update()
    )
    return None if row is None else shaped(row, Key)


async def is_rotating(unit: Unit, key: Key) -> bool:
    """Whether the key's successor or its forerunner works as well."""
    other = api_keys.alias()
    related = or_(other.c.replaces == key.id, other.c.id == key.replaces)
    found = await unit.execute(select(exists().where(related, _is_live(other.c))))
    return bool(found.scalar_one())


async def expire_key(unit: Unit, key_id: str, within: timedelta) -> None:
    """End a key after this time, or sooner where it ends sooner anyway."""
    end = func.least(api_keys.c.expires_at, func.now() + within)
    await unit.execute(update(api_keys).where(api_keys.c.id == key_id).values(expires_at=end))


async def revoke_key(unit: Unit, key_id: str) -> bool:
    """Revoke a key at once; False when there is none of this id or it is revoked."""
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
    scopes: Sequence[Scope],
    minted_by: str,
    expires_at: datetime,
) -> None:
    await unit.execute(
        insert(visitor_tokens).values(
            id=token_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            secret_hash=secret_hash,
            scopes=[*scopes],
            minted_by=minted_by,
            expires_at=expires_at,
        )
    )


async def has_visitor(unit: Unit, customer_id: str, minted_by: str) -> bool:
    """Whether a caller minted a token for this customer that still works."""
    found = await unit.execute(
        select(
            exists().where(
                visitor_tokens.c.customer_id == customer_id,
                visitor_tokens.c.minted_by == minted_by,
                visitor_tokens.c.expires_at > func.now(),
            )
        )
    )
    return bool(found.scalar_one())


async def delete_visitors(unit: Unit, customer_id: str) -> int:
    """Remove a customer's tokens; returns how many."""
    own = visitor_tokens.c.customer_id == customer_id
    return (await unit.execute(delete(visitor_tokens).where(own))).rowcount


async def visitors_of(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    """A customer's tokens, without what is secret in them."""
    shown = [visitor_tokens.c[name] for name in ("id", "scopes", "created_at", "expires_at")]
    own = select(*shown).where(visitor_tokens.c.customer_id == customer_id).order_by(visitor_tokens.c.id)
    return [dict(row._mapping) for row in await unit.all(own)]


def _is_live(key: Any) -> ColumnElement[bool]:
    return and_(key.revoked_at.is_(None), or_(key.expires_at.is_(None), key.expires_at > func.now()))
