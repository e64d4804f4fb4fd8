"""Schemas of the document as Python types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


class Models:
    """The components of a document as msgspec structs and literals."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self._schemas = schemas
        self._tags = {
            reference.rpartition("/")[2]: (union["discriminator"]["propertyName"], tag)
            for union in _unions(schemas)
            for tag, reference in union["discriminator"].get("mapping", {}).items()
        }

    def sources(self) -> Iterator[str]:
        """The definition of each component, choices first."""
        for name, schema in self._schemas.items():
            if "enum" in schema:
                yield f"\n\n{name} = {literal(schema['enum'])}\n{_words(schema, 0)}"
        for name, schema in self._schemas.items():
            if "enum" not in schema:
                yield self._struct(name, schema)

    def _struct(self, name: str, schema: Schema) -> str:
        options = "kw_only=True, omit_defaults=True"
        tag_field, tag = self._tags.get(name, (None, None))
        if tag is not None:
            options += f', tag_field="{tag_field}", tag="{tag}"'
        required = schema.get("required", [])
        fields = [
            _field(field, inner, field in required)
            for field, inner in schema["properties"].items()
            if field != tag_field
        ]
        body = "".join(fields) or "    pass\n"
        return f"\n\nclass {name}(Struct, {options}):\n{_words(schema, 4)}\n{body}"


def annotation(schema: Schema, prefix: str = "") -> str:
    """A schema as a Python type. prefix: before the names of components."""
    if (reference := schema.get("$ref")) is not None:
        return prefix + str(reference.rpartition("/")[2])
    if "enum" in schema:
        return literal(schema["enum"])
    if (options := schema.get("anyOf")) is not None:
        return " | ".join(dict.fromkeys(annotation(option, prefix) for option in options))
    match schema.get("type"):
        case "string" if schema.get("format") == "date-time":
            return "datetime"
        case "string" if schema.get("format") == "binary":
            return "bytes"
        case "array" if "prefixItems" in schema:
            return f"tuple[{', '.join(annotation(item, prefix) for item in schema['prefixItems'])}]"
        case "array":
            return f"list[{annotation(schema['items'], prefix)}]"
        case "object":
            inner = schema.get("additionalProperties")
            return f"dict[str, {annotation(inner, prefix) if inner else 'Any'}]"
        case str(kind):
            return _PLAIN[kind]
    raise ValueError(f"no type for {schema}")


def literal(values: list[Any]) -> str:
    """A choice of values."""
    return f"Literal[{', '.join(map(repr, values))}]"


def _field(name: str, schema: Schema, required: bool) -> str:
    kind = annotation(schema)
    if required:
        return f"    {name}: {kind}\n"
    default = schema.get("default", ...)
    if default is None:
        return f"    {name}: {kind} = None\n"
    return f"    {name}: {kind} | UnsetType = UNSET\n"


def _words(schema: Schema, indent: int) -> str:
    words = schema.get("description", "")
    lines = [" " * indent + line if line else "" for line in words.splitlines()]
    text = "\n".join(lines).strip()
    return f'{" " * indent}"""{text}"""\n' if text else ""


def _unions(found: Any) -> Iterator[Schema]:
    """Every schema with a discriminator, wherever it lies."""
    if isinstance(found, dict):
        if "discriminator" in found:
            yield found
        for inner in found.values():
            yield from _unions(inner)
    elif isinstance(found, list):
        for inner in found:
            yield from _unions(inner)
