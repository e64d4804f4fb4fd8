"""Where an import's files lie in storage."""

from __future__ import annotations

from modules.exchange.grid import Format


def source(business_id: str, import_id: str) -> str:
    """The file as it came."""
    return f"imports/{business_id}/{import_id}/source"


def report(business_id: str, import_id: str, form: Format) -> str:
    """The file with a column that says what is wrong."""
    return f"imports/{business_id}/{import_id}/report.{form}"


def everything(business_id: str, import_id: str) -> str:
    """The prefix of both."""
    return f"imports/{business_id}/{import_id}/"
