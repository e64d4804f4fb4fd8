"""Booking: places, who works there and with what, how services are done, appointments, and those who wait for one."""

from kit.db.ddl import isolate, run

revision = "0010"
down_revision = "0009"

SALON = """
CREATE TABLE locations (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    name text NOT NULL,
    zone text NOT NULL,
    step_min integer NOT NULL CHECK (step_min BETWEEN 5 AND 120),
    closed_on date[] NOT NULL,
    feed_version integer NOT NULL DEFAULT 1,
    archived_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, id)
);

CREATE TABLE stylists (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    location_id text NOT NULL,
    staff_id text REFERENCES staff (id) ON DELETE SET NULL,
    name text NOT NULL,
    skills text[] NOT NULL,
    schedule jsonb NOT NULL,
    feed_version integer NOT NULL DEFAULT 1,
    archived_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, id),
    FOREIGN KEY (business_id, location_id) REFERENCES locations (business_id, id)
);

CREATE TABLE time_off (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    stylist_id text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (starts_at < ends_at),
    FOREIGN KEY (business_id, stylist_id) REFERENCES stylists (business_id, id) ON DELETE CASCADE
);

CREATE INDEX time_off_of_stylist ON time_off (stylist_id, ends_at);

CREATE TABLE resources (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    location_id text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    archived_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, id),
    FOREIGN KEY (business_id, location_id) REFERENCES locations (business_id, id)
);

CREATE TABLE service_rules (
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    service_id text NOT NULL,
    spec jsonb NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (business_id, service_id)
);

CREATE TABLE booking_policies (
    business_id text PRIMARY KEY REFERENCES businesses (id) ON DELETE CASCADE,
    spec jsonb NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
"""

APPOINTMENTS = """
CREATE TABLE appointments (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    location_id text NOT NULL,
    test boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('held', 'booked', 'done', 'cancelled', 'no_show', 'lapsed')),
    source text NOT NULL CHECK (source IN ('customer', 'desk', 'walk_in', 'waitlist')),
    purpose text NOT NULL CHECK (purpose IN ('visit', 'patch_test', 'session')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    legs jsonb NOT NULL,
    series_id text,
    tryon_id text,
    quote jsonb,
    price_amount integer NOT NULL CHECK (price_amount >= 0),
    price_currency text NOT NULL,
    fee_amount integer CHECK (fee_amount >= 0),
    contact jsonb,
    note text NOT NULL DEFAULT '',
    hold_until timestamptz,
    sequence integer NOT NULL DEFAULT 0,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, id),
    CHECK (starts_at <= ends_at),
    CHECK ((status = 'held') = (hold_until IS NOT NULL)),
    FOREIGN KEY (business_id, location_id) REFERENCES locations (business_id, id)
);

CREATE INDEX appointments_by_day ON appointments (business_id, location_id, starts_at);

CREATE INDEX appointments_of_customer ON appointments (customer_id, id);

CREATE INDEX appointments_of_series ON appointments (series_id) WHERE series_id IS NOT NULL;

CREATE INDEX appointments_held ON appointments (location_id, hold_until) WHERE status = 'held';
"""

# Who and what is taken when. The engine brings no btree_gist: a range of one word stands for the word. What test keys
# book lies in a world of its own and takes nothing from customers.
OCCUPATIONS = """
CREATE TYPE textrange AS RANGE (subtype = text, collation = "C");

CREATE TABLE occupations (
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    appointment_id text NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
    subject text NOT NULL,
    during tstzrange NOT NULL CHECK (NOT isempty(during)),
    test boolean NOT NULL,
    CONSTRAINT taken_once EXCLUDE USING gist (
        textrange(subject, subject, '[]') WITH &&,
        int4range(test::integer, test::integer, '[]') WITH &&,
        during WITH &&
    )
);

CREATE INDEX occupations_of_appointment ON occupations (appointment_id);
"""

WAITING = """
CREATE TABLE waitlist (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    customer_id text NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    location_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('waiting', 'offered', 'booked', 'withdrawn', 'over')),
    services text[] NOT NULL,
    stylist_id text,
    earliest timestamptz NOT NULL,
    latest timestamptz NOT NULL,
    appointment_id text REFERENCES appointments (id) ON DELETE SET NULL,
    contact jsonb,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, id),
    CHECK (earliest < latest),
    FOREIGN KEY (business_id, location_id) REFERENCES locations (business_id, id)
);

CREATE INDEX waitlist_of_customer ON waitlist (customer_id, id);

CREATE INDEX waitlist_open ON waitlist (location_id, id) WHERE status = 'waiting';

CREATE INDEX waitlist_of_appointment ON waitlist (appointment_id) WHERE appointment_id IS NOT NULL;
"""

TABLES = (
    "locations",
    "stylists",
    "time_off",
    "resources",
    "service_rules",
    "booking_policies",
    "appointments",
    "occupations",
    "waitlist",
)


def upgrade() -> None:
    for script in (SALON, APPOINTMENTS, OCCUPATIONS, WAITING):
        run(script)
    for table in TABLES:
        isolate(table)
    run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(TABLES)} TO vernis_app")
