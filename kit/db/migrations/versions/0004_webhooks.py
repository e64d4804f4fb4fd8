"""Webhooks with their log of deliveries, the audit log, and the log of requests."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0004"
down_revision = "0003"

TABLES = """
CREATE TABLE webhook_endpoints (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    url text NOT NULL,
    event_types text[] NOT NULL,
    description text NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,
    failing_since timestamptz,
    secret bytea NOT NULL,
    previous_secret bytea,
    previous_secret_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX webhook_endpoints_of_business ON webhook_endpoints (business_id, id);

CREATE TABLE webhook_messages (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    type text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX webhook_messages_of_business ON webhook_messages (business_id, id);

CREATE INDEX webhook_messages_age ON webhook_messages (created_at);

CREATE TABLE webhook_deliveries (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    endpoint_id text NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    message_id text NOT NULL REFERENCES webhook_messages (id) ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed', 'cancelled')),
    job_id text,
    tries integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    last_status integer,
    next_attempt_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    UNIQUE (endpoint_id, message_id)
);

CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, id);

CREATE INDEX webhook_deliveries_of_message ON webhook_deliveries (message_id);

CREATE TABLE webhook_attempts (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    delivery_id text NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    at timestamptz NOT NULL,
    duration_ms integer NOT NULL,
    status integer,
    error text,
    response text NOT NULL CHECK (length(response) <= 1024)
);

CREATE INDEX webhook_attempts_of_delivery ON webhook_attempts (delivery_id, id);

CREATE TABLE audit_log (
    business_id text NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (business_id, seq)
);

CREATE TABLE request_log (
    id text PRIMARY KEY,
    business_id text NOT NULL,
    at timestamptz NOT NULL,
    method text NOT NULL,
    route text NOT NULL,
    status integer NOT NULL,
    duration_ms real NOT NULL,
    request_id text NOT NULL,
    caller_kind text NOT NULL
);

CREATE INDEX request_log_of_business ON request_log (business_id, id);

CREATE INDEX request_log_age ON request_log (at);
"""

# Requests of many businesses are written in one batch, and both logs are shortened by age for all of them: the
# system role may do exactly that, and read no more than the time.
CHORES = """
CREATE POLICY every_business ON request_log TO vernis_system USING (true) WITH CHECK (true);

GRANT INSERT, DELETE, SELECT (at) ON request_log TO vernis_system;

CREATE POLICY every_business ON webhook_messages TO vernis_system USING (true);

GRANT DELETE, SELECT (created_at) ON webhook_messages TO vernis_system;
"""


def upgrade() -> None:
    run(TABLES)
    for table in ("webhook_endpoints", "webhook_messages", "webhook_deliveries", "webhook_attempts"):
        isolate(table)
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO vernis_app")
    isolate("audit_log")
    op.execute("GRANT SELECT, INSERT ON audit_log TO vernis_app")
    isolate("request_log")
    op.execute("GRANT SELECT ON request_log TO vernis_app")
    run(CHORES)
