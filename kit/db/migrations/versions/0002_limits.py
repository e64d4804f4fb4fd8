"""Idempotency keys, plans of businesses, and indexes that tell how full the queue is."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0002"
down_revision = "0001"
CONTRACT = "Written before the first release: no installation held rows yet."

TABLES = """
CREATE TABLE idempotency_keys (
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    caller text NOT NULL,
    route text NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint bytea NOT NULL,
    holder text NOT NULL,
    lease_until timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    answered_at timestamptz,
    status integer,
    headers jsonb,
    body bytea,
    PRIMARY KEY (business_id, caller, route, key)
);

CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE business_plans (
    business_id text PRIMARY KEY REFERENCES businesses (id) ON DELETE CASCADE,
    plan text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX jobs_waiting ON jobs (queue, business_id) WHERE state = 'queued';

CREATE INDEX jobs_done ON jobs (queue, finished_at) WHERE state = 'done';
"""

# The system role sweeps what is over and sees nothing else: no key, no answer, no row that still counts.
SWEEP = """
CREATE POLICY over ON idempotency_keys TO vernis_system USING (expires_at < now());

GRANT DELETE, SELECT (expires_at) ON idempotency_keys TO vernis_system;
"""


def upgrade() -> None:
    run(TABLES)
    isolate("idempotency_keys")
    isolate("business_plans")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys, business_plans TO vernis_app")
    run(SWEEP)
