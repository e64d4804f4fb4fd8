"""Members of staff, the letters that let them in, and their sessions."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text, UniqueConstraint, func

from kit.db.schema import business_column, created_column, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    created_column(),
    UniqueConstraint("business_id", "email"),
)

staff_letters = Table(
    "staff_letters",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("kind", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    created_column(),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    Column("access_hash", LargeBinary, nullable=False, unique=True),
    Column("access_expires_at", DateTime(timezone=True), nullable=False),
    Column("refresh_hash", LargeBinary, nullable=False, unique=True),
    created_column(),
    Column("refreshed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)

spent_refresh_tokens = Table(
    "spent_refresh_tokens",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    business_column(),
    Column("session_id", Text, ForeignKey("staff_sessions.id"), nullable=False),
)
