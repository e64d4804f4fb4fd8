"""Customers: persons, anonymous until they book."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from kit.db.schema import business_column, created_column, metadata

customers = Table(
    "customers",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    created_column(),
)
