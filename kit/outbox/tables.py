"""Tables of jobs, events and heartbeats."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from kit.db.schema import business_column, created_column, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("kind", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("token", BigInteger, nullable=False, server_default=text("0")),
    Column("worker", Text),
    Column("lease_until", DateTime(timezone=True)),
    Column("run_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("dispatch_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("dispatches", Integer, nullable=False, server_default=text("0")),
    Column("error", Text),
    created_column(),
    Column("finished_at", DateTime(timezone=True)),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    business_column(),
    Column("topic", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    created_column(),
)

worker_heartbeats = Table(
    "worker_heartbeats",
    metadata,
    Column("worker", Text, primary_key=True),
    Column("queue", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
