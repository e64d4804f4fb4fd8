"""Words that migrations share: running a script, making a table a tenant's, and indexing one that is in use."""

from __future__ import annotations

from alembic import op


def run(script: str) -> None:
    """Run statements that are parted by blank lines (asyncpg takes one at a time)."""
    for statement in script.strip().split("\n\n"):
        op.execute(statement)


def index_in_use(name: str, on: str) -> None:
    """Index a table that is written to meanwhile: `index_in_use("photos_by_day", "photos (business_id, created_at)")`.

    Runs outside of the migration's transaction, which it ends; so a migration holds such indexes and nothing else. What
    an interrupted run left half built is built anew.
    """
    context = op.get_context()
    with context.autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {on}")


def isolate(table: str, column: str = "business_id") -> None:
    """Force row-level security: even the owner sees no row, and vernis_app those of the unit's business only."""
    rule = f"{column} = current_setting('vernis.business_id', true)"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_business ON {table} TO vernis_app USING ({rule}) WITH CHECK ({rule})")
