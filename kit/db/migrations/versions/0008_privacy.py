"""Privacy: erasures and their receipts, exports, guests of kiosks, and consents whose purposes end one by one."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0008"
down_revision = "0007"
CONTRACT = "Written before the first release: no installation held rows yet."

TABLES = """
ALTER TABLE customers
    ADD COLUMN guest_until timestamptz,
    ADD COLUMN erased_at timestamptz;

ALTER TABLE consents
    ADD COLUMN text_sha256 text NOT NULL DEFAULT '',
    ADD COLUMN ends jsonb NOT NULL DEFAULT '{}';

CREATE INDEX consents_of_customer ON consents (customer_id);

CREATE INDEX photos_of_customer ON photos (customer_id);

CREATE INDEX visitor_tokens_of_customer ON visitor_tokens (customer_id);

CREATE INDEX tickets_of_customer ON tickets (customer_id) WHERE customer_id IS NOT NULL;

CREATE INDEX jobs_of_customer ON jobs ((payload ->> 'customer_id')) WHERE payload ? 'customer_id';

CREATE TABLE erasures (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text REFERENCES customers (id) ON DELETE SET NULL,
    subject_sha256 text NOT NULL,
    asked_by text NOT NULL,
    erased jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    receipt_sha256 text
);

CREATE UNIQUE INDEX erasures_of_customer ON erasures (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE exports (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed', 'expired')),
    size_bytes bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    finished_at timestamptz
);

CREATE INDEX exports_of_customer ON exports (customer_id);
"""


def upgrade() -> None:
    run(TABLES)
    for table in ("erasures", "exports"):
        isolate(table)
    op.execute("GRANT SELECT, INSERT, UPDATE ON erasures, exports TO vernis_app")
    op.execute("GRANT DELETE ON tickets TO vernis_app")
