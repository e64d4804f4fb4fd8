"""Messages to customers and staff: what is sent when, how it went, and who is not to be written to."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0011"
down_revision = "0010"

TABLES = """
CREATE TABLE message_settings (
    business_id text PRIMARY KEY REFERENCES businesses (id) ON DELETE CASCADE,
    sender_name text NOT NULL,
    reply_to text NOT NULL,
    footer text NOT NULL,
    language text NOT NULL,
    zone text NOT NULL,
    quiet_from text NOT NULL,
    quiet_until text NOT NULL
);

CREATE TABLE messages (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text REFERENCES customers (id) ON DELETE CASCADE,
    kind text NOT NULL,
    about text NOT NULL,
    key text NOT NULL,
    language text NOT NULL,
    zone text NOT NULL,
    name text,
    address text,
    context jsonb,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sent', 'failed', 'suppressed', 'expired', 'cancelled')),
    due_at timestamptz NOT NULL,
    until timestamptz,
    job_id text,
    tries integer NOT NULL DEFAULT 0,
    doubtful integer NOT NULL DEFAULT 0,
    code integer,
    error text,
    address_hash text,
    body_sha256 text,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    UNIQUE (business_id, key),
    CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CHECK (state = 'waiting' OR (name IS NULL AND address IS NULL AND context IS NULL))
);

CREATE INDEX messages_of_business ON messages (business_id, id);

CREATE INDEX messages_of_customer ON messages (customer_id) WHERE customer_id IS NOT NULL;

CREATE INDEX messages_about ON messages (business_id, about, id);

CREATE INDEX messages_age ON messages (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE message_attempts (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    message_id text NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    at timestamptz NOT NULL,
    duration_ms integer NOT NULL,
    verdict text NOT NULL,
    code integer,
    status text NOT NULL,
    error text
);

CREATE INDEX message_attempts_of_message ON message_attempts (message_id, id);

CREATE TABLE message_suppressions (
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    address_hash text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('bounced', 'unsubscribed')),
    customer_id text REFERENCES customers (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz,
    PRIMARY KEY (business_id, address_hash, reason)
);

CREATE INDEX message_suppressions_of_customer ON message_suppressions (customer_id) WHERE customer_id IS NOT NULL;
"""

# The log is shortened by age for all businesses at once: the system role may do that, and read no more than the time.
CHORES = """
CREATE POLICY every_business ON messages TO vernis_system USING (true);

GRANT DELETE, SELECT (ended_at) ON messages TO vernis_system;
"""


def upgrade() -> None:
    run(TABLES)
    for table in ("message_settings", "messages", "message_attempts", "message_suppressions"):
        isolate(table)
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO vernis_app")
    run(CHORES)
