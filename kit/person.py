"""What a module that keeps anything of a person offers, in its personal.py; `modules/privacy` calls it.

KEPT                      what it keeps and for how long, a line for each table
erase(unit, person)       takes out what the rows say, and lets nothing new be made from them
export(unit, person)      tells all of it

A table whose rows are a person's names her by `customer_id`, a foreign key to `customers` that cascades, or hangs on
such a table by one. `erase` may delete its rows, but those that lead to objects in storage stay, emptied, until her own
row goes and takes them along: an erasure that was killed finds its way by them. It is called again until nothing
is left, and writes nothing into the audit log: privacy does, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from kit.db.unit import Unit


class Person(Struct, frozen=True):
    """A customer of the unit's business. things: ids of what is hers, as far as modules further up have named them."""

    customer_id: str
    things: frozenset[str] = frozenset()


class Kept(Struct, frozen=True):
    """One line of what is kept of a person. what, until: words for docs/privacy.md; objects: prefix in storage."""

    table: str
    what: str
    until: str
    objects: str = ""


class Erased(Struct, frozen=True):
    """What one call did and what it left to do.

    counts: rows erased by this call, by the table's name; things: ids of what was hers, from earlier calls too;
    prefixes: where its objects lie in storage; remembered: ids under which processes may hold it in memory.
    """

    counts: Mapping[str, int] = msgspec.field(default_factory=dict)
    things: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()


class Exported(Struct, frozen=True):
    """All that is kept of her. records: rows as JSON, by the table's name; objects: storage keys by file name."""

    records: Mapping[str, Sequence[Mapping[str, Any]]] = msgspec.field(default_factory=dict)
    objects: Mapping[str, str] = msgspec.field(default_factory=dict)


class Personal(Protocol):
    """A module's personal.py."""

    @property
    def KEPT(self) -> tuple[Kept, ...]: ...  # noqa: N802  (a module's constant)

    async def erase(self, unit: Unit, person: Person) -> Erased: ...

    async def export(self, unit: Unit, person: Person) -> Exported: ...
