"""Visitors: a customer's device gets its own token."""

from __future__ import annotations

from litestar import Router, post

from api.given import GivenUnit
from api.guards import may
from api.idempotency import SECRET
from modules.accounts import service as accounts
from modules.accounts.scopes import Scope
from modules.accounts.wire import VisitorToken
from modules.customers import service as customers


@post("/visitors", guards=[may(Scope.VISITOR_WRITE)], status_code=201, opt=SECRET)
async def create_visitor(unit: GivenUnit) -> VisitorToken:
    """Add an anonymous customer and mint a token for her device. It lives two hours and is shown once."""
    return await accounts.mint_visitor(unit, await customers.create(unit))


router = Router(path="/v1", route_handlers=[create_visitor], tags=["visitors"])
