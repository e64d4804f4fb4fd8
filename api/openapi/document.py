"""The document of a whole app."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from api.openapi import answers, callers, parameters
from api.openapi.schemas import Schemas, form
from api.problems import Problem

EXAMPLES = Path(__file__).with_name("examples.json")

TITLE, VERSION = "Vernis", "1"
WORDS = """Virtual try-on for salons: a photo of a hand or a face and designs of the catalogue go in, and a picture
comes out on which they are worn.

Ids are prefixed and sort by time. Times are RFC 3339 with zone, money is in minor units, lists have cursor pages,
unknown fields are refused. Errors are `application/problem+json` (RFC 9457) with a stable `code`; what belongs to
somebody else is 404. Fields and operations may be added at any time; what is there stays as it is within `/v1`."""
TAGS = {
    "callers": "Who calls.",
    "business": "The business itself.",
    "keys": "Keys of servers.",
    "staff": "Staff, invitations, sessions.",
    "kiosks": "Devices in the salon.",
    "visitors": "Customers' devices: tokens and QR tickets.",
    "consent": "What customers agreed to.",
    "photos": "Photos to try things on.",
    "catalog": "Designs, looks, services.",
    "own catalogue": "Designs, looks and services of the salon's own; what it makes of the shipped ones.",
    "stock": "Products and how many are left.",
    "favourites": "What customers like and tried lately.",
    "analysis": "What a photo tells of a face, and what suits it.",
    "try-ons": "Pictures with designs drawn onto them.",
    "shares": "Links to a look, and how often they were followed.",
    "schedules": "Places, who works there and with what, how services are done, the salon's rules.",
    "booking": "Slots, quotes, appointments and the waiting list.",
    "outcomes": "A photo of the real result beside the preview, and how near designs come.",
    "media": "Stored pictures behind signed links.",
    "limits": "What is allowed and what is left.",
    "privacy": "Erasure and export of a person.",
    "messages": "E-mails to customers and staff: log, previews, settings.",
    "webhooks": "Events sent to the business's servers.",
    "logs": "Audit and requests.",
    "health": "For probes; without a credential.",
}
BODY = "data"
"""The parameter in which Litestar gives a handler its body."""
MULTIPART = "multipart/form-data"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""In the order in which they are shown; Litestar's differs from process to process."""

Operation = tuple[str, str, HTTPRouteHandler]


def operations(app: Litestar) -> Iterator[Operation]:
    """(path, method, handler) of every operation that is public."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and handler.resolve_include_in_schema():
                for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                    yield route.path_format, method, handler


def operation_id(handler: HTTPRouteHandler) -> str:
    """The public name: the handler's, as JavaScript writes it (`create_tryon` is `createTryon`)."""
    first, *rest = handler.handler_name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI 3.1 document. Raises TypeError for what it cannot describe, ValueError for a name used twice."""
    found = sorted(operations(app), key=lambda operation: (operation[0], METHODS.index(operation[1])))
    names = [operation_id(handler) for _, _, handler in found]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"operations of the same name: {', '.join(sorted(doubled))}")
    schemas = Schemas([Problem, *_types(found)])
    examples = msgspec.json.decode(EXAMPLES.read_bytes(), type=dict[str, Any])
    paths: dict[str, dict[str, Any]] = {}
    shared: dict[str, Any] = {}
    for path, method, handler in found:
        example = examples.get(operation_id(handler), {})
        paths.setdefault(path, {})[method.lower()] = _operation(
            path, method, handler, schemas, shared, example
        )
    used = {tag for path in paths.values() for operation in path.values() for tag in operation["tags"]}
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": WORDS},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag, "description": TAGS[tag]} for tag in sorted(used, key=[*TAGS].index)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.components.items())),
            "responses": dict(sorted(shared.items())),
            "parameters": parameters.HEADERS,
            "headers": answers.HEADERS,
            "securitySchemes": callers.SCHEMES,
        },
    }


def _operation(
    path: str,
    method: str,
    handler: HTTPRouteHandler,
    schemas: Schemas,
    shared: dict[str, Any],
    example: dict[str, Any],
) -> dict[str, Any]:
    words = inspect.getdoc(handler.fn) or ""
    summary, _, rest = words.partition("\n\n")
    operation: dict[str, Any] = {
        "operationId": operation_id(handler),
        "tags": sorted(handler.resolve_tags()),
        "summary": " ".join(summary.split()),
        "security": callers.security(handler, method),
        "parameters": parameters.parameters(handler, path, method, schemas, example.get("parameters", {})),
        "responses": answers.answers(handler, path, method, schemas, shared, example.get("response")),
    }
    if rest:
        operation["description"] = rest
    if (body := handler.parsed_fn_signature.parameters.get(BODY)) is not None:
        operation["requestBody"] = _body(
            body.annotation, body.kwarg_definition, schemas, example.get("request")
        )
    return operation


def _body(kind: Any, kwarg: Any, schemas: Schemas, example: Any) -> dict[str, Any]:
    media = str(getattr(kwarg.media_type, "value", kwarg.media_type))
    schema = form(kind) if media == MULTIPART else schemas.of(kind)
    content = {"schema": schema} if example is None else {"schema": schema, "example": example}
    return {"required": True, "content": {media: content}}


def _types(found: list[Operation]) -> list[Any]:
    """Every type that msgspec is to describe, in an order that does not change."""
    types: list[Any] = []
    for _, _, handler in found:
        body = handler.parsed_fn_signature.parameters.get(BODY)
        media = getattr(body.kwarg_definition, "media_type", None) if body else None
        if body is not None and str(getattr(media, "value", media)) != MULTIPART:
            types.append(body.annotation)
        types += parameters.types(handler)
        types += [spec.data_container for spec in (handler.responses or {}).values() if spec.data_container]
        if (streamed := handler.opt.get("streams")) is not None:
            types.append(streamed)
        if answers.is_plain(handler):
            types.append(answers.type_of(handler))
    return list({repr(kind): kind for kind in types}.values())
