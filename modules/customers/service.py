"""Customers of a business."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.ids import new_id
from modules.accounts.caller import LIVE_CUSTOMER, TEST_CUSTOMER, Caller
from modules.customers import store
from modules.customers.errors import UnknownCustomer


async def create(unit: Unit, *, test: bool = False) -> str:
    """Add an anonymous customer; returns the id, which says whether she is for tests."""
    customer_id = new_id(TEST_CUSTOMER if test else LIVE_CUSTOMER)
    await store.insert_customer(unit, customer_id)
    return customer_id


async def acting_for(unit: Unit, caller: Caller, named: str | None) -> str:
    """The customer that a request is about: the visitor herself, or the one that a key names.

    Raises UnknownCustomer.
    """
    customer_id = named or caller.customer_id
    if customer_id is None or not caller.sees(customer_id) or not await store.exists(unit, customer_id):
        raise UnknownCustomer
    return customer_id
