"""Where a photo's objects lie in storage."""

from __future__ import annotations


def incoming(business_id: str, customer_id: str, upload_id: str) -> str:
    """What was posted with an upload's form, not verified yet."""
    return f"{everything_incoming(business_id, customer_id)}{upload_id}"


def everything_incoming(business_id: str, customer_id: str) -> str:
    """The prefix of all that a customer's forms may have brought, whether an upload still knows of it or not."""
    return f"incoming/{business_id}/{customer_id}/"


def original(business_id: str, photo_id: str) -> str:
    """The verified bytes as they came."""
    return f"photos/{business_id}/{photo_id}/original"


def scan(business_id: str, photo_id: str, weights: str) -> str:
    """What the models with this weight hash found in it."""
    return f"photos/{business_id}/{photo_id}/scan-{weights}"


def everything(business_id: str, photo_id: str) -> str:
    """The prefix of all that belongs to the photo."""
    return f"photos/{business_id}/{photo_id}/"
