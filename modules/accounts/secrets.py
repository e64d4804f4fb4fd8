"""Credentials.

`vk_live_…` for server keys, `vv_…` for visitors; 256 random bits, of which only the SHA-256 is
stored.
"""

from __future__ import annotations

import hashlib
import secrets

KEY_PREFIX, VISITOR_PREFIX = "vk_live_", "vv_"


def new_secret(prefix: str) -> str:
    """A secret that is shown once."""
    return prefix + secrets.token_urlsafe(32)


def fingerprint(secret: str) -> bytes:
    """What is stored and looked up instead of the secret. Its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
