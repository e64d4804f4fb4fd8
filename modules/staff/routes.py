"""Staff and their sessions over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, delete, get, patch, post
from litestar.background_tasks import BackgroundTask
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api.cookies import COOKIES, Carried, CrossSite, carried, hand_over, refuse_cross_site, take_back
from api.given import GivenAddress, GivenCaller, GivenRuntime, GivenUnit
from api.guards import may, staff_only
from api.idempotency import SECRET
from api.problems import fails
from kit.throttle import TooManyAttempts
from modules.accounts.errors import BusinessSuspended, ScopeNotHeld, UnknownBusiness
from modules.accounts.scopes import Scope
from modules.staff import resets, service, sessions
from modules.staff.errors import (
    AlreadyStaff,
    BadEmail,
    BadPassword,
    LastOwner,
    LetterUsed,
    SessionEnded,
    UnknownInvitation,
    UnknownMember,
    UnknownSession,
    WrongPassword,
)
from modules.staff.wire import (
    Acceptance,
    Invitation,
    InvitationPage,
    InvitationRequest,
    Member,
    MemberPage,
    NewPassword,
    Refresh,
    ResetRequest,
    RoleChange,
    SessionPage,
    SignedIn,
    SignIn,
)

Cursor = Annotated[str | None, QueryParameter(max_length=40)]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]
InCookie = Annotated[bool, QueryParameter(description="Keep the tokens in cookies instead of showing them.")]
AnyRequest = Request[Any, Any, Any]


@post(
    "/staff/sessions",
    status_code=201,
    exclude_from_auth=True,
    opt=COOKIES | fails(BadEmail, BusinessSuspended, CrossSite, SessionEnded, TooManyAttempts, WrongPassword),
)
async def sign_in(
    data: JSONBody[SignIn],
    request: AnyRequest,
    runtime: GivenRuntime,
    address: GivenAddress,
    cookie: InCookie = False,
) -> Response[SignedIn]:
    """Sign in. Repeated failures make the account and the address wait, longer each time."""
    return _handed_over(request, await sessions.sign_in(runtime, data, address), cookie)


@post(
    "/staff/sessions/refresh",
    status_code=200,
    exclude_from_auth=True,
    opt=COOKIES | fails(BusinessSuspended, CrossSite, SessionEnded),
)
async def refresh_session(
    data: JSONBody[Refresh], request: AnyRequest, runtime: GivenRuntime
) -> Response[SignedIn]:
    """Exchange the refresh token, from the body or else the cookie. One that comes twice ends the session."""
    if data.refresh_token is not None:
        return _handed_over(request, await sessions.refresh(runtime.db, data.refresh_token), False)
    token = carried(request, Carried.REFRESH)
    if token is None:
        raise SessionEnded
    refuse_cross_site(request)
    return _handed_over(request, await sessions.refresh(runtime.db, token), True)


@get("/staff/sessions", guards=[staff_only])
async def list_sessions(
    unit: GivenUnit,
    caller: GivenCaller,
    staff_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> SessionPage:
    """Open sessions, newest first: one's own; an owner sees everybody's, or one member's."""
    return await sessions.page(unit, caller, staff_id, cursor, limit)


@delete("/staff/sessions/current", guards=[staff_only], status_code=204, opt=COOKIES)
async def sign_out(unit: GivenUnit, caller: GivenCaller, request: AnyRequest) -> Response[None]:
    """End the session that asks, and its cookies."""
    await sessions.sign_out(unit, caller)
    return Response(None, cookies=[take_back(request, Carried.STAFF), take_back(request, Carried.REFRESH)])


@delete("/staff/sessions/{session_id:str}", guards=[staff_only], opt=fails(UnknownSession))
async def end_session(session_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """End a session at once: one's own, or for an owner anybody's."""
    await sessions.end(unit, caller, session_id)


@post(
    "/staff/invitations",
    guards=[may(Scope.STAFF_WRITE)],
    status_code=201,
    opt=SECRET | fails(AlreadyStaff, BadEmail, ScopeNotHeld, UnknownBusiness),
)
async def invite(
    data: JSONBody[InvitationRequest], unit: GivenUnit, caller: GivenCaller, runtime: GivenRuntime
) -> Invitation:
    """Invite somebody to the staff. The token is shown this once; it is good for one use and seven days."""
    return await service.invite(unit, caller, data.email, data.role, secret=runtime.settings.secret)


@get("/staff/invitations", guards=[may(Scope.STAFF_WRITE)])
async def list_invitations(unit: GivenUnit, cursor: Cursor = None, limit: Limit = 50) -> InvitationPage:
    """Invitations that nobody accepted yet, newest first."""
    return await service.invitations(unit, cursor, limit)


@delete(
    "/staff/invitations/{invitation_id:str}", guards=[may(Scope.STAFF_WRITE)], opt=fails(UnknownInvitation)
)
async def withdraw_invitation(invitation_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Take an invitation back that nobody accepted yet."""
    await service.withdraw_invitation(unit, caller, invitation_id)


@post(
    "/staff/invitations/accept",
    status_code=201,
    exclude_from_auth=True,
    opt=COOKIES | fails(AlreadyStaff, BadPassword, BusinessSuspended, CrossSite, LetterUsed, SessionEnded),
)
async def accept_invitation(
    data: JSONBody[Acceptance], request: AnyRequest, runtime: GivenRuntime, cookie: InCookie = False
) -> Response[SignedIn]:
    """Become a member of staff by an invitation's token, and sign in."""
    return _handed_over(request, await service.accept(runtime.db, data), cookie)


@post("/staff/password-resets", status_code=202, exclude_from_auth=True, opt=fails(BadEmail, TooManyAttempts))
async def ask_password_reset(
    data: JSONBody[ResetRequest], runtime: GivenRuntime, address: GivenAddress
) -> Response[None]:
    """Have a letter sent with which to set a new password. The answer is the same where there is no such account."""
    await resets.admit(runtime, data, address)
    return Response(None, background=BackgroundTask(resets.fulfil, runtime, data))


@post(
    "/staff/password-resets/redeem",
    status_code=204,
    exclude_from_auth=True,
    opt=fails(BadPassword, BusinessSuspended, LetterUsed),
)
async def redeem_password_reset(data: JSONBody[NewPassword], runtime: GivenRuntime) -> None:
    """Set a new password by the letter's token; every session of that member ends."""
    await resets.redeem(runtime.db, data)


@get("/staff", guards=[may(Scope.STAFF_WRITE)])
async def list_staff(unit: GivenUnit, cursor: Cursor = None, limit: Limit = 50) -> MemberPage:
    """The business's staff, newest first."""
    return await service.members(unit, cursor, limit)


@patch(
    "/staff/{staff_id:str}",
    guards=[may(Scope.STAFF_WRITE)],
    opt=fails(LastOwner, ScopeNotHeld, UnknownMember),
)
async def change_role(
    staff_id: FromPath[str], data: JSONBody[RoleChange], unit: GivenUnit, caller: GivenCaller
) -> Member:
    """Make a member owner, reception or stylist; it counts from the next request on."""
    return await service.change_role(unit, caller, staff_id, data.role)


@delete("/staff/{staff_id:str}", guards=[may(Scope.STAFF_WRITE)], opt=fails(LastOwner, UnknownMember))
async def remove_member(staff_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Let a member go; sessions end at once."""
    await service.remove(unit, caller, staff_id)


def _handed_over(request: AnyRequest, signed_in: SignedIn, cookie: bool) -> Response[SignedIn]:
    """A session's tokens in the answer, or in cookies that scripts cannot read."""
    access, refresh = signed_in.access_token, signed_in.refresh_token
    if not cookie or access is None or refresh is None:
        return Response(signed_in)
    return Response(
        msgspec.structs.replace(signed_in, access_token=None, refresh_token=None),
        cookies=[
            hand_over(request, Carried.STAFF, access, signed_in.expires_at),
            hand_over(request, Carried.REFRESH, refresh, signed_in.refresh_until),
        ],
    )


router = Router(
    path="/v1",
    route_handlers=[
        sign_in,
        refresh_session,
        list_sessions,
        sign_out,
        end_session,
        invite,
        list_invitations,
        withdraw_invitation,
        accept_invitation,
        ask_password_reset,
        redeem_password_reset,
        list_staff,
        change_role,
        remove_member,
    ],
    tags=["staff"],
)
