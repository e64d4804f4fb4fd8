"""Words that migrations share: running a script, and making a table a tenant's."""

from __future__ import annotations

from alembic import op


def run(script: str) -> None:
    """Run statements that are parted by blank lines (asyncpg takes one at a time)."""
    for statement in script.strip().split("\n\n"):
        op.execute(statement)


def isolate(table: str, column: str = "business_id") -> None:
    """Force row-level security: even the owner sees no row, and vernis_app those of the unit's business only."""
    rule = f"{column} = current_setting('vernis.business_id', true)"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_business ON {table} TO vernis_app USING ({rule}) WITH CHECK ({rule})")
