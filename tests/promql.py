"""What a PromQL expression asks for, read from its syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import promql_parser as promql
from promql_parser import AggregateExpr, Expr, VectorSelector

from lab.docs.metrics import series

Node = TypeVar("Node", bound=Expr)

SERIES = {**dict(series()), "up": frozenset[str]()}
BY_PROMETHEUS = {"job", "instance"}
"""What every target has, and the labels that Prometheus adds to every series."""


def faults(query: str) -> Iterator[str]:
    """Every series and label that the query names and our code has not; raises ValueError for a slip in PromQL."""
    for aggregate in _nodes(promql.parse(query), AggregateExpr):
        grouped = set(aggregate.modifier.labels) if aggregate.modifier else set()
        for selector in _nodes(aggregate.expr, VectorSelector):
            yield from _unknown(selector, grouped)
    for selector in _nodes(promql.parse(query), VectorSelector):
        if selector.name not in SERIES:
            yield f"there is no series {selector.name}"
        yield from _unknown(selector, {matcher.name for matcher in selector.matchers.matchers})


def names(query: str) -> set[str]:
    """The series that a query reads."""
    return {str(selector.name) for selector in _nodes(promql.parse(query), VectorSelector)}


def _nodes(expression: Expr, kind: type[Node]) -> list[Node]:
    found: list[Node] = []

    def visit(node: Expr) -> None:
        if isinstance(node, kind):
            found.append(node)

    promql.walk(expression, visit)
    return found


def _unknown(selector: VectorSelector, labels: set[str]) -> Iterator[str]:
    known = SERIES.get(str(selector.name), frozenset()) | BY_PROMETHEUS
    yield from (f"{selector.name} has no label {label}" for label in sorted(labels - known))
