"""Analysis: what a photo told of a face, one row for each photo."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0009"
down_revision = "0008"

TABLES = """
CREATE TABLE analyses (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    photo_id text NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'nothing_found', 'failed')),
    version integer NOT NULL DEFAULT 1,
    facts jsonb,
    error_code text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    expires_at timestamptz NOT NULL,
    UNIQUE (business_id, photo_id)
);

CREATE INDEX analyses_of_customer ON analyses (customer_id);
"""


def upgrade() -> None:
    run(TABLES)
    isolate("analyses")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON analyses TO vernis_app")
