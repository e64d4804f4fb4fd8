"""Where a try-on's pictures lie in storage. Each attempt writes under its own fencing token, so attempts never mix."""

from __future__ import annotations


def attempt(business_id: str, tryon_id: str, token: int) -> str:
    """The prefix of one attempt."""
    return f"results/{business_id}/{tryon_id}/{token}/"


def everything(business_id: str, tryon_id: str) -> str:
    """The prefix of all attempts."""
    return f"results/{business_id}/{tryon_id}/"
