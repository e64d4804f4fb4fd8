"""Shares: signed links to a look, how often they were followed, and how a salon can be reached."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0012"
down_revision = "0011"

TABLES = """
CREATE TABLE shares (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    tryon_id text NOT NULL REFERENCES tryons (id) ON DELETE CASCADE,
    photo_id text NOT NULL,
    consent_id text NOT NULL,
    look integer NOT NULL CHECK (look >= 0),
    with_before boolean NOT NULL,
    watermark boolean NOT NULL,
    title text NOT NULL DEFAULT '',
    greeting text NOT NULL DEFAULT '',
    channels text[] NOT NULL DEFAULT '{}',
    clip text NOT NULL DEFAULT 'none' CHECK (clip IN ('none', 'queued', 'done', 'failed')),
    clip_format text CHECK (clip_format IN ('mp4', 'webp')),
    opened integer NOT NULL DEFAULT 0,
    slid integer NOT NULL DEFAULT 0,
    tried integer NOT NULL DEFAULT 0,
    booked integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text
);

CREATE INDEX shares_of_customer ON shares (customer_id);

CREATE INDEX shares_of_tryon ON shares (tryon_id);

CREATE INDEX shares_of_photo ON shares (photo_id) WHERE ended_at IS NULL;

CREATE INDEX shares_of_consent ON shares (consent_id) WHERE ended_at IS NULL;

CREATE TABLE salon_contacts (
    business_id text PRIMARY KEY REFERENCES businesses (id) ON DELETE CASCADE,
    phone text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT '',
    booking_url text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    hours text NOT NULL DEFAULT '',
    changed_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE customers ADD COLUMN source text;
"""

LOOKUP = """
CREATE FUNCTION holder_of_share(share text)
RETURNS SETOF found_holder
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, s.id, b.suspended_at IS NOT NULL
    FROM shares s JOIN businesses b ON b.id = s.business_id
    WHERE s.id = share
$$;

REVOKE EXECUTE ON FUNCTION holder_of_share FROM public;

GRANT EXECUTE ON FUNCTION holder_of_share TO vernis_app;
"""


def upgrade() -> None:
    run(TABLES)
    isolate("shares")
    isolate("salon_contacts")
    op.execute("CREATE POLICY credential_lookup ON shares FOR SELECT TO vernis_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON shares TO vernis_app")
    op.execute("GRANT SELECT, INSERT, UPDATE ON salon_contacts TO vernis_app")
    run(LOOKUP)
