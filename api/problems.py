"""Every error becomes application/problem+json with a stable code (RFC 9457)."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap, Receive, Scope, Send
from msgspec import Struct
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.exc import DBAPIError
from structlog.contextvars import get_contextvars

from kit.errors import (
    AppError,
    Broken,
    Busy,
    Conflict,
    FieldError,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    Refused,
    Unauthorised,
)
from kit.log import get_logger

log = get_logger(__name__)


class MethodNotAllowed(Refused):
    status, code, public = 405, "method_not_allowed", "This address does not do that."


class TooLarge(Refused):
    status, code, public = 413, "too_large", "The request is larger than it may be."


class UnsupportedMediaType(Refused):
    status, code, public = 415, "unsupported_media_type", "The body is not of a kind that is read here."


class UnfitText(Invalid):
    """The NUL character: allowed in JSON, kept by no database."""

    code, public = "unfit_text", "A text holds a character that cannot be kept."


BadRequest = Refused
_OF_FRAMEWORK = {
    error.status: error
    for error in (
        BadRequest,
        Unauthorised,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        TooLarge,
        UnsupportedMediaType,
    )
}
"""What Litestar refuses by itself, by status."""

_UNFIT_TEXT = {"22021", "22P05"}
"""SQLSTATE of text that Postgres cannot keep: the NUL character, as bytes or inside JSON."""
_TAKEN = "23505"
"""SQLSTATE of a unique value that another transaction wrote between a handler's look and its write."""


_NO_PARENT = "23503"
"""SQLSTATE of a row whose parent is gone: checked when the request began, erased before it ended."""


class ErasedMeanwhile(Gone):
    """The row that a new one hangs on was removed between the check and the write."""

    code, public = "erased_meanwhile", "What this is about was erased meanwhile."


class TakenMeanwhile(Conflict):
    """A unique value, such as a SKU, was written by another request between the check and the write."""

    code, public = "taken_meanwhile", "Somebody did the same at the same moment. Please try again."


class Problem(Struct, frozen=True, omit_defaults=True):
    """The body of an error answer; `title` is for people, `code` for programs."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    request_id: str | None = None
    errors: tuple[FieldError, ...] = ()


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
    return _answer(error.status, error.code, error.public, detail, error.errors, headers)


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
    """What Postgres refuses: a text that it cannot keep, what is about somebody who was erased meanwhile and a value
    that was taken meanwhile are the caller's; everything else is a fault of ours.
    """
    state = getattr(error.orig, "sqlstate", None)
    if state in _UNFIT_TEXT:
        return handle_app_error(request, UnfitText())
    if state == _NO_PARENT:
        return handle_app_error(request, ErasedMeanwhile())
    if state == _TAKEN:
        return handle_app_error(request, TakenMeanwhile())
    return handle_fault(request, error)


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
    status: int, code: str, title: str, detail: str, errors: tuple[FieldError, ...], headers: dict[str, str]
) -> Response[Problem]:
    problem = Problem(
        type=f"urn:vernis:problem:{code}",
        title=title,
        status=status,
        code=code,
        detail=detail,
        request_id=get_contextvars().get("request_id"),
        errors=errors,
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
