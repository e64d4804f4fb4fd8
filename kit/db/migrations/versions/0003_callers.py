"""Callers: keys that rotate and expire, staff and their sessions, kiosks, tickets, public ids, suspension."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0003"
down_revision = "0002"
CONTRACT = "Written before the first release: no installation held rows yet."

BUSINESSES = """
ALTER TABLE businesses
    ADD COLUMN public_id text UNIQUE,
    ADD COLUMN allowed_origins text[] NOT NULL DEFAULT '{}',
    ADD COLUMN suspended_at timestamptz;

CREATE INDEX businesses_of_origin ON businesses USING gin (allowed_origins);
"""

KEYS = """
ALTER TABLE api_keys
    ADD COLUMN test boolean NOT NULL DEFAULT false,
    ADD COLUMN hint text NOT NULL DEFAULT '',
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN last_used_at timestamptz,
    ADD COLUMN replaces text REFERENCES api_keys (id) ON DELETE SET NULL;

CREATE INDEX api_keys_of_business ON api_keys (business_id, id);

ALTER TABLE visitor_tokens ADD COLUMN minted_by text NOT NULL DEFAULT '';

ALTER TABLE tryons
    ADD COLUMN test boolean NOT NULL GENERATED ALWAYS AS (starts_with(customer_id, 'cut_')) STORED;
"""

STAFF = """
CREATE TABLE staff (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'reception', 'stylist')),
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, email)
);

CREATE TABLE staff_letters (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('invitation', 'password_reset')),
    email text NOT NULL,
    role text CHECK (role IN ('owner', 'reception', 'stylist')),
    secret_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CHECK ((kind = 'invitation') = (role IS NOT NULL))
);

CREATE INDEX staff_letters_open ON staff_letters (business_id, email) WHERE used_at IS NULL;

CREATE TABLE staff_sessions (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    staff_id text NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    access_hash bytea NOT NULL UNIQUE,
    access_expires_at timestamptz NOT NULL,
    refresh_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE INDEX staff_sessions_of_staff ON staff_sessions (staff_id) WHERE revoked_at IS NULL;

CREATE TABLE spent_refresh_tokens (
    secret_hash bytea PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    session_id text NOT NULL REFERENCES staff_sessions (id) ON DELETE CASCADE
);
"""

DEVICES = """
CREATE TABLE kiosks (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    name text NOT NULL,
    code_hash bytea UNIQUE,
    code_expires_at timestamptz,
    secret_hash bytea UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    paired_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);

CREATE INDEX kiosks_of_business ON kiosks (business_id, id);

CREATE TABLE tickets (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text REFERENCES customers (id) ON DELETE CASCADE,
    test boolean NOT NULL,
    secret_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
"""

TENANT_TABLES = ("staff", "staff_letters", "staff_sessions", "spent_refresh_tokens", "kiosks", "tickets")
READ_BY_LOOKUPS = ("businesses", "tryons", *TENANT_TABLES)

# What a caller may do is not known yet when these run: as the owner, whom one policy of each table lets read, they
# answer for one exact secret, address or id only. All callers' look-ups have one shape.
LOOKUPS = """
DROP FUNCTION caller_of_key(bytea);

DROP FUNCTION caller_of_visitor(bytea);

CREATE TYPE found_caller AS (
    business_id text, subject text, grants text[], session_id text, test boolean, suspended boolean, stale boolean
);

CREATE TYPE found_holder AS (business_id text, subject text, suspended boolean);

CREATE FUNCTION caller_of_key(hash bytea)
RETURNS SETOF found_caller
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, k.id, k.scopes, NULL::text, k.test, b.suspended_at IS NOT NULL,
           coalesce(k.last_used_at < now() - interval '1 minute', true)
    FROM api_keys k JOIN businesses b ON b.id = k.business_id
    WHERE k.secret_hash = hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
$$;

CREATE FUNCTION caller_of_visitor(hash bytea)
RETURNS SETOF found_caller
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, v.customer_id, v.scopes, NULL::text, starts_with(v.customer_id, 'cut_'),
           b.suspended_at IS NOT NULL, false
    FROM visitor_tokens v JOIN businesses b ON b.id = v.business_id
    WHERE v.secret_hash = hash AND v.expires_at > now()
$$;

CREATE FUNCTION caller_of_session(hash bytea)
RETURNS SETOF found_caller
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, m.id, ARRAY[m.role], s.id, false, b.suspended_at IS NOT NULL, false
    FROM staff_sessions s JOIN staff m ON m.id = s.staff_id JOIN businesses b ON b.id = s.business_id
    WHERE s.access_hash = hash AND s.access_expires_at > now() AND s.revoked_at IS NULL
$$;

CREATE FUNCTION caller_of_kiosk(hash bytea)
RETURNS SETOF found_caller
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, k.id, '{}'::text[], NULL::text, false, b.suspended_at IS NOT NULL,
           coalesce(k.last_used_at < now() - interval '1 minute', true)
    FROM kiosks k JOIN businesses b ON b.id = k.business_id
    WHERE k.secret_hash = hash AND k.revoked_at IS NULL
$$;

CREATE FUNCTION holder_of_letter(hash bytea)
RETURNS SETOF found_holder
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, l.id, b.suspended_at IS NOT NULL
    FROM staff_letters l JOIN businesses b ON b.id = l.business_id
    WHERE l.secret_hash = hash AND l.used_at IS NULL AND l.expires_at > now()
$$;

CREATE FUNCTION holder_of_refresh_token(hash bytea)
RETURNS SETOF found_holder
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, s.id, b.suspended_at IS NOT NULL
    FROM staff_sessions s JOIN businesses b ON b.id = s.business_id
    WHERE s.refresh_hash = hash OR s.id = (SELECT t.session_id FROM spent_refresh_tokens t WHERE t.secret_hash = hash)
$$;

CREATE FUNCTION holder_of_email(business text, address text)
RETURNS TABLE (business_id text, subject text, suspended boolean, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, m.id, b.suspended_at IS NOT NULL, m.password_hash
    FROM staff m JOIN businesses b ON b.id = m.business_id
    WHERE b.id = business AND m.email = address
$$;

CREATE FUNCTION holder_of_pairing_code(hash bytea)
RETURNS SETOF found_holder
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, k.id, b.suspended_at IS NOT NULL
    FROM kiosks k JOIN businesses b ON b.id = k.business_id
    WHERE k.code_hash = hash AND k.code_expires_at > now() AND k.revoked_at IS NULL
$$;

CREATE FUNCTION holder_of_ticket(hash bytea)
RETURNS SETOF found_holder
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, t.id, b.suspended_at IS NOT NULL
    FROM tickets t JOIN businesses b ON b.id = t.business_id
    WHERE t.secret_hash = hash AND t.used_at IS NULL AND t.expires_at > now()
$$;

CREATE FUNCTION holder_of_public_id(public text)
RETURNS TABLE (business_id text, subject text, suspended boolean, allowed_origins text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT id, public_id, suspended_at IS NOT NULL, allowed_origins FROM businesses WHERE public_id = public
$$;

CREATE FUNCTION holder_of_tryon(tryon text)
RETURNS SETOF found_holder
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, t.customer_id, b.suspended_at IS NOT NULL
    FROM tryons t JOIN businesses b ON b.id = t.business_id
    WHERE t.id = tryon AND t.erased_at IS NULL
$$;

CREATE FUNCTION origin_is_allowed(origin text, business text)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT FROM businesses
        WHERE allowed_origins @> ARRAY[origin] AND suspended_at IS NULL AND (business IS NULL OR id = business)
    )
$$;

CREATE FUNCTION every_business()
RETURNS TABLE (id text, name text, created_at timestamptz, suspended_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT id, name, created_at, suspended_at FROM businesses ORDER BY id
$$;
"""

# Rows of credentials that ended are of no use to anybody, and letters hold addresses.
HOUSEKEEPING = """
CREATE FUNCTION forget_ended_credentials(older_than interval)
RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
    WITH visitors AS (DELETE FROM visitor_tokens WHERE expires_at < now() - older_than RETURNING 1),
        phones AS (DELETE FROM tickets WHERE expires_at < now() - older_than RETURNING 1),
        letters AS (DELETE FROM staff_letters WHERE expires_at < now() - older_than RETURNING 1),
        sessions AS (
            DELETE FROM staff_sessions WHERE least(expires_at, revoked_at) < now() - older_than RETURNING 1
        ),
        codes AS (
            DELETE FROM kiosks WHERE paired_at IS NULL AND code_expires_at < now() - older_than RETURNING 1
        )
    SELECT (SELECT count(*) FROM visitors) + (SELECT count(*) FROM phones) + (SELECT count(*) FROM letters)
        + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM codes)
$$;
"""

SWEPT = ("visitor_tokens", "tickets", "staff_letters", "staff_sessions", "kiosks")

TO_THE_APP = (
    "caller_of_key, caller_of_visitor, caller_of_session, caller_of_kiosk, holder_of_letter, holder_of_email,"
    " holder_of_refresh_token, holder_of_pairing_code, holder_of_ticket, holder_of_public_id, holder_of_tryon,"
    " origin_is_allowed"
)

TO_THE_SYSTEM = "every_business, forget_ended_credentials"

PUBLIC_IDS = """
CREATE POLICY give_public_id ON businesses FOR UPDATE TO vernis_owner USING (true);

UPDATE businesses
    SET public_id = 'pub_' || substr(id, 5, 10) || substr(translate(gen_random_uuid()::text, '-', ''), 1, 16);

DROP POLICY give_public_id ON businesses;

ALTER TABLE businesses ALTER COLUMN public_id SET NOT NULL;
"""


def upgrade() -> None:
    run(BUSINESSES)
    run(KEYS)
    run(STAFF)
    run(DEVICES)
    for table in TENANT_TABLES:
        isolate(table)
    for table in READ_BY_LOOKUPS:
        op.execute(f"CREATE POLICY credential_lookup ON {table} FOR SELECT TO vernis_owner USING (true)")
    run(PUBLIC_IDS)
    op.execute("GRANT SELECT, INSERT, UPDATE ON staff_letters, staff_sessions, kiosks, tickets TO vernis_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON staff TO vernis_app")
    op.execute("GRANT SELECT, INSERT ON spent_refresh_tokens TO vernis_app")
    run(LOOKUPS)
    for table in SWEPT:
        op.execute(f"CREATE POLICY housekeeping ON {table} FOR DELETE TO vernis_owner USING (true)")
    run(HOUSEKEEPING)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {TO_THE_APP}, {TO_THE_SYSTEM} FROM public")
    op.execute(f"GRANT EXECUTE ON FUNCTION {TO_THE_APP} TO vernis_app")
    op.execute(f"GRANT EXECUTE ON FUNCTION {TO_THE_SYSTEM} TO vernis_system")
