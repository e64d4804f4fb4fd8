"""Where lies in storage what is made for a share alone, so that it goes when the share ends."""

from __future__ import annotations


def everything(business_id: str, share_id: str) -> str:
    """The prefix of a share."""
    return f"shares/{business_id}/{share_id}/"


def card(business_id: str, share_id: str, shape: str) -> str:
    """A card of one shape."""
    return f"{everything(business_id, share_id)}{shape}.jpg"


def clip(business_id: str, share_id: str, format: str) -> str:
    """The moving before and after."""
    return f"{everything(business_id, share_id)}clip.{format}"
