"""SQL of consents."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, insert, select, update

from kit.db.unit import Unit
from modules.consent.tables import consents
from modules.consent.texts import Purpose
from modules.consent.wire import Consent, ConsentRequest

_COLUMNS = (
    consents.c.id,
    consents.c.customer_id,
    consents.c.text_version,
    consents.c.language,
    consents.c.purposes,
    consents.c.created_at,
    consents.c.withdrawn_at,
)


async def insert_consent(unit: Unit, consent_id: str, customer_id: str, given: ConsentRequest) -> Consent:
    row = await unit.one_or_none(
        insert(consents)
        .values(
            id=consent_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            text_version=given.text_version,
            language=given.language,
            purposes=[*given.purposes],
            signature=given.signature,
        )
        .returning(*_COLUMNS)
    )
    assert row is not None
    return _consent(row)


async def find(unit: Unit, consent_id: str) -> Consent | None:
    row = await unit.one_or_none(select(*_COLUMNS).where(consents.c.id == consent_id))
    return None if row is None else _consent(row)


async def withdraw(unit: Unit, consent_id: str) -> None:
    await unit.execute(update(consents).where(consents.c.id == consent_id).values(withdrawn_at=func.now()))


def _consent(row: Row[Any]) -> Consent:
    fields = dict(row._mapping)
    return Consent(**{**fields, "purposes": tuple(map(Purpose, fields["purposes"]))})


async def empty(unit: Unit, customer_id: str) -> tuple[int, list[str]]:
    """Take a customer's consents back and forget how she signed; returns how many had words left, and all ids."""
    own = consents.c.customer_id == customer_id
    emptied = await unit.execute(
        update(consents)
        .where(own, consents.c.signature != "")
        .values(signature="", withdrawn_at=func.coalesce(consents.c.withdrawn_at, func.now()))
    )
    return emptied.rowcount, [row.id for row in await unit.all(select(consents.c.id).where(own))]


async def everything_of(unit: Unit, customer_id: str) -> list[dict[str, Any]]:
    """A customer's consents as they stand, oldest first."""
    rows = select(consents).where(consents.c.customer_id == customer_id).order_by(consents.c.id)
    return [dict(row._mapping) for row in await unit.all(rows)]
