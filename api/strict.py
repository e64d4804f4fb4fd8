"""What the document says of a request, held to the letter.

Litestar converts loosely: it reads `"5"` as a number, `0` as false, and `null` in a query as nothing. The document says
otherwise, and a client that is wrong should hear it before somebody relies on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin

import msgspec
from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg, QueryParameter

from kit.errors import FieldError, Invalid, Refused

AnyRequest = Request[Any, Any, Any]

_PLACE = re.compile(r"(?P<words>.*) - at `\$\.?(?P<field>.*)`", re.DOTALL)
_SPELLINGS = {
    bool: re.compile(r"true|false"),
    int: re.compile(r"-?[0-9]+"),
    float: re.compile(r"-?[0-9.eE+-]+"),
}


async def refuse_loose(request: AnyRequest) -> None:
    """Raise Invalid for a body or a query that would be accepted only by bending it, Refused for no text at all."""
    body, query = _strict_parts(request.route_handler)
    for name, kind in query.items():
        for text in request.query_params.getall(name, ()):
            if not _is_spelt(text, kind):
                raise Invalid(errors=(FieldError(name, f"Expected `{kind.__name__}`"),))
    if body is not None:
        _decode(body, await request.body())


def _is_spelt(text: str, kind: type) -> bool:
    if issubclass(kind, StrEnum):
        return text in list(kind)
    return _SPELLINGS[kind].fullmatch(text) is not None


def _is_more_than_text(kind: Any) -> bool:
    return isinstance(kind, type) and (kind in _SPELLINGS or issubclass(kind, StrEnum))


def _decode(body: msgspec.json.Decoder[Any], data: bytes) -> None:
    try:
        with suppress(msgspec.DecodeError):  # no JSON at all: Litestar says so
            try:
                body.decode(data)
            except msgspec.DecodeError:
                _convert(body.type, msgspec.json.decode(data))
    except UnicodeDecodeError:
        raise Refused("The body is not UTF-8.") from None


def _convert(kind: Any, data: Any) -> None:
    """Once more, with `1.0` for a whole number: to JSON it is one."""
    try:
        msgspec.convert(_whole(data), kind)
    except msgspec.ValidationError as error:
        found = _PLACE.fullmatch(str(error))
        field, words = (found["field"], found["words"]) if found else ("", str(error))
        raise Invalid(errors=(FieldError(field, words),)) from None


def _whole(data: Any) -> Any:
    match data:
        case dict():
            return {key: _whole(value) for key, value in data.items()}
        case list():
            return [_whole(value) for value in data]
        case float() if data.is_integer():
            return int(data)
    return data


@cache
def _strict_parts(handler: HTTPRouteHandler) -> tuple[msgspec.json.Decoder[Any] | None, Mapping[str, type]]:
    """The decoder of a JSON body, and the query parameters that are more than text."""
    parameters = handler.parsed_fn_signature.parameters
    query = {
        (field.kwarg_definition.query or field.kwarg_definition.name or name): kind
        for name, field in parameters.items()
        if isinstance(field.kwarg_definition, QueryParameter)
        and _is_more_than_text(kind := _plain(field.annotation))
    }
    data = parameters.get("data")
    if data is None or not isinstance(data.kwarg_definition, BodyKwarg):
        return None, query
    is_json = data.kwarg_definition.media_type == RequestEncodingType.JSON
    return (msgspec.json.Decoder(data.annotation) if is_json else None), query


def _plain(annotation: Any) -> Any:
    """The type of a parameter that may be left out, or of each value of one that may come often."""
    options = [option for option in get_args(annotation) if option is not type(None)]
    return _plain(options[0]) if get_origin(annotation) is not None and len(options) == 1 else annotation
