"""Businesses, keys and visitor tokens."""

from __future__ import annotations

from datetime import timedelta

from kit import clock
from kit.audit import OPERATOR, Actor, record
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.errors import Unauthorised
from kit.ids import new_id
from modules.accounts import store
from modules.accounts.caller import Caller
from modules.accounts.errors import UnknownBusiness, UnknownKey
from modules.accounts.scopes import EVERY_SCOPE, VISITOR_SCOPES, Scope
from modules.accounts.secrets import KEY_PREFIX, VISITOR_PREFIX, fingerprint, new_secret
from modules.accounts.wire import CreatedKey, VisitorToken

VISITOR_LIFETIME = timedelta(hours=2)


async def create_business(db: Database, name: str) -> str:
    """Open a business; returns its id."""
    business_id = new_id("biz")
    async with db.tenant(business_id) as unit:
        await store.insert_business(unit, name)
    return business_id


async def create_key(
    unit: Unit, name: str, scopes: tuple[Scope, ...] = EVERY_SCOPE, *, actor: Actor = OPERATOR
) -> CreatedKey:
    """Make a server key; its secret is shown this once. Raises UnknownBusiness."""
    if not await store.business_exists(unit):
        raise UnknownBusiness(f"There is no business {unit.business_id}.")
    key = CreatedKey(id=new_id("key"), name=name, secret=new_secret(KEY_PREFIX), scopes=scopes)
    await store.insert_key(unit, key.id, name, fingerprint(key.secret), scopes)
    await record(unit, actor, "key.created", key.id)
    return key


async def revoke_key(unit: Unit, key_id: str, *, actor: Actor = OPERATOR) -> None:
    """End a key at once. Raises UnknownKey."""
    if not await store.revoke_key(unit, key_id):
        raise UnknownKey
    await record(unit, actor, "key.revoked", key_id)


async def mint_visitor(unit: Unit, customer_id: str) -> VisitorToken:
    """Make a token for one customer's device; it lives two hours and sees only what is hers."""
    expires_at = clock.now() + VISITOR_LIFETIME
    token = VisitorToken(token=new_secret(VISITOR_PREFIX), customer_id=customer_id, expires_at=expires_at)
    await store.insert_visitor(
        unit, new_id("vis"), customer_id, fingerprint(token.token), VISITOR_SCOPES, token.expires_at
    )
    return token


async def authenticate(db: Database, credential: str) -> Caller:
    """Who holds this credential. Raises Unauthorised for one that is unknown, revoked or expired."""
    look_up = store.caller_of_visitor if credential.startswith(VISITOR_PREFIX) else store.caller_of_key
    async with db.nobody() as unit:
        caller = await look_up(unit, fingerprint(credential))
    if caller is None:
        raise Unauthorised
    return caller
