"""What is kept of an address once a message has ended."""

from __future__ import annotations

import hmac


def address_hash(secret: str, business_id: str, address: str) -> str:
    """The same for the same address of a business. Keyed by the service's own secret, or lists of addresses would be
    tried against it; with the business in it, or two salons could see that they share a customer.
    """
    message = f"vernis address hash 1\n{business_id}\n{address.casefold()}"
    return hmac.digest(secret.encode(), message.encode(), "sha256").hex()[:32]
