"""Links to calendar feeds: signed for one staff member or one location, because calendars send no headers.

A feed is read for years, so its link carries a version instead of a short life: raising the version kept beside
the subject takes every link that was handed out before back.
"""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlencode

from kit.settings import Settings
from kit.signing import LinkRefused, Signer

FOREVER = 253_402_300_799
"""The last second of the year 9999: what ends the link is its version."""


class FeedOf(StrEnum):
    STAFF = "staff"
    LOCATION = "locations"


def path(settings: Settings, business_id: str, of: FeedOf, subject_id: str, version: int) -> str:
    """Path and query of a feed."""
    signature = _signer(settings).query(business_id, of, subject_id, str(version), expires=FOREVER)[
        "signature"
    ]
    query = {"business": business_id, "version": str(version), "signature": signature}
    return f"/v1/calendars/{of}/{subject_id}.ics?{urlencode(query)}"


def check(
    settings: Settings,
    business_id: str,
    of: FeedOf,
    subject_id: str,
    version: str,
    signature: str,
    *,
    current: int | None = None,
) -> None:
    """Raise LinkRefused unless we signed exactly this. current: the version that counts; an older one is refused too.

    To be called once without it, before anything is read for the business that the link names, and once with it.
    """
    signer = _signer(settings)
    signer.check(business_id, of, subject_id, version, expires=str(FOREVER), signature=signature)
    if current is not None and version != str(current):
        raise LinkRefused


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret.encode(), "vernis calendar feed 1")
