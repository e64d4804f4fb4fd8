"""Staff, their invitations and sessions as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from modules.accounts.scopes import Role

Email = Annotated[str, Meta(min_length=3, max_length=254)]
Password = Annotated[str, Meta(min_length=1, max_length=1000)]
Token = Annotated[str, Meta(min_length=1, max_length=200)]
Id = Annotated[str, Meta(min_length=1, max_length=40)]


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """E-mail address and password of a member of staff of one business."""

    business_id: Id
    email: Email
    password: Password


class Refresh(Struct, frozen=True, forbid_unknown_fields=True):
    """The refresh token, where no cookie carries it."""

    refresh_token: Token | None = None


class InvitationRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to invite, and as what."""

    email: Email
    role: Role


class Acceptance(Struct, frozen=True, forbid_unknown_fields=True):
    """The invitation's token, and how the new member is called and signs in."""

    token: Token
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    password: Password


class ResetRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Who forgot a password."""

    business_id: Id
    email: Email


class NewPassword(Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the letter, and the password from now on."""

    token: Token
    password: Password


class RoleChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What a member of staff is from now on."""

    role: Role


class Member(Struct, frozen=True):
    """A member of staff."""

    id: str
    email: str
    name: str
    role: Role
    created_at: datetime


class MemberPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Member, ...]
    next_cursor: str | None = None


class Invitation(Struct, frozen=True):
    """An open invitation. token: shown once, to whoever invites, to be handed over."""

    id: str
    email: str
    role: Role
    expires_at: datetime
    token: str | None = None


class InvitationPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Invitation, ...]
    next_cursor: str | None = None


class SignedIn(Struct, frozen=True):
    """A session of a member of staff. Its tokens are shown once, and not at all when cookies carry them."""

    session_id: str
    staff_id: str
    role: Role
    expires_at: datetime
    refresh_until: datetime
    access_token: str | None = None
    refresh_token: str | None = None


class Session(Struct, frozen=True):
    """A session that is open. current: the one that asks."""

    id: str
    staff_id: str
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime
    current: bool


class SessionPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Session, ...]
    next_cursor: str | None = None
