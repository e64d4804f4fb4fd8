"""msgspec's schemas as components of the document."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from litestar.datastructures import UploadFile
from litestar.params import ParameterKwarg
from msgspec import Struct

Schema = dict[str, Any]

TEMPLATE = "#/components/schemas/{name}"
_BOUNDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_items": "minItems",
    "max_items": "maxItems",
    "pattern": "pattern",
    "format": "format",
}


class Schemas:
    """Schemas of every type that the document speaks of; each type is described once."""

    def __init__(self, types: list[Any]) -> None:
        self._types = types
        described, self.components = msgspec.json.schema_components(types, ref_template=TEMPLATE)
        gaps = {struct.__name__ for struct in _below(Struct) if struct.__struct_config__.omit_defaults}
        for name, component in self.components.items():
            if _is_only_shown(component) and name not in gaps:
                component["required"] = list(component["properties"])
        self._described = dict(zip(map(repr, types), described, strict=True))

    def of(self, kind: Any) -> Schema:
        """The schema of a type that was given at the start, as a reference where it has a name."""
        return dict(self._described[repr(kind)])


def _below(struct: type[Struct]) -> Iterator[type[Struct]]:
    for kind in struct.__subclasses__():
        yield kind
        yield from _below(kind)


def _is_only_shown(component: Schema) -> bool:
    """Whether a struct is in answers only: those of requests refuse unknown fields. Answers hold every field, but for
    structs that leave out what they have nothing to say of.
    """
    return "properties" in component and component.get("additionalProperties") is not False


def form(kind: type) -> Schema:
    """The schema of a multipart form: a dataclass whose files are of type UploadFile."""
    fields = {
        name: {"type": "string", "format": "binary"} if hint is UploadFile else {"type": "string"}
        for name, hint in get_type_hints(kind).items()
    }
    return {
        "title": kind.__name__,
        "description": kind.__doc__,
        "type": "object",
        "properties": fields,
        "required": list(fields),
    }


def without_null(kind: Any) -> Any:
    """The type of a parameter that is there; one that may be left out is never sent as null."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    options = tuple(option for option in get_args(kind) if option is not type(None))
    return Union[options]  # noqa: UP007 - made from a tuple


def bounded(schema: Schema, bounds: ParameterKwarg) -> Schema:
    """The schema of a parameter with the bounds that its annotation sets."""
    found = {word: getattr(bounds, name) for name, word in _BOUNDS.items()}
    return {**schema, **{word: bound for word, bound in found.items() if bound is not None}}
