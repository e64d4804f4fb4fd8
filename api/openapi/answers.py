"""What a route can answer: its success, and every problem with its codes."""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.response import Response, ServerSentEvent

from api.errors import ErasedMeanwhile, TakenMeanwhile, TooLarge, UnfitText, UnsupportedMediaType
from api.limits import RateLimited
from api.openapi import callers
from api.openapi.handlers import middlewares_of
from api.openapi.parameters import fields, is_repeatable, waits
from api.openapi.schemas import Schemas
from api.problems import Problem
from api.streams import EVENTS
from kit.db.away import DatabaseAway
from kit.errors import AppError, Broken, Busy, Invalid, NotFound, Refused
from kit.idempotency.errors import IdempotencyInFlight, IdempotencyKeyInvalid, IdempotencyMismatch

PROBLEM = "application/problem+json"

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-Id": {
        "description": "The request's id, for questions about it. A well-formed one of the request is taken over.",
        "required": True,
        "schema": {"type": "string"},
    },
    "RateLimit-Limit": {
        "description": "Requests allowed in the window of the limit that is nearest to its end.",
        "schema": {"type": "integer"},
    },
    "RateLimit-Remaining": {"description": "What is left of it.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until it is whole again.", "schema": {"type": "integer"}},
    "RateLimit-Policy": {
        "description": "Every limit that this request counted for.",
        "schema": {"type": "string"},
        "example": '600;w=60;comment="caller"',
    },
    "Retry-After": {
        "description": "Seconds to wait before the request is sent again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {"required": True, "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true` when this is the answer that the same Idempotency-Key was given before.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Preference-Applied": {"description": "The `Prefer` that was honoured.", "schema": {"type": "string"}},
    "ETag": {
        "description": "The version: a change sends it back as If-Match.",
        "schema": {"type": "string"},
    },
    "Set-Cookie": {
        "description": "The tokens' cookies, where they are kept so.",
        "schema": {"type": "string"},
    },
}
_LIMITS = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy"]
_COMING_BACK = (429, 503)
MOST_SHARED = 4
"""Problems of so many codes are described once, and named by their codes."""


def type_of(handler: HTTPRouteHandler) -> Any:
    """The type of a handler's answer: what its Response holds, where it returns one."""
    returned = handler.parsed_fn_signature.return_type
    if returned.is_subclass_of(Response) and returned.inner_types:
        return returned.inner_types[0].annotation
    return returned.annotation


def is_plain(handler: HTTPRouteHandler) -> bool:
    """Whether the answer is JSON of a type that msgspec describes."""
    kind = type_of(handler)
    return kind not in (None, type(None), bytes) and not _streams(kind)


def errors_of(handler: HTTPRouteHandler, path: str, method: str) -> set[type[AppError]]:
    """Everything that a route can be refused with."""
    takes_body = "data" in handler.parsed_fn_signature.parameters
    found: set[type[AppError]] = {Broken, Busy, DatabaseAway, *handler.opt.get("fails", ())}
    found |= callers.refusals(handler, method)
    if not handler.opt.get("unlimited"):
        found.add(RateLimited)
    if "{" in path:
        found.add(NotFound)
    if takes_body:
        found |= {Refused, TooLarge, UnsupportedMediaType}
    if takes_body or list(fields(handler)):
        found |= {Invalid, UnfitText}
    if method != "GET" and "unit" in handler.parsed_fn_signature.parameters:
        found |= {ErasedMeanwhile, TakenMeanwhile}
    if is_repeatable(handler, method):
        found |= {IdempotencyInFlight, IdempotencyMismatch, IdempotencyKeyInvalid}
    for middleware in middlewares_of(handler):
        found |= set(getattr(middleware, "fails", ()))
    return found


def answers(
    handler: HTTPRouteHandler,
    path: str,
    method: str,
    schemas: Schemas,
    shared: dict[str, Any],
    example: Any,
) -> dict[str, Any]:
    """Every answer of an operation by status. shared: gains the problems that several operations may answer with."""
    statuses = [handler.status_code, *([200] if waits(handler) else [])]
    found = {str(status): _success(handler, method, status, schemas, example) for status in statuses}
    for status, spec in (handler.responses or {}).items():
        headers = _headers(handler, ["Retry-After"] if status in _COMING_BACK else [])
        found[str(status)] = {"description": spec.description, "headers": headers}
        if spec.data_container is not None:
            body = {"application/json": {"schema": schemas.of(spec.data_container)}}
            found[str(status)]["content"] = body
    of_status = defaultdict(list)
    for error in errors_of(handler, path, method):
        of_status[error.status].append(error)
    for status, errors in sorted(of_status.items()):
        errors = sorted(errors, key=lambda error: error.code)
        problem = _problem(handler, status, errors, schemas)
        if str(status) in found:
            found[str(status)] = _either(found[str(status)], problem)
        elif len(errors) > MOST_SHARED or handler.opt.get("unlimited"):
            found[str(status)] = problem
        else:
            name = ".".join([str(status), *dict.fromkeys(error.code for error in errors)])
            shared[name] = problem
            found[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return dict(sorted(found.items()))


def _success(
    handler: HTTPRouteHandler, method: str, status: int, schemas: Schemas, example: Any
) -> dict[str, Any]:
    names = [
        *(["Idempotency-Replayed"] if is_repeatable(handler, method) else []),
        *(["Preference-Applied"] if waits(handler) else []),
        *(["ETag"] if _has_version(handler) else []),
        *(["Set-Cookie"] if handler.opt.get("sets_cookies") else []),
    ]
    words = handler.response_description or _WORDS.get(status, HTTPStatus(status).phrase)
    answer: dict[str, Any] = {"description": words, "headers": _headers(handler, names)}
    content = _content(handler, schemas, example)
    return answer if content is None else {**answer, "content": content}


def _content(handler: HTTPRouteHandler, schemas: Schemas, example: Any) -> dict[str, Any] | None:
    kind = type_of(handler)
    if kind in (None, type(None)):
        return None
    if _streams(kind):
        return {"text/event-stream": {"schema": _event(schemas.of(handler.opt["streams"]))}}
    if kind is bytes:
        media = (
            handler.media_type if isinstance(handler.media_type, str) and "/" in handler.media_type else "*/*"
        )
        return {str(getattr(media, "value", media)): _body({"type": "string", "format": "binary"}, example)}
    return {"application/json": _body(schemas.of(kind), example)}


def _body(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"schema": schema} if example is None else {"schema": schema, "example": example}


def _event(resource: dict[str, Any]) -> dict[str, Any]:
    """The schema of each event of a stream."""
    json = {
        "contentMediaType": "application/json",
        "contentSchema": {"anyOf": [resource, {"type": "object"}]},
    }
    return {
        "type": "object",
        "description": EVENTS,
        "properties": {
            "event": {"enum": ["state", "progress", "restarting"]},
            "id": {"type": "string", "description": "The version of the resource.", "pattern": "^[0-9]+$"},
            "data": {"type": "string", **json},
        },
        "required": ["event", "data"],
    }


def _problem(
    handler: HTTPRouteHandler, status: int, errors: list[type[AppError]], schemas: Schemas
) -> dict[str, Any]:
    words = "\n".join(f"- `{error.code}`: {error.public}" for error in errors)
    codes = list(dict.fromkeys(error.code for error in errors))
    body = {"allOf": [schemas.of(Problem), {"type": "object", "properties": {"code": {"enum": codes}}}]}
    names = [
        *(["Retry-After"] if status in _COMING_BACK else []),
        *(["WWW-Authenticate"] if status == 401 else []),
    ]
    return {"description": words, "headers": _headers(handler, names), "content": {PROBLEM: {"schema": body}}}


def _either(answer: dict[str, Any], problem: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "content": {**answer["content"], **problem["content"]}}


def _headers(handler: HTTPRouteHandler, names: list[str]) -> dict[str, Any]:
    limited = [] if handler.opt.get("unlimited") else _LIMITS
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", *limited, *names)}


def _has_version(handler: HTTPRouteHandler) -> bool:
    """Whether the answer is a response of its own with a version, which it shows as its ETag."""
    wrapped = handler.parsed_fn_signature.return_type.is_subclass_of(Response)
    return wrapped and "version" in getattr(type_of(handler), "__struct_fields__", ())


def _streams(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, ServerSentEvent)


_WORDS = {
    200: "Done.",
    201: "Made.",
    202: "Accepted: the work goes on.",
    204: "Done; there is nothing to show.",
}
