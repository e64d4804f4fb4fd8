"""What the frame itself refuses: requests that no handler sees, and writes that Postgres turns down."""

from __future__ import annotations

from kit.errors import Conflict, Gone, Invalid, Refused


class MethodNotAllowed(Refused):
    status, code, public = 405, "method_not_allowed", "This address does not do that."


class TooLarge(Refused):
    status, code, public = 413, "too_large", "The request is larger than it may be."


class UnsupportedMediaType(Refused):
    status, code, public = 415, "unsupported_media_type", "The body is not of a kind that is read here."


class UnfitText(Invalid):
    """The NUL character: allowed in JSON, kept by no database."""

    code, public = "unfit_text", "A text holds a character that cannot be kept."


class ErasedMeanwhile(Gone):
    """The row that a new one hangs on was removed between the check and the write."""

    code, public = "erased_meanwhile", "What this is about was erased meanwhile."


class TakenMeanwhile(Conflict):
    """A unique value, such as a SKU, was written by another request between the check and the write."""

    code, public = "taken_meanwhile", "Somebody did the same at the same moment. Please try again."
