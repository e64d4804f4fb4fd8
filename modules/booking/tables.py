"""Places, who works there and with what, how services are done, appointments, and those who wait for one."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE

from kit.db.columns import price_columns, version_columns
from kit.db.schema import business_column, created_column, metadata


def _at_a_location() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(("business_id", "location_id"), ("locations.business_id", "locations.id"))


def _feed_version() -> Column[int]:
    """Which links to its calendar are good."""
    return Column("feed_version", Integer, nullable=False, server_default=text("1"))


locations = Table(
    "locations",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("step_min", Integer, nullable=False),
    Column("closed_on", ARRAY(Date), nullable=False),
    _feed_version(),
    Column("archived_at", DateTime(timezone=True)),
    *version_columns(),
    created_column(),
    UniqueConstraint("business_id", "id"),
)

stylists = Table(
    "stylists",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("location_id", Text, nullable=False),
    Column("staff_id", Text, ForeignKey("staff.id")),
    Column("name", Text, nullable=False),
    Column("skills", ARRAY(Text), nullable=False),
    Column("schedule", JSONB, nullable=False),
    _feed_version(),
    Column("archived_at", DateTime(timezone=True)),
    *version_columns(),
    created_column(),
    UniqueConstraint("business_id", "id"),
    _at_a_location(),
)

time_off = Table(
    "time_off",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("stylist_id", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    created_column(),
    ForeignKeyConstraint(("business_id", "stylist_id"), ("stylists.business_id", "stylists.id")),
)

resources = Table(
    "resources",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("location_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("archived_at", DateTime(timezone=True)),
    *version_columns(),
    created_column(),
    UniqueConstraint("business_id", "id"),
    _at_a_location(),
)

service_rules = Table(
    "service_rules",
    metadata,
    business_column(),
    Column("service_id", Text, primary_key=True),
    Column("spec", JSONB, nullable=False),
    *version_columns(),
    created_column(),
)

booking_policies = Table(
    "booking_policies",
    metadata,
    business_column(),
    Column("spec", JSONB, nullable=False),
    *version_columns(),
    created_column(),
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("location_id", Text, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("legs", JSONB, nullable=False),
    Column("series_id", Text),
    Column("tryon_id", Text),
    Column("quote", JSONB(none_as_null=True)),
    *price_columns(),
    Column("fee_amount", Integer),
    Column("contact", JSONB(none_as_null=True)),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("hold_until", DateTime(timezone=True)),
    Column("sequence", Integer, nullable=False, server_default=text("0")),
    *version_columns(),
    created_column(),
    UniqueConstraint("business_id", "id"),
    _at_a_location(),
)

occupations = Table(
    "occupations",
    metadata,
    business_column(),
    Column("appointment_id", Text, ForeignKey("appointments.id"), nullable=False),
    Column("subject", Text, nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column("test", Boolean, nullable=False),
)

waitlist = Table(
    "waitlist",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("location_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("services", ARRAY(Text), nullable=False),
    Column("stylist_id", Text),
    Column("earliest", DateTime(timezone=True), nullable=False),
    Column("latest", DateTime(timezone=True), nullable=False),
    Column("appointment_id", Text, ForeignKey("appointments.id")),
    Column("contact", JSONB(none_as_null=True)),
    *version_columns(),
    created_column(),
    UniqueConstraint("business_id", "id"),
    _at_a_location(),
)
