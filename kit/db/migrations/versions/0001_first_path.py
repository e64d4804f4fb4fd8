"""The first path: businesses, keys, visitors, customers, consents, photos, try-ons, jobs, outbox, heartbeats."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0001"
down_revision = None

TENANT_TABLES = ("api_keys", "visitor_tokens", "customers", "consents", "photos", "tryons")

TABLES = """
CREATE TABLE businesses (
    id text PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    name text NOT NULL,
    secret_hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

CREATE TABLE customers (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE visitor_tokens (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    secret_hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

CREATE TABLE consents (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    text_version text NOT NULL,
    language text NOT NULL,
    purposes text[] NOT NULL,
    signature text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz
);

CREATE TABLE photos (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    consent_id text NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    media_type text NOT NULL,
    width_px integer NOT NULL,
    height_px integer NOT NULL,
    size_bytes integer NOT NULL,
    sha256 text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    erased_at timestamptz
);

CREATE INDEX photos_expiry ON photos (business_id, expires_at) WHERE erased_at IS NULL;

CREATE TABLE tryons (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    photo_id text NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
    job_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'nothing_found', 'failed', 'cancelled')),
    version integer NOT NULL DEFAULT 1,
    looks jsonb NOT NULL,
    result jsonb,
    error_code text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    expires_at timestamptz NOT NULL,
    erased_at timestamptz
);

CREATE INDEX tryons_of_customer ON tryons (business_id, customer_id, id);

CREATE INDEX tryons_of_photo ON tryons (photo_id);

CREATE TABLE jobs (
    id text PRIMARY KEY,
    business_id text NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    attempts integer NOT NULL DEFAULT 0,
    token bigint NOT NULL DEFAULT 0,
    worker text,
    lease_until timestamptz,
    run_at timestamptz NOT NULL DEFAULT now(),
    dispatch_at timestamptz NOT NULL DEFAULT now(),
    dispatches integer NOT NULL DEFAULT 0,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);

CREATE INDEX jobs_to_dispatch ON jobs (dispatch_at) WHERE state = 'queued';

CREATE INDEX jobs_on_lease ON jobs (lease_until) WHERE state = 'running';

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    business_id text NOT NULL,
    topic text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE worker_heartbeats (
    worker text PRIMARY KEY,
    queue text NOT NULL,
    pid integer NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now()
);
"""

# The caller is not known yet when a credential is looked up: these two functions run as the owner, whom one
# policy of each table lets read, and answer with (business, subject) for one exact hash only.
LOOKUPS = """
CREATE POLICY credential_lookup ON api_keys FOR SELECT TO vernis_owner USING (true);

CREATE POLICY credential_lookup ON visitor_tokens FOR SELECT TO vernis_owner USING (true);

CREATE FUNCTION caller_of_key(hash bytea)
RETURNS TABLE (business_id text, subject text, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT business_id, id, scopes FROM api_keys WHERE secret_hash = hash AND revoked_at IS NULL
$$;

CREATE FUNCTION caller_of_visitor(hash bytea)
RETURNS TABLE (business_id text, subject text, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT business_id, customer_id, scopes FROM visitor_tokens WHERE secret_hash = hash AND expires_at > now()
$$;

REVOKE EXECUTE ON FUNCTION caller_of_key, caller_of_visitor FROM public;

GRANT EXECUTE ON FUNCTION caller_of_key, caller_of_visitor TO vernis_app;
"""

WAKE = """
CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY vernis_relay;
    RETURN NULL;
END $$;

CREATE TRIGGER wake AFTER INSERT ON jobs FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();

CREATE TRIGGER wake AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();
"""


def upgrade() -> None:
    run(TABLES)
    isolate("businesses", "id")
    for table in (*TENANT_TABLES, "jobs", "outbox"):
        isolate(table)
    for table in ("jobs", "outbox"):
        op.execute(f"CREATE POLICY every_business ON {table} TO vernis_system USING (true) WITH CHECK (true)")
    op.execute("GRANT USAGE ON SCHEMA public TO vernis_app, vernis_system")
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON businesses, " + ", ".join(TENANT_TABLES) + " TO vernis_app"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON jobs TO vernis_app")
    op.execute("GRANT INSERT ON outbox TO vernis_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON jobs, outbox, worker_heartbeats TO vernis_system")
    run(LOOKUPS)
    run(WAKE)
