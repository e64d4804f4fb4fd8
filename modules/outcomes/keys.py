"""Where the picture of a real result lies in storage. Each attempt writes under its own fencing token."""

from __future__ import annotations


def picture(business_id: str, outcome_id: str, token: int) -> str:
    """The photo without its metadata, longest side at most 1080."""
    return f"{everything(business_id, outcome_id)}{token}/photo.jpg"


def everything(business_id: str, outcome_id: str) -> str:
    """The prefix of all attempts."""
    return f"outcomes/{business_id}/{outcome_id}/"
