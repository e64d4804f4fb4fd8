"""The salon's own catalogue: designs, looks, services and products, what it makes of the shipped ones, and imports."""

from kit.db.ddl import isolate, run

revision = "0006"
down_revision = "0005"

PRODUCTS = """
CREATE TABLE products (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    sku text NOT NULL,
    name text NOT NULL,
    brand text NOT NULL,
    kind text NOT NULL,
    price_amount integer NOT NULL CHECK (price_amount >= 0),
    price_currency text NOT NULL,
    stock integer NOT NULL DEFAULT 0,
    low_stock integer NOT NULL DEFAULT 0 CHECK (low_stock >= 0),
    unit text NOT NULL,
    archived_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, id),
    UNIQUE (business_id, sku)
);

CREATE TABLE stock_movements (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    product_id text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('delivery', 'sale', 'use', 'return', 'loss', 'correction')),
    delta integer NOT NULL CHECK (delta <> 0),
    stock integer NOT NULL,
    note text NOT NULL,
    actor_kind text NOT NULL,
    actor text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (stock >= 0 OR delta > 0 OR reason = 'correction'),
    FOREIGN KEY (business_id, product_id) REFERENCES products (business_id, id)
);

CREATE INDEX stock_movements_of_product ON stock_movements (business_id, product_id, id);
"""

SERVICES = """
CREATE TABLE services (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    name text NOT NULL,
    kind text NOT NULL,
    minutes integer NOT NULL CHECK (minutes >= 0),
    buffer_before_min integer NOT NULL CHECK (buffer_before_min >= 0),
    buffer_after_min integer NOT NULL CHECK (buffer_after_min >= 0),
    price_amount integer NOT NULL CHECK (price_amount >= 0),
    price_currency text NOT NULL,
    offered boolean NOT NULL DEFAULT true,
    archived_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, id)
);

CREATE TABLE service_choices (
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    service_id text NOT NULL,
    offered boolean NOT NULL DEFAULT true,
    minutes integer CHECK (minutes >= 0),
    buffer_before_min integer CHECK (buffer_before_min >= 0),
    buffer_after_min integer CHECK (buffer_after_min >= 0),
    price_amount integer CHECK (price_amount >= 0),
    price_currency text,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (business_id, service_id),
    CHECK ((price_amount IS NULL) = (price_currency IS NULL))
);
"""

# Prices, minutes and services of designs may be a shipped service's, which is no row: the program checks them.
DESIGNS = """
CREATE TABLE designs (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    kind text NOT NULL
        CHECK (kind IN ('nail_polish', 'nail_art', 'lips', 'cheeks', 'eyes', 'brows', 'hair')),
    name text NOT NULL,
    sku text NOT NULL,
    finish text,
    families text[] NOT NULL,
    lab_l real NOT NULL,
    lab_a real NOT NULL,
    lab_b real NOT NULL,
    price_amount integer NOT NULL CHECK (price_amount >= 0),
    price_currency text NOT NULL,
    service_id text NOT NULL,
    minutes integer NOT NULL CHECK (minutes >= 0),
    product_id text,
    tags text[] NOT NULL,
    words text NOT NULL,
    renderable boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'live', 'hidden', 'archived')),
    spec jsonb NOT NULL,
    preview text NOT NULL DEFAULT 'pending' CHECK (preview IN ('pending', 'ready', 'failed')),
    preview_key text,
    preview_sha256 text,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, id),
    UNIQUE (business_id, sku),
    CHECK ((preview = 'ready') = (preview_key IS NOT NULL)),
    CHECK ((preview_key IS NULL) = (preview_sha256 IS NULL)),
    FOREIGN KEY (business_id, product_id) REFERENCES products (business_id, id)
);

CREATE INDEX designs_of_product ON designs (business_id, product_id) WHERE product_id IS NOT NULL;

CREATE TABLE shelf_choices (
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    design_id text NOT NULL,
    hidden boolean NOT NULL DEFAULT false,
    minutes integer CHECK (minutes >= 0),
    price_amount integer CHECK (price_amount >= 0),
    price_currency text,
    product_id text,
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (business_id, design_id),
    CHECK ((price_amount IS NULL) = (price_currency IS NULL)),
    FOREIGN KEY (business_id, product_id) REFERENCES products (business_id, id)
);

CREATE INDEX shelf_choices_of_product ON shelf_choices (business_id, product_id) WHERE product_id IS NOT NULL;

CREATE TABLE bundles (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    name text NOT NULL,
    occasion text NOT NULL,
    design_ids text[] NOT NULL CHECK (cardinality(design_ids) BETWEEN 1 AND 12),
    state text NOT NULL CHECK (state IN ('draft', 'live', 'hidden', 'archived')),
    row_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (business_id, id)
);
"""

IMPORTS = """
CREATE TABLE imports (
    id text PRIMARY KEY,
    business_id text NOT NULL REFERENCES businesses (id) ON DELETE CASCADE,
    subject text NOT NULL CHECK (subject IN ('designs', 'products', 'services')),
    format text NOT NULL CHECK (format IN ('csv', 'xlsx')),
    dry_run boolean NOT NULL,
    status text NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'done', 'refused', 'failed')),
    rows integer NOT NULL DEFAULT 0,
    created integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    unchanged integer NOT NULL DEFAULT 0,
    errors jsonb NOT NULL DEFAULT '[]',
    errors_left_out integer NOT NULL DEFAULT 0,
    problem text,
    actor_kind text NOT NULL,
    actor text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);

CREATE INDEX imports_of_business ON imports (business_id, id);
"""

TABLES = (
    "products",
    "stock_movements",
    "services",
    "service_choices",
    "designs",
    "shelf_choices",
    "bundles",
    "imports",
)
GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON products, services, service_choices, designs, shelf_choices, bundles
TO vernis_app;

GRANT SELECT, INSERT ON stock_movements TO vernis_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON imports TO vernis_app;
"""


def upgrade() -> None:
    run(PRODUCTS)
    run(SERVICES)
    run(DESIGNS)
    run(IMPORTS)
    for table in TABLES:
        isolate(table)
    run(GRANTS)
