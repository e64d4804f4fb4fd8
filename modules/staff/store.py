"""SQL of staff, their letters and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import and_, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.page import newest_first
from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.accounts.scopes import Role
from modules.staff.tables import spent_refresh_tokens, staff, staff_letters, staff_sessions
from modules.staff.wire import Invitation, Member

_OF_EMAIL = text("SELECT * FROM holder_of_email(:business_id, :email)")
_OF_LETTER = text("SELECT * FROM holder_of_letter(:hash)")
_OF_REFRESH = text("SELECT * FROM holder_of_refresh_token(:hash)")
_MEMBER = [staff.c[name] for name in Member.__struct_fields__]
_OPEN_SESSION = and_(staff_sessions.c.revoked_at.is_(None), staff_sessions.c.expires_at > func.now())
_OPEN_LETTER = and_(staff_letters.c.used_at.is_(None), staff_letters.c.expires_at > func.now())


class LetterKind(StrEnum):
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"


class Holder(Struct, frozen=True):
    """Whom a secret or an address belongs to. subject: a member, letter or session, as the look-up says."""

    business_id: str
    subject: str
    suspended: bool
    password_hash: str | None = None


class Letter(Struct, frozen=True):
    """What an invitation or a reset says."""

    id: str
    kind: LetterKind
    email: str
    role: Role | None


class SessionRow(Struct, frozen=True):
    """An open session."""

    id: str
    staff_id: str
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime


_LETTER = [staff_letters.c[name] for name in Letter.__struct_fields__]
_SESSION = [staff_sessions.c[name] for name in SessionRow.__struct_fields__]


async def holder_of_email(unit: Unit, business_id: str, email: str) -> Holder | None:
    """The member who signs in by this address at this business."""
    row = (await unit.execute(_OF_EMAIL, {"business_id": business_id, "email": email})).one_or_none()
    return None if row is None else shaped(row, Holder)


async def holder_of_letter(unit: Unit, secret_hash: bytes) -> Holder | None:
    """The open letter with this token."""
    row = (await unit.execute(_OF_LETTER, {"hash": secret_hash})).one_or_none()
    return None if row is None else shaped(row, Holder)


async def holder_of_refresh_token(unit: Unit, secret_hash: bytes) -> Holder | None:
    """The session that this refresh token belongs to, or once belonged to."""
    row = (await unit.execute(_OF_REFRESH, {"hash": secret_hash})).one_or_none()
    return None if row is None else shaped(row, Holder)


async def member(unit: Unit, staff_id: str) -> Member | None:
    row = await unit.one_or_none(select(*_MEMBER).where(staff.c.id == staff_id))
    return None if row is None else shaped(row, Member)


async def member_by_email(unit: Unit, email: str) -> Member | None:
    row = await unit.one_or_none(select(*_MEMBER).where(staff.c.email == email))
    return None if row is None else shaped(row, Member)


async def members(unit: Unit, before: str | None, limit: int) -> tuple[tuple[Member, ...], str | None]:
    rows, cursor = await newest_first(unit, select(*_MEMBER), staff.c.id, before, limit)
    return tuple(shaped(row, Member) for row in rows), cursor


async def insert_member(
    unit: Unit, staff_id: str, email: str, name: str, role: Role, password_hash: str
) -> Member | None:
    """Add a member; None when the address is taken."""
    row = await unit.one_or_none(
        upsert(staff)
        .values(
            id=staff_id,
            business_id=unit.business_id,
            email=email,
            name=name,
            role=role,
            password_hash=password_hash,
        )
        .on_conflict_do_nothing(index_elements=["business_id", "email"])
        .returning(*_MEMBER)
    )
    return None if row is None else shaped(row, Member)


async def lock_owners(unit: Unit) -> set[str]:
    """Ids of the owners, none of whom changes until the unit ends."""
    rows = await unit.all(
        select(staff.c.id).where(staff.c.role == Role.OWNER).order_by(staff.c.id).with_for_update()
    )
    return {row.id for row in rows}


async def set_role(unit: Unit, staff_id: str, role: Role) -> Member | None:
    row = await unit.one_or_none(
        update(staff).where(staff.c.id == staff_id).values(role=role).returning(*_MEMBER)
    )
    return None if row is None else shaped(row, Member)


async def set_password(unit: Unit, staff_id: str, password_hash: str) -> None:
    await unit.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash))


async def delete_member(unit: Unit, staff_id: str) -> bool:
    """Remove a member with all sessions; False when there is none."""
    return (await unit.execute(delete(staff).where(staff.c.id == staff_id))).rowcount == 1


async def insert_letter(unit: Unit, letter: Letter, secret_hash: bytes, lifetime: timedelta) -> datetime:
    """Write a letter; those of its kind that went to the same address before end. Returns when it ends."""
    await unit.execute(
        update(staff_letters)
        .where(staff_letters.c.email == letter.email, staff_letters.c.kind == letter.kind, _OPEN_LETTER)
        .values(used_at=func.now())
    )
    row = await unit.one_or_none(
        insert(staff_letters)
        .values(
            id=letter.id,
            business_id=unit.business_id,
            kind=letter.kind,
            email=letter.email,
            role=letter.role,
            secret_hash=secret_hash,
            expires_at=func.now() + lifetime,
        )
        .returning(staff_letters.c.expires_at)
    )
    assert row is not None
    expires_at: datetime = row.expires_at
    return expires_at


async def open_letter(unit: Unit, letter_id: str) -> Letter | None:
    """A letter that still opens the door."""
    row = await unit.one_or_none(select(*_LETTER).where(staff_letters.c.id == letter_id, _OPEN_LETTER))
    return None if row is None else shaped(row, Letter)


async def use_letter(unit: Unit, letter_id: str, kind: LetterKind) -> Letter | None:
    """Use a letter of this kind up; None when somebody did, or its time is over."""
    row = await unit.one_or_none(
        update(staff_letters)
        .where(staff_letters.c.id == letter_id, staff_letters.c.kind == kind, _OPEN_LETTER)
        .values(used_at=func.now())
        .returning(*_LETTER)
    )
    return None if row is None else shaped(row, Letter)


async def invitations(
    unit: Unit, before: str | None, limit: int
) -> tuple[tuple[Invitation, ...], str | None]:
    """Open invitations, newest first."""
    columns = [staff_letters.c[name] for name in ("id", "email", "role", "expires_at")]
    query = select(*columns).where(staff_letters.c.kind == LetterKind.INVITATION, _OPEN_LETTER)
    rows, cursor = await newest_first(unit, query, staff_letters.c.id, before, limit)
    return tuple(Invitation(row.id, row.email, Role(row.role), row.expires_at) for row in rows), cursor


async def insert_session(
    unit: Unit,
    session_id: str,
    staff_id: str,
    access_hash: bytes,
    refresh_hash: bytes,
    access_for: timedelta,
    refresh_for: timedelta,
) -> tuple[datetime, datetime]:
    """Open a session; returns when its access token and its refresh token end."""
    row = await unit.one_or_none(
        insert(staff_sessions)
        .values(
            id=session_id,
            business_id=unit.business_id,
            staff_id=staff_id,
            access_hash=access_hash,
            access_expires_at=func.now() + access_for,
            refresh_hash=refresh_hash,
            expires_at=func.now() + refresh_for,
        )
        .returning(staff_sessions.c.access_expires_at, staff_sessions.c.expires_at)
    )
    assert row is not None
    return row.access_expires_at, row.expires_at


async def renew_session(
    unit: Unit,
    session_id: str,
    spent_hash: bytes,
    access_hash: bytes,
    refresh_hash: bytes,
    access_for: timedelta,
    refresh_for: timedelta,
) -> tuple[str, datetime, datetime] | None:
    """Exchange an open session's tokens; None unless `spent_hash` is its present refresh token.

    Returns the member's id and when the new tokens end.
    """
    row = await unit.one_or_none(
        update(staff_sessions)
        .where(staff_sessions.c.id == session_id, staff_sessions.c.refresh_hash == spent_hash, _OPEN_SESSION)
        .values(
            access_hash=access_hash,
            access_expires_at=func.now() + access_for,
            refresh_hash=refresh_hash,
            refreshed_at=func.now(),
            expires_at=func.now() + refresh_for,
        )
        .returning(staff_sessions.c.staff_id, staff_sessions.c.access_expires_at, staff_sessions.c.expires_at)
    )
    if row is None:
        return None
    await unit.execute(
        insert(spent_refresh_tokens).values(
            secret_hash=spent_hash, business_id=unit.business_id, session_id=session_id
        )
    )
    return row.staff_id, row.access_expires_at, row.expires_at


async def sessions(
    unit: Unit, staff_id: str | None, before: str | None, limit: int
) -> tuple[Sequence[SessionRow], str | None]:
    """Open sessions of one member or of all, newest first."""
    query = select(*_SESSION).where(_OPEN_SESSION)
    if staff_id is not None:
        query = query.where(staff_sessions.c.staff_id == staff_id)
    rows, cursor = await newest_first(unit, query, staff_sessions.c.id, before, limit)
    return [shaped(row, SessionRow) for row in rows], cursor


async def end_session(unit: Unit, session_id: str, staff_id: str | None) -> bool:
    """End an open session, of one member or of any; False when there is none."""
    statement = update(staff_sessions).where(staff_sessions.c.id == session_id, _OPEN_SESSION)
    if staff_id is not None:
        statement = statement.where(staff_sessions.c.staff_id == staff_id)
    return (await unit.execute(statement.values(revoked_at=func.now()))).rowcount == 1


async def end_sessions(unit: Unit, staff_id: str) -> None:
    """End every session of a member."""
    await unit.execute(
        update(staff_sessions)
        .where(staff_sessions.c.staff_id == staff_id, staff_sessions.c.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
