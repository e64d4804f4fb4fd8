"""A business's own care of its keys: making, listing, rotating and revoking them."""

from __future__ import annotations

from datetime import timedelta

from kit import clock
from kit.audit import Actor, record
from kit.db.unit import Unit
from modules.accounts import service, store
from modules.accounts.caller import Caller
from modules.accounts.errors import BadExpiry, KeyRotating, ScopeNotHeld, UnknownKey
from modules.accounts.scopes import TEST_SCOPES, Scope, scopes_of
from modules.accounts.wire import CreatedKey, KeyPage, KeyRequest


async def create(unit: Unit, caller: Caller, asked: KeyRequest) -> CreatedKey:
    """Make a key that may do no more than its maker. Raises ScopeNotHeld, BadExpiry."""
    held = caller.scopes & TEST_SCOPES if asked.test else caller.scopes
    scopes = asked.scopes or tuple(scope for scope in Scope if scope in held)
    if not held.issuperset(scopes):
        raise ScopeNotHeld
    if asked.expires_at is not None and asked.expires_at <= clock.now():
        raise BadExpiry
    return await service.create_key(
        unit, asked.name, scopes, test=asked.test, expires_at=asked.expires_at, actor=caller
    )


async def page(unit: Unit, cursor: str | None, limit: int) -> KeyPage:
    """The business's keys, newest first."""
    keys, next_cursor = await store.keys(unit, cursor, limit)
    return KeyPage(tuple(keys), next_cursor)


async def rotate(unit: Unit, caller: Caller, key_id: str, overlap: timedelta) -> CreatedKey:
    """Give a key a successor that may do the same; both work until the overlap is over.

    A key that expires gets a successor with as long a life. Raises UnknownKey, KeyRotating, ScopeNotHeld.
    """
    old = await store.lock_live_key(unit, key_id)
    if old is None:
        raise UnknownKey
    if await store.is_rotating(unit, old):
        raise KeyRotating
    scopes = scopes_of(old.scopes)
    if not caller.scopes >= scopes:
        raise ScopeNotHeld
    lives_until = None if old.expires_at is None else clock.now() + (old.expires_at - old.created_at)
    await store.expire_key(unit, key_id, overlap)
    successor = await service.create_key(
        unit,
        old.name,
        tuple(scope for scope in Scope if scope in scopes),
        test=old.test,
        expires_at=lives_until,
        replaces=old.id,
        actor=caller,
    )
    await record(unit, caller, "key.rotated", old.id)
    return successor


async def revoke(unit: Unit, actor: Actor, key_id: str) -> None:
    """End a key at once. Raises UnknownKey."""
    if not await store.revoke_key(unit, key_id):
        raise UnknownKey
    await record(unit, actor, "key.revoked", key_id)
