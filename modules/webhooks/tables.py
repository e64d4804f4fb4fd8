"""Webhooks: endpoints, messages, one delivery for each of both, and every attempt at it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.schema import business_column, created_column, metadata

endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("url", Text, nullable=False),
    Column("event_types", ARRAY(Text), nullable=False),
    Column("description", Text, nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    Column("disabled_reason", Text),
    Column("failing_since", DateTime(timezone=True)),
    Column("secret", LargeBinary, nullable=False),
    Column("previous_secret", LargeBinary),
    Column("previous_secret_until", DateTime(timezone=True)),
    created_column(),
)

messages = Table(
    "webhook_messages",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("type", Text, nullable=False),
    Column("body", Text, nullable=False),
    created_column(),
)

deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("endpoint_id", Text, ForeignKey("webhook_endpoints.id"), nullable=False),
    Column("message_id", Text, ForeignKey("webhook_messages.id"), nullable=False),
    Column("state", Text, nullable=False, server_default="pending"),
    Column("job_id", Text),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("last_status", Integer),
    Column("next_attempt_at", DateTime(timezone=True)),
    created_column(),
    Column("ended_at", DateTime(timezone=True)),
)

attempts = Table(
    "webhook_attempts",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("delivery_id", Text, ForeignKey("webhook_deliveries.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("response", Text, nullable=False),
)
