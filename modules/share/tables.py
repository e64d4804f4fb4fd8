"""Shares: links to a look, what may be shown by them, and how often they were followed. How a salon can be reached."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, Table, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.schema import business_column, created_column, metadata

shares = Table(
    "shares",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("tryon_id", Text, ForeignKey("tryons.id"), nullable=False),
    Column("photo_id", Text, nullable=False),
    Column("consent_id", Text, nullable=False),
    Column("look", Integer, nullable=False),
    Column("with_before", Boolean, nullable=False),
    Column("watermark", Boolean, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("greeting", Text, nullable=False, server_default=""),
    Column("channels", ARRAY(Text), nullable=False, server_default="{}"),
    Column("clip", Text, nullable=False, server_default="none"),
    Column("clip_format", Text),
    *(
        Column(deed, Integer, nullable=False, server_default=text("0"))
        for deed in ("opened", "slid", "tried", "booked")
    ),
    created_column(),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
)

contacts = Table(
    "salon_contacts",
    metadata,
    Column("business_id", Text, primary_key=True),
    *(
        Column(name, Text, nullable=False, server_default="")
        for name in ("phone", "email", "booking_url", "address", "hours")
    ),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
