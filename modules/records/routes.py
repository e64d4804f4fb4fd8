"""A business's logs over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.params import FromQuery, QueryParameter

from api.given import GivenUnit
from api.guards import may
from modules.accounts.scopes import Scope
from modules.records import service
from modules.records.wire import AuditPage, RequestPage

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
Status = Annotated[str | None, QueryParameter(pattern=r"^[1-5](xx|[0-9][0-9])$")]


@get("/audit", guards=[may(Scope.AUDIT_READ)])
async def list_audit(unit: GivenUnit, cursor: FromQuery[str | None] = None, limit: Limit = 50) -> AuditPage:
    """Who did what to what, newest first, as a chain of hashes."""
    rows, next_cursor = await service.audit_page(unit, cursor, limit)
    return AuditPage(tuple(rows), next_cursor)


@get("/requests", guards=[may(Scope.AUDIT_READ)])
async def list_requests(
    unit: GivenUnit,
    status: Status = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = 50,
) -> RequestPage:
    """Requests of the last seven days, newest first; `status` is `404`, or `5xx` for a class. Without bodies."""
    rows, next_cursor = await service.requests_page(unit, status, cursor, limit)
    return RequestPage(tuple(rows), next_cursor)


router = Router(path="/v1", route_handlers=[list_audit, list_requests], tags=["logs"])
