"""The one MetaData that every module's tables.py registers with, and the column that makes a table a tenant's."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, MetaData, Text, func

metadata = MetaData()


def business_column() -> Column[str]:
    """The business that a row belongs to; row-level security reads it."""
    return Column("business_id", Text, nullable=False)


def created_column() -> Column[object]:
    """When the row was written."""
    return Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now())
