"""Which errors a handler can raise: read from the source of everything it calls, as far as names and types tell.

Follows functions, methods of typed parameters, of `self` and of what typed calls return. An error that is caught on
the way does not count. What it cannot see (a callable in a variable) is missing, so its answer is a lower bound.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable
from functools import cache
from types import FunctionType, MethodType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from kit.errors import AppError

OURS = ("api", "kit", "modules", "looks")
Errors = frozenset[type[AppError]]


def errors_of(function: Callable[..., Any]) -> Errors:
    """Every AppError class that calling this function can raise."""
    return _Reader([]).function(inspect.unwrap(function), None)


class _Reader:
    """Follows calls depth first; `path` holds the functions that are being read, so that recursion ends."""

    def __init__(self, path: list[FunctionType]) -> None:
        self._path = path

    def function(self, function: Any, owner: type | None) -> Errors:
        if isinstance(function, MethodType):
            function, owner = function.__func__, type(function.__self__)
        function = inspect.unwrap(function)
        known = isinstance(function, FunctionType) and (function.__module__ or "").partition(".")[0] in OURS
        if not known or function in self._path:
            return frozenset()
        if (function, owner) not in _FOUND:
            reader, scope = _Reader([*self._path, function]), _Scope(function, owner)
            _FOUND[function, owner] = reader.block(_body(function), scope)
        return _FOUND[function, owner]

    def block(self, nodes: Iterable[ast.AST], scope: _Scope) -> Errors:
        return frozenset().union(*(self.node(node, scope) for node in nodes))

    def node(self, node: ast.AST, scope: _Scope) -> Errors:
        match node:
            case ast.Try():
                caught = tuple(kind for handler in node.handlers for kind in scope.classes(handler.type))
                body = {error for error in self.block(node.body, scope) if not issubclass(error, caught)}
                rest = [*node.handlers, *node.orelse, *node.finalbody]
                return frozenset(body) | self.block(rest, scope)
            case ast.Raise(exc=None):
                return frozenset()
            case ast.Raise():
                raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                named = raised.value if isinstance(raised, ast.Attribute) else raised
                kinds = (
                    [scope.value(raised), scope.value(named), scope.type_of(node.exc)]
                    if raised and named
                    else []
                )
                own = {kind for kind in kinds if isinstance(kind, type) and issubclass(kind, AppError)}
                return frozenset(own) | self.block(ast.iter_child_nodes(node), scope)
            case ast.Assign(targets=[ast.Name(id=name)]):
                scope.locals[name] = scope.type_of(node.value)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    if isinstance(item.optional_vars, ast.Name):
                        scope.locals[item.optional_vars.id] = scope.type_of(item.context_expr)
            case ast.Name() | ast.Attribute():
                found, owner = scope.callee(node)
                if isinstance(found, type) and found.__module__.partition(".")[0] in OURS:
                    return self.function(found.__init__, found)
                return self.function(found, owner) | self.block(ast.iter_child_nodes(node), scope)
        return self.block(ast.iter_child_nodes(node), scope)


_FOUND: dict[tuple[FunctionType, type | None], Errors] = {}


class _Scope:
    """Names of one function."""

    def __init__(self, function: FunctionType, owner: type | None) -> None:
        self._globals = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
        self._owner = owner
        self.locals = {name: _plain(hint) for name, hint in _hints(function).items()}
        if owner is not None:
            self.locals["self"] = self.locals["cls"] = owner

    def value(self, node: ast.AST | None) -> Any:
        """The object that a name stands for at import time, or None."""
        match node:
            case ast.Name(id=name):
                return None if name in self.locals else self._globals.get(name)
            case ast.Attribute(value=inner, attr=attr):
                return getattr(self.value(inner), attr, None)
        return None

    def classes(self, node: ast.AST | None) -> tuple[type, ...]:
        """What an `except` names."""
        if node is None:
            return (BaseException,)
        found = [self.value(part) for part in (node.elts if isinstance(node, ast.Tuple) else [node])]
        return tuple(kind for kind in found if isinstance(kind, type))

    def callee(self, node: ast.AST) -> tuple[Any, type | None]:
        """The function that a name or attribute leads to, and the class whose method it is."""
        if (found := self.value(node)) is not None:
            return found, None
        if isinstance(node, ast.Attribute) and (kind := self.type_of(node.value)) is not None:
            return inspect.getattr_static(kind, node.attr, None), kind
        return None, None

    def type_of(self, node: ast.AST) -> type | None:
        """The class of an expression, where annotations tell."""
        match node:
            case ast.Await(value=inner):
                return self.type_of(inner)
            case ast.Name(id=name):
                return self.locals.get(name)
            case ast.Attribute(value=inner, attr=attr):
                kind = self.type_of(inner)
                return _plain(_hints(kind).get(attr)) if kind is not None else None
            case ast.Call(func=func):
                found, _ = self.callee(func)
                if isinstance(found, type):
                    return found
                return _plain(_hints(found).get("return")) if found is not None else None
        return None


@cache
def _body(function: FunctionType) -> list[ast.stmt]:
    """The statements of a function; none of one that was never written down, such as a dataclass's constructor."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, SyntaxError):
        return []
    return tree.body if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef) else []


@cache
def _hints(thing: Any) -> dict[str, Any]:
    if isinstance(thing, staticmethod | classmethod):
        thing = thing.__func__
    try:
        return get_type_hints(inspect.unwrap(thing) if callable(thing) else thing)
    except (NameError, TypeError):
        return {}


def _plain(hint: Any) -> type | None:
    """The one class of ours in a hint: optional and generic wrappers are looked through."""
    if get_origin(hint) in (Union, UnionType):
        options = [option for option in get_args(hint) if option is not type(None)]
        return _plain(options[0]) if len(options) == 1 else None
    if isinstance(hint, type):
        return hint
    inner = [arg for arg in get_args(hint) if isinstance(arg, type)]
    return inner[0] if len(inner) == 1 else None
