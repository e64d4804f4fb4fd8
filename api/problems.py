"""Every error becomes application/problem+json with a stable code (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap, Receive, Scope, Send
from msgspec import Struct
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.exc import DBAPIError
from structlog.contextvars import get_contextvars

from api.errors import (
    ErasedMeanwhile,
    MethodNotAllowed,
    TakenMeanwhile,
    TooLarge,
    UnfitText,
    UnsupportedMediaType,
)
from kit.errors import AppError, Broken, Busy, FieldError, Forbidden, Invalid, NotFound, Refused, Unauthorised
from kit.log import get_logger

log = get_logger(__name__)

_OF_FRAMEWORK: dict[int, type[AppError]] = {
    error.status: error
    for error in (
        Refused,
        Unauthorised,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        TooLarge,
        UnsupportedMediaType,
    )
}
"""What Litestar refuses by itself, by status."""

_OF_DATABASE: dict[str, type[AppError]] = {
    "22021": UnfitText,
    "22P05": UnfitText,
    "23503": ErasedMeanwhile,
    "23505": TakenMeanwhile,
}
"""What Postgres turns down and the caller can mend, by SQLSTATE: the NUL character, as bytes or inside JSON; a row
whose parent is gone; a unique value that is there already."""


class Problem(Struct, frozen=True, omit_defaults=True):
    """The body of an error answer; `title` is for people, `code` for programs; alternatives: what would do instead."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    request_id: str | None = None
    errors: tuple[FieldError, ...] = ()
    alternatives: tuple[Mapping[str, Any], ...] = ()


def fails(*errors: type[AppError]) -> dict[str, Any]:
    """`opt` of a handler: what it can refuse besides what its guards and its signature imply."""
    return {"fails": errors}


def handle_app_error(_request: Request[Any, Any, Any], error: AppError) -> Response[Problem]:
    """An error of ours: its own status, code and public words."""
    if error.report:
        log.error("request_failed", code=error.code, exc_info=error)
    headers = {}
    if isinstance(error, Busy) or error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after or 1)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    detail = error.detail if error.detail != error.public else ""
    return _answer(error.status, error.code, error.public, detail, error.errors, headers, error.alternatives)


def handle_validation(request: Request[Any, Any, Any], error: ValidationException) -> Response[Problem]:
    """A body or parameter that does not fit: 422 with the fields."""
    extra = error.extra if isinstance(error.extra, list) else []
    fields = tuple(
        FieldError(str(item.get("key", "")), str(item.get("message", "")))
        for item in extra
        if isinstance(item, dict)
    )
    return handle_app_error(request, Invalid(errors=fields))


def handle_http(_request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """An error of the framework: no such route, a body that is no JSON, too large a body."""
    kind = _OF_FRAMEWORK.get(error.status_code)
    if kind is None:
        return _answer(error.status_code, "http_error", error.detail, "", (), dict(error.headers or {}))
    return _answer(kind.status, kind.code, kind.public, error.detail, (), dict(error.headers or {}))


def handle_database(request: Request[Any, Any, Any], error: DBAPIError) -> Response[Problem]:
    """What Postgres refuses: the caller's, where she can mend it; everything else is a fault of ours."""
    kind = _OF_DATABASE.get(getattr(error.orig, "sqlstate", ""))
    return handle_fault(request, error) if kind is None else handle_app_error(request, kind())


def handle_away(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Redis, or another service that we stand on, is away: 503, come back."""
    log.warning("dependency_away", error=type(error).__name__)
    return handle_app_error(request, Busy(retry_after=2))


def handle_fault(_request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """What nobody foresaw: 500 without any inner words."""
    log.error("request_failed", code="internal_error", exc_info=error)
    return _answer(Broken.status, Broken.code, Broken.public, "", (), {})


async def send_problem(error: AppError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer from within a middleware, so that what wraps `send` outside of it still sees the answer."""
    request: Request[Any, Any, Any] = Request(scope)
    answer = handle_app_error(request, error).to_asgi_response(app=None, request=request)
    await answer(scope, receive, send)


def _answer(
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: tuple[FieldError, ...],
    headers: dict[str, str],
    alternatives: tuple[Mapping[str, Any], ...] = (),
) -> Response[Problem]:
    problem = Problem(
        type=f"urn:vernis:problem:{code}",
        title=title,
        status=status,
        code=code,
        detail=detail,
        request_id=get_contextvars().get("request_id"),
        errors=errors,
        alternatives=alternatives,
    )
    media_type = "application/problem+json"
    return Response(
        problem, status_code=status, media_type=media_type, headers={**headers, "Cache-Control": "no-store"}
    )


HANDLERS: ExceptionHandlersMap = {
    AppError: handle_app_error,
    ValidationException: handle_validation,
    HTTPException: handle_http,
    DBAPIError: handle_database,
    RedisConnectionError: handle_away,
    ConnectionError: handle_away,
    Exception: handle_fault,
}
