"""Signatures by the Standard Webhooks specification, version 1 (symmetric)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"


def new_secret() -> bytes:
    """A key of 256 random bits."""
    return secrets.token_bytes(32)


def shown(secret: bytes) -> str:
    """The form in which a receiver is given it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(message_id: str, at: datetime, body: str, keys: Iterable[bytes]) -> dict[str, str]:
    """What is sent beside a body; one signature for each key, the newest first. at: the time of this attempt."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(message_id, at, body) for key in keys),
    }
