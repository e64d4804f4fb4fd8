"""What can go wrong with consents."""

from __future__ import annotations

from kit.errors import Forbidden, Invalid, NotFound


class UnknownConsent(NotFound):
    code, public = "unknown_consent", "There is no such consent."


class UnknownConsentText(Invalid):
    code, public = "unknown_consent_text", "There is no consent text of this version and language."


class NotAgreed(Invalid):
    code, public = "not_agreed", "This was never agreed to in this consent."


class ConsentMissing(Forbidden):
    code, public = "consent_missing", "We need the customer's consent to this before we may do it."
