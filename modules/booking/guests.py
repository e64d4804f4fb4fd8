"""Those who book without an account: whoever brings a manage link acts for its customer, on that alone."""

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
    return guest(business_id, held.customer_id)


def guest(business_id: str, customer_id: str) -> Caller:
    """A customer who holds no credential of her own, as one who books."""
    return Caller(
        kind=CallerKind.VISITOR,
        business_id=business_id,
        subject=customer_id,
        scopes=frozenset({Scope.BOOKING_READ, Scope.BOOKING_WRITE}),
        customer_id=customer_id,
        test=is_test(customer_id),
    )
