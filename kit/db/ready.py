"""Statements that are compiled once, for what nearly every request asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import asyncpg
from sqlalchemy import Select, TextClause
from sqlalchemy.dialects.postgresql.asyncpg import dialect

_OF_ONE = """
WITH opened AS MATERIALIZED (SELECT set_config('vernis.business_id', ${last}, true) AS business)
SELECT found.* FROM opened, LATERAL (
    SELECT * FROM ({words}) AS asked WHERE opened.business IS NOT NULL OFFSET 0
) AS found
"""
"""A statement that names the business whose rows it sees, as the unit of work does in a statement before.

What is found hangs on the row of `opened`, so Postgres names the business first; in any other order it would see none.
"""


class Found(asyncpg.Record):  # type: ignore[misc]
    """A row: its values by the order of the columns, and by their names."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


class Ready:
    """A query as the driver takes it: its words, and the order of its values. What changes in it is a `bindparam`.

    What SQLAlchemy does for each execution costs four times as much as the driver and Postgres together.
    words: as it is; of_one: with one more value behind the others, the business for which alone it is asked.
    """

    def __init__(self, statement: Select[Any] | TextClause) -> None:
        compiled = statement.compile(dialect=dialect())  # type: ignore[no-untyped-call]
        self._names: Sequence[str] = compiled.positiontup or ()
        self._own = {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required}
        self.words = str(compiled)
        self.of_one = _OF_ONE.format(words=self.words, last=len(self._names) + 1)

    def ordered(self, values: Mapping[str, object]) -> list[object]:
        """The values as the words number them, and among them those that never change."""
        return [values[name] if name in values else self._own[name] for name in self._names]


class Reader(Protocol):
    """What reads rows of one business: a unit of work, or a glance."""

    @property
    def business_id(self) -> str:
        """The business whose rows are seen."""
        ...

    async def read(self, statement: Ready, **values: object) -> list[Found]:
        """Rows of a statement that was compiled before."""
        ...
