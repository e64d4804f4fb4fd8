"""Visitors: a customer's device gets its own token."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, post
from litestar.params import JSONBody, QueryParameter

from api.cookies import COOKIES, Carried, CrossSite, hand_over
from api.given import GivenAddress, GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.idempotency import SECRET
from api.limits import PublicDoor
from api.problems import fails
from modules.accounts.errors import BusinessSuspended
from modules.accounts.scopes import Scope
from modules.accounts.wire import VisitorToken
from modules.customers import visits
from modules.customers.errors import OriginRefused, TicketUsed, UnknownCustomer, UnknownPublicId
from modules.customers.wire import PublicVisit, Ticket, TicketRedemption, TicketRequest

InCookie = Annotated[bool, QueryParameter(description="Keep the token in a cookie instead of showing it.")]
AnyRequest = Request[Any, Any, Any]


@post(
    "/visitors", guards=[may(Scope.VISITOR_WRITE)], status_code=201, opt=COOKIES | SECRET, tags=["visitors"]
)
async def create_visitor(
    unit: GivenUnit, caller: GivenCaller, request: AnyRequest, cookie: InCookie = False
) -> Response[VisitorToken]:
    """Add an anonymous customer and mint a token for her device. It lives two hours and is shown once."""
    return _handed_over(request, await visits.open_visit(unit, caller), cookie)


@post(
    "/visitors/public",
    status_code=201,
    exclude_from_auth=True,
    tags=["visitors"],
    opt=COOKIES | fails(BusinessSuspended, CrossSite, OriginRefused, UnknownPublicId),
)
async def create_public_visitor(
    data: JSONBody[PublicVisit],
    request: AnyRequest,
    runtime: GivenRuntime,
    address: GivenAddress,
    cookie: InCookie = False,
) -> Response[VisitorToken]:
    """Mint a token for a visitor of a web page, whose origin the business lists. Limited by address and by business."""
    door: PublicDoor = request.app.state.public_door
    await door.admit(address, data.public_id)
    token = await visits.open_on_page(runtime, data.public_id, request.headers.get("origin"))
    return _handed_over(request, token, cookie)


@post(
    "/tickets",
    guards=[may(Scope.TICKET_WRITE)],
    status_code=201,
    opt=SECRET | fails(UnknownCustomer),
    tags=["visitors"],
)
async def create_ticket(data: JSONBody[TicketRequest], unit: GivenUnit, caller: GivenCaller) -> Ticket:
    """Make a ticket to show as a QR code: a phone redeems it once within ten minutes."""
    return await visits.create_ticket(unit, caller, data.customer_id)


@post(
    "/tickets/redeem",
    status_code=201,
    exclude_from_auth=True,
    tags=["visitors"],
    opt=COOKIES | fails(BusinessSuspended, CrossSite, TicketUsed),
)
async def redeem_ticket(
    data: JSONBody[TicketRedemption], request: AnyRequest, runtime: GivenRuntime, cookie: InCookie = False
) -> Response[VisitorToken]:
    """Exchange a ticket for a visitor's token, with the customer that it hands over or a new one."""
    return _handed_over(request, await visits.redeem(runtime, data.ticket), cookie)


def _handed_over(request: AnyRequest, visitor: VisitorToken, cookie: bool) -> Response[VisitorToken]:
    """A token in the answer, or in a cookie that scripts cannot read."""
    if not cookie or visitor.token is None:
        return Response(visitor)
    return Response(
        msgspec.structs.replace(visitor, token=None),
        cookies=[hand_over(request, Carried.VISITOR, visitor.token, visitor.expires_at)],
    )


router = Router(
    path="/v1", route_handlers=[create_visitor, create_public_visitor, create_ticket, redeem_ticket]
)
