"""Imports: a file that was read, what came of it, and the faults that were found in it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from kit.db.schema import business_column, created_column, metadata

imports = Table(
    "imports",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("subject", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("status", Text, nullable=False, server_default="queued"),
    Column("rows", Integer, nullable=False, server_default=text("0")),
    Column("created", Integer, nullable=False, server_default=text("0")),
    Column("changed", Integer, nullable=False, server_default=text("0")),
    Column("unchanged", Integer, nullable=False, server_default=text("0")),
    Column("errors", JSONB, nullable=False, server_default=text("'[]'")),
    Column("errors_left_out", Integer, nullable=False, server_default=text("0")),
    Column("problem", Text),
    Column("actor_kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    created_column(),
    Column("finished_at", DateTime(timezone=True)),
)
