"""Businesses, and the credentials made for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from kit import clock
from kit.audit import OPERATOR, Actor, record
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.ids import new_id
from modules.accounts import store
from modules.accounts.caller import Caller
from modules.accounts.errors import ScopeNotHeld, UnknownBusiness
from modules.accounts.origins import checked_origin
from modules.accounts.scopes import EVERY_SCOPE, TEST_SCOPES, VISITOR_SCOPES, Scope
from modules.accounts.secrets import LIVE_KEY, TEST_KEY, VISITOR, fingerprint, hint, new_secret
from modules.accounts.store import Listed
from modules.accounts.wire import Business, BusinessChange, CreatedKey, Key, VisitorToken

VISITOR_LIFETIME = timedelta(hours=2)


async def origin_is_allowed(db: Database, origin: str, business_id: str | None) -> bool:
    """Whether pages of this origin may call for this business, or for any where the caller is not known yet."""
    async with db.nobody() as unit:
        return await store.origin_is_allowed(unit, origin, business_id)


async def create_business(db: Database, name: str) -> str:
    """Open a business; returns its id."""
    business_id = new_id("biz")
    async with db.tenant(business_id) as unit:
        await store.insert_business(unit, name, new_id("pub"))
        await record(unit, OPERATOR, "business.opened", business_id)
    return business_id


async def every_business(db: Database) -> list[Listed]:
    """All businesses, oldest first: the operator's list."""
    async with db.system() as unit:
        return await store.every_business(unit)


async def suspend_business(db: Database, business_id: str, *, suspended: bool) -> None:
    """Refuse every credential of a business from now on, or take them again. Raises UnknownBusiness."""
    async with db.tenant(business_id) as unit:
        if not await store.suspend_business(unit, suspended):
            raise UnknownBusiness
        await record(unit, OPERATOR, "business.suspended" if suspended else "business.resumed", business_id)


async def forget_ended(db: Database, *, older_than: timedelta) -> int:
    """Delete what is left of credentials that ended so long ago; returns how many."""
    async with db.system() as unit:
        return await store.forget_ended(unit, older_than)


async def business(unit: Unit) -> Business:
    """The unit's business. Raises UnknownBusiness."""
    found = await store.find_business(unit)
    if found is None:
        raise UnknownBusiness(f"There is no business {unit.business_id}.")
    return found


async def change_business(unit: Unit, actor: Actor, change: BusinessChange) -> Business:
    """Rename a business or say from which origins pages may call. Raises BadOrigin."""
    changes: dict[str, object] = {}
    if change.name is not None:
        changes["name"] = change.name
    if change.allowed_origins is not None:
        changes["allowed_origins"] = sorted({checked_origin(origin) for origin in change.allowed_origins})
    changed = await store.change_business(unit, changes) if changes else await store.find_business(unit)
    if changed is None:
        raise UnknownBusiness
    for field in changes:
        await record(unit, actor, f"business.{field}_changed", unit.business_id)
    return changed


async def create_key(
    unit: Unit,
    name: str,
    scopes: tuple[Scope, ...] = EVERY_SCOPE,
    *,
    test: bool = False,
    expires_at: datetime | None = None,
    replaces: str | None = None,
    actor: Actor = OPERATOR,
) -> CreatedKey:
    """Make a server key; its secret is shown this once. A test key administers nothing.

    Raises UnknownBusiness, ScopeNotHeld.
    """
    await business(unit)
    if test:
        scopes = tuple(scope for scope in scopes if scope in TEST_SCOPES)
    if not scopes:
        raise ScopeNotHeld
    secret = new_secret(TEST_KEY if test else LIVE_KEY)
    made = CreatedKey(
        id=new_id("key"),
        name=name,
        secret=secret,
        scopes=scopes,
        test=test,
        expires_at=expires_at,
        replaces=replaces,
    )
    kept = Key(
        id=made.id,
        name=name,
        hint=hint(secret),
        scopes=scopes,
        test=test,
        created_at=clock.now(),
        expires_at=expires_at,
        replaces=replaces,
    )
    await store.insert_key(unit, kept, fingerprint(secret))
    await record(unit, actor, "key.created", made.id)
    return made


async def mint_visitor(unit: Unit, customer_id: str, minted_by: str) -> VisitorToken:
    """Make a token for one customer's device; it lives two hours and sees only what is hers.

    minted_by: id of the caller or ticket that asked for it.
    """
    token, expires_at = new_secret(VISITOR), clock.now() + VISITOR_LIFETIME
    await store.insert_visitor(
        unit, new_id("vis"), customer_id, fingerprint(token), VISITOR_SCOPES, minted_by, expires_at
    )
    return VisitorToken(customer_id=customer_id, expires_at=expires_at, token=token)


async def minted(unit: Unit, caller: Caller, customer_id: str) -> bool:
    """Whether the caller minted a token for this customer that still works."""
    return await store.has_visitor(unit, customer_id, caller.subject)
