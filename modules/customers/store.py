"""SQL of customers and tickets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, func, insert, select, text, update

from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.customers.tables import customers, tickets

_OF_TICKET = text("SELECT * FROM holder_of_ticket(:hash)")
_OF_PUBLIC_ID = text("SELECT * FROM holder_of_public_id(:public_id)")


class Holder(Struct, frozen=True):
    """Whose ticket or public id it is. subject: the ticket's id, or the public id."""

    business_id: str
    subject: str
    suspended: bool
    allowed_origins: tuple[str, ...] = ()


class UsedTicket(Struct, frozen=True):
    """Whom a ticket hands over: a customer, or a new one, for tests or not."""

    customer_id: str | None
    test: bool


async def insert_customer(unit: Unit, customer_id: str, source: str | None) -> None:
    await unit.execute(insert(customers).values(id=customer_id, business_id=unit.business_id, source=source))


async def source_of(unit: Unit, customer_id: str) -> str | None:
    row = await unit.one_or_none(select(customers.c.source).where(customers.c.id == customer_id))
    return None if row is None else row.source


async def forget_sources(unit: Unit, sources: Collection[str]) -> None:
    await unit.execute(update(customers).where(customers.c.source.in_(sources)).values(source=None))


async def exists(unit: Unit, customer_id: str) -> bool:
    """Whether there is such a customer, and she is not being erased."""
    there = select(customers.c.id).where(customers.c.id == customer_id, customers.c.erased_at.is_(None))
    return await unit.one_or_none(there) is not None


async def set_guest(unit: Unit, customer_id: str, until: datetime | None) -> bool:
    """Say until when a customer is a guest only; None: she stays. False when she is being erased, or gone."""
    there = update(customers).where(customers.c.id == customer_id, customers.c.erased_at.is_(None))
    return (await unit.execute(there.values(guest_until=until))).rowcount == 1


async def is_guest(unit: Unit, customer_id: str) -> bool:
    guest = select(customers.c.id).where(
        customers.c.id == customer_id, customers.c.guest_until.is_not(None), customers.c.erased_at.is_(None)
    )
    return await unit.one_or_none(guest) is not None


async def lock(unit: Unit, customer_id: str) -> bool:
    """Hold a customer until the unit ends, so that nothing can be added to her; False when there is none."""
    row = select(customers.c.id).where(customers.c.id == customer_id).with_for_update()
    return await unit.one_or_none(row) is not None


async def mark_erased(unit: Unit, customer_id: str) -> bool:
    """Turn a customer's row into her tombstone; False when it was one already, or there is none."""
    erased = await unit.execute(
        update(customers)
        .where(customers.c.id == customer_id, customers.c.erased_at.is_(None))
        .values(erased_at=func.now(), guest_until=None)
    )
    return erased.rowcount == 1


async def delete_customer(unit: Unit, customer_id: str) -> None:
    """Remove a customer's row, and with it every row that hangs on it."""
    await unit.execute(delete(customers).where(customers.c.id == customer_id))


async def delete_tickets(unit: Unit, customer_id: str) -> int:
    """Remove the tickets that hand a customer over; returns how many."""
    return (await unit.execute(delete(tickets).where(tickets.c.customer_id == customer_id))).rowcount


async def of_customer(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    rows = await unit.all(select(customers).where(customers.c.id == customer_id))
    return [dict(row._mapping) for row in rows]


async def tickets_of(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    """A customer's tickets, without what is secret in them."""
    shown = (tickets.c.id, tickets.c.created_at, tickets.c.expires_at, tickets.c.used_at)
    rows = await unit.all(select(*shown).where(tickets.c.customer_id == customer_id).order_by(tickets.c.id))
    return [dict(row._mapping) for row in rows]


async def holder_of_ticket(unit: Unit, secret_hash: bytes) -> Holder | None:
    """The ticket with this secret, unless it is used up or over."""
    row = (await unit.execute(_OF_TICKET, {"hash": secret_hash})).one_or_none()
    return None if row is None else shaped(row, Holder)


async def holder_of_public_id(unit: Unit, public_id: str) -> Holder | None:
    """The business with this public id, and the origins of pages that it lets call."""
    row = (await unit.execute(_OF_PUBLIC_ID, {"public_id": public_id})).one_or_none()
    return None if row is None else shaped(row, Holder)


async def insert_ticket(
    unit: Unit, ticket_id: str, used: UsedTicket, secret_hash: bytes, lifetime: timedelta
) -> datetime:
    """Add a ticket; returns when it ends."""
    row = await unit.one_or_none(
        insert(tickets)
        .values(
            id=ticket_id,
            business_id=unit.business_id,
            customer_id=used.customer_id,
            test=used.test,
            secret_hash=secret_hash,
            expires_at=func.now() + lifetime,
        )
        .returning(tickets.c.expires_at)
    )
    assert row is not None
    expires_at: datetime = row.expires_at
    return expires_at


async def use_ticket(unit: Unit, ticket_id: str) -> UsedTicket | None:
    """Use a ticket up; None when somebody did, or its time is over."""
    row = await unit.one_or_none(
        update(tickets)
        .where(tickets.c.id == ticket_id, tickets.c.used_at.is_(None), tickets.c.expires_at > func.now())
        .values(used_at=func.now())
        .returning(tickets.c.customer_id, tickets.c.test)
    )
    return None if row is None else UsedTicket(row.customer_id, row.test)


async def every(unit: Unit) -> list[str]:
    """Ids of all customers whom nobody has asked to erase."""
    rows = await unit.all(
        select(customers.c.id).where(customers.c.erased_at.is_(None)).order_by(customers.c.id)
    )
    return [row.id for row in rows]
