"""Uploads that go straight into the store: who may finish which, and the photo that came of it."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0005"
down_revision = "0004"

TABLES = """
CREATE TABLE photo_uploads (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    consent_id text NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    photo_id text REFERENCES photos (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

CREATE INDEX photo_uploads_of_customer ON photo_uploads (customer_id);

CREATE INDEX photo_uploads_of_consent ON photo_uploads (consent_id);

CREATE INDEX photo_uploads_of_photo ON photo_uploads (photo_id);
"""


def upgrade() -> None:
    run(TABLES)
    isolate("photo_uploads")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON photo_uploads TO vernis_app")
