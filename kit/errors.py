"""The exception tree.

AppError                     anything we answer for: status, code, public words, report flag
├── Refused      400..422    the caller can mend it
│   ├── Invalid        422
│   ├── NotFound       404   also for what belongs to others
│   ├── Conflict       409
│   ├── Unauthorised   401
│   ├── Forbidden      403
│   └── Gone           410
├── Busy         429, 503    come back later; carries retry_after seconds
└── Broken       500         ours to mend; report is True
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec import Struct


class FieldError(Struct, frozen=True, omit_defaults=True):
    """One field that was refused: its JSON path, words for a person, and a code for programs where there is one."""

    field: str
    message: str
    code: str = ""


class AppError(Exception):
    """An error with a stable code and words that a customer may read (RFC 9457 is made from it).

    alternatives: what would do instead, as JSON.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    public: ClassVar[str] = "Something went wrong on our side. Please try again."
    report: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after: int | None = None,
        alternatives: tuple[Mapping[str, Any], ...] = (),
    ) -> None:
        super().__init__(detail or self.public)
        self.detail = detail or self.public
        self.errors = errors
        self.retry_after = retry_after
        self.alternatives = alternatives


class Refused(AppError):
    status, code, public = 400, "bad_request", "The request could not be understood."


class Invalid(Refused):
    status, code, public = 422, "invalid", "Some of the values cannot be used."


class NotFound(Refused):
    status, code, public = 404, "not_found", "There is nothing here."


class Conflict(Refused):
    status, code, public = 409, "conflict", "That does not fit the present state."


class Unauthorised(Refused):
    status, code, public = 401, "unauthorised", "Please sign in, or send a key that is valid."


class Forbidden(Refused):
    status, code, public = 403, "forbidden", "This key may not do that."


class Gone(Refused):
    status, code, public = 410, "gone", "This is no longer available."


class Busy(AppError):
    """Admission refused before any work; retry_after is always sent."""

    status, code, public = 503, "busy", "We are very busy. Please try again in a moment."


class Broken(AppError):
    """A fault of ours that somebody should look at."""

    report = True
