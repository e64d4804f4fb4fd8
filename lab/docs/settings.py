"""Writes docs/settings.md from the structs of kit/settings/structs.py: `python -m lab.docs.settings`."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from kit.settings import PREFIX, ROOT, Settings, structs

PAGE = ROOT / "docs" / "settings.md"

HEAD = """# Settings

Every setting is an environment variable; there is no other place. A name that starts with `VERNIS_` and is not listed
here is an error, so that a typing slip cannot pass for a setting. An empty default means what the last column says.

This page is written by `python -m lab.docs.settings` from `kit/settings/structs.py`; a test compares them.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, _section("General", "", [_row("", Settings, field) for field in _plain_fields()])]
    for field in msgspec.structs.fields(Settings):
        if isinstance(field.default, Struct):
            struct = type(field.default)
            rows = [_row(f"{field.name}__", struct, inner) for inner in msgspec.structs.fields(struct)]
            parts.append(_section(struct.__name__, inspect.getdoc(struct) or "", rows))
    return "\n".join(parts)


def _plain_fields() -> Iterator[msgspec.structs.FieldInfo]:
    return (field for field in msgspec.structs.fields(Settings) if not isinstance(field.default, Struct))


def _section(title: str, words: str, rows: list[str]) -> str:
    introduction = f"\n{words}\n" if words else ""
    return (
        f"## {title}\n{introduction}\n| variable | takes | default | meaning |\n|---|---|---|---|\n"
        + "".join(rows)
    )


def _row(prefix: str, struct: type[Struct], field: msgspec.structs.FieldInfo) -> str:
    name = f"{PREFIX}{prefix}{field.name}".upper()
    default = "" if field.default in ("", None) else f"`{field.default}`"
    meaning = _meanings(struct)[field.name]
    return f"| `{name}` | {_takes(struct, field.name)} | {default} | {meaning} |\n"


def _takes(struct: type[Struct], field: str) -> str:
    """The type in words: with its bounds, or with the words to choose from."""
    hint = get_type_hints(struct, include_extras=True)[field]
    choices = [
        word
        for option in (hint, *get_args(hint))
        if get_origin(option) is Literal
        for word in get_args(option)
    ]
    if choices:
        return ", ".join(f"`{word}`" for word in choices if word)
    if get_origin(hint) is not Annotated:
        return str({str: "text", bool: "true or false", int: "whole number", float: "number"}[hint])
    kind, meta = get_args(hint)
    assert isinstance(meta, Meta)
    bounds = [
        f"{sign} {bound}"
        for sign, bound in ((">", meta.gt), ("≥", meta.ge), ("≤", meta.le))
        if bound is not None
    ]
    return f"{'whole number' if kind is int else 'number'} {', '.join(bounds)}"


def _meanings(struct: type[Struct]) -> dict[str, str]:
    """The docstring under each field; KeyError later for a field without one."""
    (tree,) = (
        node
        for node in ast.parse(inspect.getsource(structs)).body
        if isinstance(node, ast.ClassDef) and node.name == struct.__name__
    )
    found: dict[str, str] = {}
    for field, words in zip(tree.body, tree.body[1:], strict=False):
        match field, words:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(meaning))):
                found[name] = " ".join(meaning.split())
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
