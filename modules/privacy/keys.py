"""Where the archive of an export lies in storage."""

from __future__ import annotations


def archive(business_id: str, export_id: str) -> str:
    """The ZIP."""
    return f"exports/{business_id}/{export_id}/export.zip"


def everything(business_id: str, export_id: str) -> str:
    """The prefix of all that belongs to the export."""
    return f"exports/{business_id}/{export_id}/"
