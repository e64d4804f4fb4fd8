"""Which plan a business is on, where it is not the open one."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from kit.db.schema import created_column, metadata

business_plans = Table(
    "business_plans",
    metadata,
    Column("business_id", Text, primary_key=True),
    Column("plan", Text, nullable=False),
    created_column(),
)
