"""Doing what a form of a public page asks once, however often it is sent.

Nobody is known there who could send an Idempotency-Key, so the page writes one into its form. What was done answers
with a redirect; the same form sent again is led to the same address.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

from kit.db.unit import Unit
from kit.errors import Invalid
from kit.idempotency import Answer, Asked, claim, finish, release
from kit.runtime import Runtime

_KEY = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


class FormKeyInvalid(Invalid):
    code, public = "form_invalid", "This form is not complete. Please open the page again."


def new_key() -> str:
    """For a form's hidden field: 128 bits."""
    return secrets.token_urlsafe(16)


async def once(
    runtime: Runtime,
    business_id: str,
    subject: str,
    key: str,
    chosen: str,
    work: Callable[[Unit], Awaitable[str]],
) -> str:
    """The address that the work leads to. subject: whose page it is; chosen: with another choice the form is another.

    Work and answer are one transaction. Raises FormKeyInvalid, IdempotencyInFlight, and what the work raises: then the
    form may be sent again.
    """
    if _KEY.fullmatch(key) is None:
        raise FormKeyInvalid
    settings = runtime.settings.idempotency
    asked = Asked(subject, "form", f"{key}:{chosen}"[:200], b"")
    async with runtime.db.tenant(business_id) as unit:
        met = await claim(unit, asked, lease_s=settings.lease_s, keep=timedelta(hours=settings.keep_hours))
    if isinstance(met, Answer):
        return met.headers["location"]
    try:
        async with runtime.db.tenant(business_id) as unit:
            address = await work(unit)
            await finish(unit, met, Answer(303, {"location": address}, b""))
    except BaseException:
        async with runtime.db.tenant(business_id) as unit:
            await release(unit, met)
        raise
    return address
