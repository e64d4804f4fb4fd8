"""A glance at one business: what is read in single statements, with nothing to be written beside it."""

from __future__ import annotations

from kit.db.lines import Lines
from kit.db.ready import Found, Ready


class Glance:
    """Reads rows of one business: `db.glance(…)`. Stores take it where a `Reader` is enough for them.

    Each statement is a transaction of its own and brings the business along, so that it costs one round trip instead of
    three (docs/decisions/0024). What must agree with another statement belongs into a `Unit`.
    """

    def __init__(self, lines: Lines, business_id: str) -> None:
        self._lines, self.business_id = lines, business_id

    async def read(self, statement: Ready, **values: object) -> list[Found]:
        """Rows of a statement that was compiled before. Raises DatabaseAway."""
        return await self._lines.ask(statement.of_one, (*statement.ordered(values), self.business_id))
