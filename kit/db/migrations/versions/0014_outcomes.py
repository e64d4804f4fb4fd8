"""Outcomes: a photo of the real result beside the preview that was booked, and how near its colours came."""

from alembic import op

from kit.db.ddl import isolate, run

revision = "0014"
down_revision = "0013"

TABLES = """
CREATE TABLE outcomes (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    test boolean NOT NULL GENERATED ALWAYS AS (starts_with(customer_id, 'cut_')) STORED,
    appointment_id text NOT NULL,
    tryon_id text NOT NULL,
    look integer NOT NULL,
    preview_photo_id text NOT NULL,
    photo_id text NOT NULL,
    worn jsonb NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'nothing_found', 'failed')),
    version integer NOT NULL DEFAULT 1,
    regions jsonb,
    by_design jsonb NOT NULL DEFAULT '{}',
    picture text,
    error_code text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    erased_at timestamptz
);

CREATE UNIQUE INDEX outcomes_of_appointment ON outcomes (business_id, appointment_id) WHERE erased_at IS NULL;

CREATE INDEX outcomes_of_customer ON outcomes (customer_id);

CREATE INDEX outcomes_of_photo ON outcomes (business_id, photo_id);

CREATE INDEX outcomes_of_preview ON outcomes (business_id, preview_photo_id);
"""


def upgrade() -> None:
    run(TABLES)
    isolate("outcomes")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON outcomes TO vernis_app")
