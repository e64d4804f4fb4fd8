"""Credentials: a prefix that names the kind, and 256 random bits of which only the SHA-256 is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

LIVE_KEY, TEST_KEY = "vk_live_", "vk_test_"
VISITOR = "vv_"
STAFF_ACCESS, STAFF_REFRESH = "vs_", "vr_"
KIOSK = "vx_"
TICKET = "vt_"

_HINT = 4
"""Last letters of a key that lists may show; 232 random bits stay unknown."""


def new_secret(prefix: str) -> str:
    """A secret that is shown once."""
    return prefix + secrets.token_urlsafe(32)


def fingerprint(secret: str) -> bytes:
    """What is stored and looked up instead of the secret. Its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def hint(secret: str) -> str:
    """By what a person recognises a key: `vk_live_…a1B2`."""
    prefix = next(known for known in (LIVE_KEY, TEST_KEY) if secret.startswith(known))
    return f"{prefix}…{secret[-_HINT:]}"


def derived_secret(prefix: str, key: bytes, subject: str) -> str:
    """A secret that only who holds the service's own can make again from an id, so that a job may carry the id."""
    digest = hmac.digest(key, f"vernis {prefix} 1\n{subject}".encode(), "sha256")
    return prefix + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def keyed_fingerprint(key: bytes, code: str) -> bytes:
    """What is stored instead of a short code: without the service's own secret it cannot be guessed back."""
    return hmac.digest(key, f"vernis code 1\n{code}".encode(), "sha256")
