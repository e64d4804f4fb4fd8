"""What a request carries beside its body: path, query, and the headers that routes of a kind take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, ParameterKwarg, PathParameter, QueryParameter
from litestar.types import Empty
from litestar.typing import FieldDefinition

from api.idempotency import HEADER as IDEMPOTENCY_KEY
from api.idempotency import LONGEST_KEY
from api.openapi.handlers import middlewares_of
from api.openapi.schemas import Schemas, bounded, without_null
from api.prefer import LONGEST_S, Waiting

HEADERS: dict[str, dict[str, Any]] = {
    "IdempotencyKey": {
        "name": IDEMPOTENCY_KEY,
        "in": "header",
        "description": "Makes a repeated request safe: the same key and body give the first answer again, for a day.",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
    },
    "Prefer": {
        "name": "Prefer",
        "in": "header",
        "description": f"`wait=N`: wait up to N seconds, {LONGEST_S} at most, for the work to end. "
        "Other preferences are passed over (RFC 7240).",
        "schema": {"type": "string"},
        "example": "wait=5",
    },
}


def is_repeatable(handler: HTTPRouteHandler, method: str) -> bool:
    """Whether a route honours an Idempotency-Key: the handler works in the request's unit, for a known caller."""
    anonymous = bool(handler.opt.get("exclude_from_auth"))
    return method == "POST" and not anonymous and "unit" in handler.parsed_fn_signature.parameters


def waits(handler: HTTPRouteHandler) -> bool:
    """Whether a route honours `Prefer: wait`."""
    return Waiting in middlewares_of(handler)


def fields(handler: HTTPRouteHandler) -> Iterator[tuple[str, FieldDefinition, ParameterKwarg]]:
    """Path and query parameters of a handler."""
    for name, field in handler.parsed_fn_signature.parameters.items():
        kwarg = field.kwarg_definition
        if isinstance(kwarg, PathParameter | QueryParameter | HeaderParameter):
            yield name, field, kwarg


def types(handler: HTTPRouteHandler) -> list[Any]:
    """The types of a handler's parameters."""
    return [without_null(field.annotation) for _, field, _ in fields(handler)]


def parameters(
    handler: HTTPRouteHandler, path: str, method: str, schemas: Schemas, examples: dict[str, Any]
) -> list[dict[str, Any]]:
    """Every parameter of an operation; those of headers by reference. examples: by name."""
    found = [_parameter(path, *field, schemas, examples) for field in fields(handler)]
    if is_repeatable(handler, method):
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if waits(handler):
        found.append({"$ref": "#/components/parameters/Prefer"})
    return found


def _parameter(
    path: str,
    name: str,
    field: FieldDefinition,
    kwarg: ParameterKwarg,
    schemas: Schemas,
    examples: dict[str, Any],
) -> dict[str, Any]:
    in_path = f"{{{name}}}" in path
    schema = bounded(schemas.of(without_null(field.annotation)), kwarg)
    if field.default not in (Empty, None, ""):
        schema["default"] = field.default
    place = "path" if in_path else "header" if isinstance(kwarg, HeaderParameter) else "query"
    known_as = kwarg.header or kwarg.query or kwarg.name or name
    parameter: dict[str, Any] = {"name": known_as, "in": place, "schema": schema}
    if in_path or field.default is Empty:
        parameter["required"] = True
    if kwarg.description:
        parameter["description"] = kwarg.description
    if name in examples:
        parameter["example"] = examples[name]
    return parameter
