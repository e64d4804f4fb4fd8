"""An address on its way, and what is kept of it once a message has ended."""

from __future__ import annotations

import hmac
from contextlib import suppress
from email.headerregistry import Address


def on_the_wire(address: str) -> str:
    """The address with its domain in ASCII (IDNA), and its name quoted where it must be (RFC 5321)."""
    name, _, domain = address.rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return Address(username=name, domain=domain).addr_spec


def address_hash(secret: str, business_id: str, address: str) -> str:
    """The same for the same address of a business. Keyed by the service's own secret, or lists of addresses would be
    tried against it; with the business in it, or two salons could see that they share a customer.
    """
    message = f"vernis address hash 1\n{business_id}\n{address.casefold()}"
    return hmac.digest(secret.encode(), message.encode(), "sha256").hex()[:32]
