"""Members of staff: inviting them, letting them in, what they are, and their leaving."""

from __future__ import annotations

from datetime import timedelta

from kit.audit import OPERATOR, Actor, Named, record
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import emit
from modules.accounts import service as accounts
from modules.accounts.caller import Caller, CallerKind
from modules.accounts.errors import ScopeNotHeld
from modules.accounts.scopes import ROLE_SCOPES, Role
from modules.accounts.secrets import fingerprint
from modules.staff import letters, sessions, store
from modules.staff.address import normal_email
from modules.staff.errors import AlreadyStaff, LastOwner, LetterUsed, UnknownInvitation, UnknownMember
from modules.staff.events import StaffInvited
from modules.staff.store import Letter, LetterKind
from modules.staff.wire import Acceptance, Invitation, InvitationPage, Member, MemberPage, SignedIn

INVITATION_LIFETIME = timedelta(days=7)


async def invite(unit: Unit, caller: Caller | None, email: str, role: Role, *, secret: str) -> Invitation:
    """Write an invitation, single use, good for seven days; an earlier one to the same address ends.

    caller: None is the operator. secret: the service's own, from which the token is made. Raises BadEmail,
    AlreadyStaff, ScopeNotHeld, UnknownBusiness.
    """
    _may_grant(caller, role)
    await accounts.business(unit)
    email = normal_email(email)
    if await store.member_by_email(unit, email) is not None:
        raise AlreadyStaff
    letter = Letter(new_id("let"), LetterKind.INVITATION, email, role)
    token = letters.token_of(letter, secret)
    expires_at = await store.insert_letter(unit, letter, fingerprint(token), INVITATION_LIFETIME)
    await emit(unit, StaffInvited(letter.id))
    await record(unit, caller or OPERATOR, "staff.invited", letter.id)
    return Invitation(letter.id, email, role, expires_at, token)


async def invitations(unit: Unit, cursor: str | None, limit: int) -> InvitationPage:
    """Invitations that nobody accepted yet, newest first."""
    return InvitationPage(*await store.invitations(unit, cursor, limit))


async def withdraw_invitation(unit: Unit, actor: Actor, invitation_id: str) -> None:
    """Take an open invitation back. Raises UnknownInvitation."""
    if await store.use_letter(unit, invitation_id, LetterKind.INVITATION) is None:
        raise UnknownInvitation
    await record(unit, actor, "staff.invitation_withdrawn", invitation_id)


async def accept(db: Database, given: Acceptance) -> SignedIn:
    """Become a member of staff by an invitation, and sign in. Raises LetterUsed, BadPassword, AlreadyStaff."""
    holder, password_hash = await letters.opened(db, given.token, LetterKind.INVITATION, given.password)
    async with db.tenant(holder.business_id) as unit:
        used = await store.use_letter(unit, holder.subject, LetterKind.INVITATION)
        if used is None or used.role is None:
            raise LetterUsed
        member = await store.insert_member(
            unit, new_id("stf"), used.email, given.name, used.role, password_hash
        )
        if member is None:
            raise AlreadyStaff
        session = await sessions.open_session(unit, member)
        await record(unit, Named(CallerKind.STAFF, member.id), "staff.joined", member.id)
        return session


async def members(unit: Unit, cursor: str | None, limit: int) -> MemberPage:
    """The business's staff, newest first."""
    return MemberPage(*await store.members(unit, cursor, limit))


async def member(unit: Unit, staff_id: str) -> Member:
    """Raises UnknownMember."""
    found = await store.member(unit, staff_id)
    if found is None:
        raise UnknownMember
    return found


async def change_role(unit: Unit, caller: Caller, staff_id: str, role: Role) -> Member:
    """Make a member something else, from the next request on. Raises UnknownMember, LastOwner, ScopeNotHeld."""
    _may_grant(caller, role)
    if role is not Role.OWNER:
        await _leave_an_owner(unit, staff_id)
    member = await store.set_role(unit, staff_id, role)
    if member is None:
        raise UnknownMember
    await record(unit, caller, f"staff.made_{role}", staff_id)
    return member


async def remove(unit: Unit, actor: Actor, staff_id: str) -> None:
    """Let a member go: sessions end at once. Raises UnknownMember, LastOwner."""
    await _leave_an_owner(unit, staff_id)
    if not await store.delete_member(unit, staff_id):
        raise UnknownMember
    await record(unit, actor, "staff.removed", staff_id)


def _may_grant(caller: Caller | None, role: Role) -> None:
    """Nobody makes somebody else more than she is herself."""
    if caller is not None and not caller.scopes >= ROLE_SCOPES[role]:
        raise ScopeNotHeld("Nobody can be given more than you may do yourself.")


async def _leave_an_owner(unit: Unit, staff_id: str) -> None:
    if await store.lock_owners(unit) == {staff_id}:
        raise LastOwner
