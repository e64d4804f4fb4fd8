"""Doing a request once however often it is sent (Idempotency-Key)."""

from kit.idempotency.claim import Answer, Asked, Claim, claim, finish, release
from kit.idempotency.keep import forget, sweep

__all__ = ["Answer", "Asked", "Claim", "claim", "finish", "forget", "release", "sweep"]
