"""Whoever brings a manage link acts for its appointment's customer, on that appointment alone."""

from __future__ import annotations

from kit.runtime import Runtime
from modules.accounts.caller import Caller, CallerKind, is_test
from modules.accounts.scopes import Scope
from modules.booking import links
from modules.booking.errors import UnknownBooking
from modules.booking.store import appointments


async def holder(
    runtime: Runtime, business_id: str, appointment_id: str, expires: str, signature: str
) -> Caller:
    """Raises LinkRefused, LinkExpired, UnknownBooking."""
    links.check(runtime.settings, business_id, appointment_id, expires, signature)
    async with runtime.db.tenant(business_id) as unit:
        held = await appointments.find(unit, appointment_id)
    if held is None:
        raise UnknownBooking
    return Caller(
        kind=CallerKind.VISITOR,
        business_id=business_id,
        subject=held.customer_id,
        scopes=frozenset({Scope.BOOKING_READ, Scope.BOOKING_WRITE}),
        customer_id=held.customer_id,
        test=is_test(held.customer_id),
    )
