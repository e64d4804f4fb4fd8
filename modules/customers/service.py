"""Customers of a business."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import emit
from modules.accounts.caller import LIVE_CUSTOMER, TEST_CUSTOMER, Caller
from modules.customers import store
from modules.customers.errors import UnknownCustomer
from modules.customers.events import GuestCame


async def create(unit: Unit, *, test: bool = False, source: str | None = None) -> str:
    """Add an anonymous customer; returns the id, which says whether she is for tests.

    source: id of the shared link that brought her.
    """
    customer_id = new_id(TEST_CUSTOMER if test else LIVE_CUSTOMER)
    await store.insert_customer(unit, customer_id, source)
    return customer_id


async def source_of(unit: Unit, customer_id: str) -> str | None:
    """Id of the shared link that brought a customer, if one did."""
    return await store.source_of(unit, customer_id)


async def forget_sources(unit: Unit, sources: Collection[str]) -> None:
    """Let no customer say any more that these links brought her: who gave them out is erased."""
    await store.forget_sources(unit, sources)


async def acting_for(unit: Unit, caller: Caller, named: str | None) -> str:
    """The customer that a request is about: the visitor herself, or the one that a key names.

    Raises UnknownCustomer.
    """
    customer_id = named or caller.customer_id
    if customer_id is None or not caller.sees(customer_id) or not await store.exists(unit, customer_id):
        raise UnknownCustomer
    return customer_id


async def welcome_guest(unit: Unit, customer_id: str, until: datetime) -> None:
    """Have a customer of a kiosk erased when her visit ends, unless she is kept by then."""
    await store.set_guest(unit, customer_id, until)
    await emit(unit, GuestCame(customer_id, until))


async def keep(unit: Unit, customer_id: str) -> bool:
    """A guest took her pictures along, or booked: she stays. False when it is too late: she is being erased."""
    return await store.set_guest(unit, customer_id, None)


async def is_guest(unit: Unit, customer_id: str) -> bool:
    """Whether nothing but her visit keeps her here."""
    return await store.is_guest(unit, customer_id)


async def begin_erasure(unit: Unit, customer_id: str) -> bool:
    """Let nothing new come in for a customer from here on; False when that was said already, or there is none."""
    return await store.lock(unit, customer_id) and await store.mark_erased(unit, customer_id)


async def hold_still(unit: Unit, customer_id: str) -> bool:
    """Let nobody add anything to a customer until the unit ends; False when she is gone already."""
    return await store.lock(unit, customer_id)


async def remove(unit: Unit, customer_id: str) -> None:
    """Take a customer's row away, and every row that hangs on it."""
    await store.delete_customer(unit, customer_id)


async def every(unit: Unit) -> list[str]:
    """Ids of all customers of the business."""
    return await store.every(unit)
