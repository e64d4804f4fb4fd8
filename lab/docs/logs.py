"""Writes docs/log-lines.md from the calls of loggers in the code: `python -m lab.docs.logs`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from kit.settings import ROOT

PAGE = ROOT / "docs" / "log-lines.md"
SCHEMA = ROOT / "docs" / "log-line.schema.json"
PACKAGES = ("kit", "api", "modules", "workers", "cli")
LEVELS = ("debug", "info", "warning", "error", "critical")

HEAD = """# Log lines

Every line that our code writes, by its `event`. Lines are JSON objects as
[log-line.schema.json](log-line.schema.json) says, which also explains the fields; those of libraries have words as
`event`. An `exception` is a trace and comes with what nobody foresaw.

This page is written by `python -m lab.docs.logs`; tests compare it with the code, and the code with the schema.

| event | level | fields | written by |
|---|---|---|---|
"""
_HIDDEN = {"exc_info"}


class Line(NamedTuple):
    """One call of a logger."""

    event: str
    level: str
    fields: tuple[str, ...]
    file: str


def lines() -> list[Line]:
    """All of them, by event."""
    found = set()
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                found |= set(_said(node, path.relative_to(ROOT).as_posix()))
    return sorted(found)


def page() -> str:
    """The whole page."""
    rows = (
        f"| `{line.event}` | {line.level} | {', '.join(f'`{name}`' for name in line.fields)} | {line.file} |\n"
        for line in lines()
    )
    return HEAD + "".join(rows)


def _said(node: ast.AST, file: str) -> Iterator[Line]:
    match node:
        case ast.Call(func=ast.Attribute(value=logger, attr=level), args=[event]) if (
            level in LEVELS and _is_logger(logger)
        ):
            named = tuple(word.arg for word in node.keywords if word.arg and word.arg not in _HIDDEN)
            for word in _words(event):
                yield Line(word, level, named, file)


def _is_logger(value: ast.expr) -> bool:
    match value:
        case ast.Name(id="log" | "_log"):
            return True
        case ast.Call(func=ast.Attribute(attr="get_logger")):
            return True
    return False


def _words(event: ast.expr) -> Iterator[str]:
    match event:
        case ast.Constant(value=str(word)):
            yield word
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_words(body), *_words(orelse))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
