"""Sessions of staff: a short access token, and a refresh token that is exchanged each time it is used.

A refresh token that comes a second time was stolen, by whoever came first or by whoever comes now: the whole session
ends (RFC 9700, 4.14.2).
"""

from __future__ import annotations

from datetime import timedelta

from kit.audit import SYSTEM, record
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.ids import new_id
from kit.log import get_logger
from kit.runtime import Runtime
from kit.throttle import Throttle
from modules.accounts.caller import Caller
from modules.accounts.errors import BusinessSuspended
from modules.accounts.scopes import Scope
from modules.accounts.secrets import STAFF_ACCESS, STAFF_REFRESH, fingerprint, new_secret
from modules.staff import passwords, store
from modules.staff.address import normal_email
from modules.staff.errors import SessionEnded, UnknownSession, WrongPassword
from modules.staff.wire import Member, Session, SessionPage, SignedIn, SignIn

log = get_logger(__name__)

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=14)

ACCOUNT = Throttle("sign_in_account", free=5)
ADDRESS = Throttle("sign_in_address", free=20)
"""A salon's staff share an address: it gets more attempts than one account."""


async def sign_in(runtime: Runtime, given: SignIn, address: str) -> SignedIn:
    """Open a session by e-mail address and password.

    An account that is not there costs as much time, counts as many attempts, and gets the same answer. Raises
    BadEmail, TooManyAttempts, WrongPassword, BusinessSuspended.
    """
    email = normal_email(given.email)
    account, redis, secret = f"{given.business_id}\n{email}", runtime.redis, runtime.settings.secret
    await ADDRESS.attempt(redis, secret, address)
    await ACCOUNT.attempt(redis, secret, account)
    async with runtime.db.nobody() as unit:
        holder = await store.holder_of_email(unit, given.business_id, email)
    fits = await passwords.fits(holder.password_hash if holder else None, given.password)
    if holder is None or not fits:
        raise WrongPassword
    await ADDRESS.forgive(redis, secret, address)
    await ACCOUNT.forget(redis, secret, account)
    if holder.suspended:
        raise BusinessSuspended
    async with runtime.db.tenant(holder.business_id) as unit:
        if holder.password_hash is not None and passwords.is_outdated(holder.password_hash):
            await store.set_password(unit, holder.subject, await passwords.hashed(given.password))
        member = await store.member(unit, holder.subject)
        if member is None:
            raise WrongPassword
        return await open_session(unit, member)


async def open_session(unit: Unit, member: Member) -> SignedIn:
    """A session for a member who has shown who she is."""
    session_id, access, refresh = new_id("ses"), new_secret(STAFF_ACCESS), new_secret(STAFF_REFRESH)
    expires_at, refresh_until = await store.insert_session(
        unit,
        session_id,
        member.id,
        fingerprint(access),
        fingerprint(refresh),
        ACCESS_LIFETIME,
        REFRESH_LIFETIME,
    )
    return SignedIn(session_id, member.id, member.role, expires_at, refresh_until, access, refresh)


async def refresh(db: Database, token: str) -> SignedIn:
    """Exchange a refresh token, and with it the access token. Raises SessionEnded, BusinessSuspended.

    One that was exchanged before ends the session, which is committed although the caller is refused.
    """
    async with db.nobody() as unit:
        holder = await store.holder_of_refresh_token(unit, fingerprint(token))
    if holder is None:
        raise SessionEnded
    if holder.suspended:
        raise BusinessSuspended
    access, successor = new_secret(STAFF_ACCESS), new_secret(STAFF_REFRESH)
    async with db.tenant(holder.business_id) as unit:
        renewed = await store.renew_session(
            unit,
            holder.subject,
            fingerprint(token),
            fingerprint(access),
            fingerprint(successor),
            ACCESS_LIFETIME,
            REFRESH_LIFETIME,
        )
        member = None if renewed is None else await store.member(unit, renewed[0])
        if renewed is None and await store.end_session(unit, holder.subject, None):
            log.warning("refresh_token_reused", session_id=holder.subject, business_id=holder.business_id)
            await record(unit, SYSTEM, "session.ended_by_reuse", holder.subject)
    if renewed is None or member is None:
        raise SessionEnded
    return SignedIn(holder.subject, member.id, member.role, renewed[1], renewed[2], access, successor)


async def page(
    unit: Unit, caller: Caller, staff_id: str | None, cursor: str | None, limit: int
) -> SessionPage:
    """Open sessions, newest first: the caller's own, or of anybody for who may change staff."""
    whose = staff_id if Scope.STAFF_WRITE in caller.scopes else caller.subject
    found, next_cursor = await store.sessions(unit, whose, cursor, limit)
    return SessionPage(
        tuple(
            Session(
                row.id,
                row.staff_id,
                row.created_at,
                row.refreshed_at,
                row.expires_at,
                current=row.id == caller.session_id,
            )
            for row in found
        ),
        next_cursor,
    )


async def end(unit: Unit, caller: Caller, session_id: str) -> None:
    """End a session at once: one's own, or anybody's for who may change staff. Raises UnknownSession."""
    whose = None if Scope.STAFF_WRITE in caller.scopes else caller.subject
    if not await store.end_session(unit, session_id, whose):
        raise UnknownSession
    await record(unit, caller, "session.ended", session_id)


async def sign_out(unit: Unit, caller: Caller) -> None:
    """End the session that asks."""
    if caller.session_id is not None:
        await store.end_session(unit, caller.session_id, caller.subject)
