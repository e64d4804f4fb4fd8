"""Photos: what is known of an uploaded picture. The bytes lie in storage; an erased row stays as a tombstone.

An upload is a form that was handed out and, when it was completed, the photo that came of it; its row goes in an hour.
"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text

from kit.db.schema import business_column, created_column, metadata

photos = Table(
    "photos",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("consent_id", Text, ForeignKey("consents.id"), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    created_column(),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("erased_at", DateTime(timezone=True)),
)

uploads = Table(
    "photo_uploads",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("consent_id", Text, ForeignKey("consents.id"), nullable=False),
    Column("photo_id", Text, ForeignKey("photos.id")),
    created_column(),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
