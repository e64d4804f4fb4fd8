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
