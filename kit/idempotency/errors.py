"""What can go wrong with an Idempotency-Key."""

from __future__ import annotations

from kit.errors import Conflict, Invalid


class IdempotencyInFlight(Conflict):
    """Another request holds the key, or has taken it over from this one. retry_after is always sent."""

    code, public = (
        "idempotency_in_flight",
        "The same request is being worked on. Please ask again in a moment.",
    )


class IdempotencyMismatch(Invalid):
    code, public = "idempotency_mismatch", "This Idempotency-Key was used for a different request."


class IdempotencyKeyInvalid(Invalid):
    code, public = "idempotency_key_invalid", "An Idempotency-Key has 1 to 255 printable ASCII characters."
