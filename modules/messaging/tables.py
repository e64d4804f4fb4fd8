"""Messages, every attempt to send one, who is not to be written to, and how a business writes."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from kit.db.schema import business_column, created_column, metadata

settings = Table(
    "message_settings",
    metadata,
    Column("business_id", Text, primary_key=True),
    Column("sender_name", Text, nullable=False),
    Column("reply_to", Text, nullable=False),
    Column("footer", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("quiet_from", Text, nullable=False),
    Column("quiet_until", Text, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id")),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("name", Text),
    Column("address", Text),
    Column("context", JSONB(none_as_null=True)),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("job_id", Text),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("doubtful", Integer, nullable=False, server_default=text("0")),
    Column("code", Integer),
    Column("error", Text),
    Column("address_hash", Text),
    Column("body_sha256", Text),
    created_column(),
    Column("ended_at", DateTime(timezone=True)),
    UniqueConstraint("business_id", "key"),
)

attempts = Table(
    "message_attempts",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("message_id", Text, ForeignKey("messages.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("code", Integer),
    Column("status", Text, nullable=False),
    Column("error", Text),
)

suppressions = Table(
    "message_suppressions",
    metadata,
    Column("business_id", Text, primary_key=True),
    Column("address_hash", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id")),
    created_column(),
    Column("ends_at", DateTime(timezone=True)),
)
