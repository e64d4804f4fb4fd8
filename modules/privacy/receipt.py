"""The receipt's arithmetic: digests that whoever has the receipt can compute again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime


def subject_digest(erasure_id: str, customer_id: str) -> str:
    """What ties a receipt to a person for those who know her id; nobody finds the id from it (80 random bits)."""
    return hashlib.sha256(f"{erasure_id}:{customer_id}".encode()).hexdigest()


def receipt_digest(
    erasure_id: str,
    business_id: str,
    subject_sha256: str,
    erased: Mapping[str, int],
    created_at: datetime,
    finished_at: datetime,
) -> str:
    """SHA-256 over canonical JSON (sorted keys, no spaces, UTC with microseconds)."""
    content = {
        "id": erasure_id,
        "business_id": business_id,
        "subject_sha256": subject_sha256,
        "erased": dict(erased),
        "created_at": _utc(created_at),
        "finished_at": _utc(finished_at),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
