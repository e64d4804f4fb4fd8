"""What search follows changes by, favourites and what was tried lately, and the designs that a try-on shows."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0007"
down_revision = "0006"
CONTRACT = "Written before the first release: no installation held rows yet."

# Each row says which transaction wrote it last: whoever holds an older snapshot reads exactly what it has not seen,
# and no counter makes writers wait for each other (docs/decisions/0019-search.md).
FOLLOWED = ("designs", "shelf_choices", "products")
STAMP = """
CREATE FUNCTION stamp_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE TABLE catalog_removals (
    business_id text NOT NULL,
    source text NOT NULL,
    id text NOT NULL,
    changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
    removed_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX catalog_removals_changed ON catalog_removals (business_id, changed);

CREATE FUNCTION note_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM catalog_removals
    WHERE business_id = OLD.business_id AND removed_at < now() - interval '2 days';
    INSERT INTO catalog_removals (business_id, source, id)
    SELECT OLD.business_id, TG_TABLE_NAME, to_jsonb(OLD) ->> TG_ARGV[0]
    WHERE EXISTS (SELECT FROM businesses WHERE id = OLD.business_id);
    RETURN NULL;
END $$;
"""

FAVOURITES = """
CREATE TABLE favourites (
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    design_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (customer_id, design_id)
);

CREATE TABLE tried_designs (
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    design_id text NOT NULL,
    tried_at timestamptz NOT NULL,
    PRIMARY KEY (customer_id, design_id)
);

ALTER TABLE tryons ADD COLUMN designs text[] NOT NULL DEFAULT '{}';
"""

GRANTS = """
GRANT SELECT, INSERT, DELETE ON catalog_removals TO vernis_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON favourites, tried_designs TO vernis_app;
"""


def upgrade() -> None:
    run(STAMP)
    for table in FOLLOWED:
        _follow(table, key="design_id" if table == "shelf_choices" else "id")
    run(FAVOURITES)
    for table in ("catalog_removals", "favourites", "tried_designs"):
        isolate(table)
    run(GRANTS)


def _follow(table: str, key: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id()")
    op.execute(f"CREATE INDEX {table}_changed ON {table} (business_id, changed)")
    op.execute(
        f"CREATE TRIGGER stamp_change BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION stamp_change()"
    )
    op.execute(
        f"CREATE TRIGGER note_removal AFTER DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION note_removal('{key}')"
    )
