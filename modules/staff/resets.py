"""A new password for who forgot hers. Nobody hears, not even by the clock, whether there is such an account."""

from __future__ import annotations

from datetime import timedelta

from kit.audit import Named, record
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import emit
from kit.runtime import Runtime
from kit.throttle import Throttle
from modules.accounts.caller import CallerKind
from modules.accounts.secrets import fingerprint
from modules.staff import letters, store
from modules.staff.address import normal_email
from modules.staff.errors import LetterUsed, UnknownMember
from modules.staff.events import PasswordResetAsked
from modules.staff.store import Letter, LetterKind
from modules.staff.wire import NewPassword, ResetRequest

LIFETIME = timedelta(hours=1)
ACCOUNT = Throttle("reset_account", free=5)
ADDRESS = Throttle("reset_address", free=20)


async def admit(runtime: Runtime, asked: ResetRequest, address: str) -> None:
    """Count a wish for a new password, whether there is such an account or not. Raises BadEmail, TooManyAttempts."""
    email = normal_email(asked.email)
    redis, secret = runtime.redis, runtime.settings.secret
    await ADDRESS.attempt(redis, secret, address)
    await ACCOUNT.attempt(redis, secret, f"{asked.business_id}\n{email}")


async def fulfil(runtime: Runtime, asked: ResetRequest) -> None:
    """Write a letter when there is such an account; to be called after the answer went out."""
    email = normal_email(asked.email)
    async with runtime.db.nobody() as unit:
        holder = await store.holder_of_email(unit, asked.business_id, email)
    if holder is None or holder.suspended:
        return
    async with runtime.db.tenant(holder.business_id) as unit:
        await write(unit, email, secret=runtime.settings.secret)


async def write(unit: Unit, email: str, *, secret: str) -> str:
    """Write a letter to a member: single use, one hour, an earlier one ends. Returns its token.

    Raises BadEmail, UnknownMember.
    """
    email = normal_email(email)
    if await store.member_by_email(unit, email) is None:
        raise UnknownMember
    letter = Letter(new_id("let"), LetterKind.PASSWORD_RESET, email, None)
    token = letters.token_of(letter, secret)
    await store.insert_letter(unit, letter, fingerprint(token), LIFETIME)
    await emit(unit, PasswordResetAsked(letter.id))
    return token


async def redeem(db: Database, given: NewPassword) -> None:
    """Set a new password by a letter; every session of the member ends. Raises LetterUsed, BadPassword."""
    holder, password_hash = await letters.opened(db, given.token, LetterKind.PASSWORD_RESET, given.password)
    async with db.tenant(holder.business_id) as unit:
        used = await store.use_letter(unit, holder.subject, LetterKind.PASSWORD_RESET)
        member = None if used is None else await store.member_by_email(unit, used.email)
        if member is None:
            raise LetterUsed
        await store.set_password(unit, member.id, password_hash)
        await store.end_sessions(unit, member.id)
        await record(unit, Named(CallerKind.STAFF, member.id), "staff.password_changed", member.id)
