"""SQL of consents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update

from kit.db.shape import shaped
from kit.db.unit import Unit
from modules.consent.tables import consents
from modules.consent.texts import Purpose
from modules.consent.wire import Consent, ConsentRequest

_COLUMNS = [consents.c[name] for name in Consent.__struct_fields__]


async def insert_consent(
    unit: Unit,
    consent_id: str,
    customer_id: str,
    given: ConsentRequest,
    text_sha256: str,
    ends: Mapping[Purpose, datetime],
) -> Consent:
    row = await unit.one_or_none(
        insert(consents)
        .values(
            id=consent_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            text_version=given.text_version,
            text_sha256=text_sha256,
            language=given.language,
            purposes=[*given.purposes],
            ends=msgspec.to_builtins(ends),
            signature=given.signature,
        )
        .returning(*_COLUMNS)
    )
    assert row is not None
    return shaped(row, Consent)


async def find(unit: Unit, consent_id: str) -> Consent | None:
    row = await unit.one_or_none(select(*_COLUMNS).where(consents.c.id == consent_id))
    return None if row is None else shaped(row, Consent)


async def lock(unit: Unit, consent_id: str) -> Consent | None:
    """A consent, held until the unit ends."""
    row = await unit.one_or_none(select(*_COLUMNS).where(consents.c.id == consent_id).with_for_update())
    return None if row is None else shaped(row, Consent)


async def share(unit: Unit, consent_id: str) -> Consent | None:
    """A consent that nobody can take back before the unit ends; others may share it."""
    query = select(*_COLUMNS).where(consents.c.id == consent_id).with_for_update(read=True)
    row = await unit.one_or_none(query)
    return None if row is None else shaped(row, Consent)


async def signed(unit: Unit, consent_id: str) -> tuple[str, str]:
    """How a consent was signed, and the digest of the words that were shown."""
    row = await unit.one_or_none(
        select(consents.c.signature, consents.c.text_sha256).where(consents.c.id == consent_id)
    )
    assert row is not None
    return row.signature, row.text_sha256


async def withdraw(
    unit: Unit, consent_id: str, ends: Mapping[Purpose, datetime], withdrawn_at: datetime | None
) -> Consent:
    """Write when each tick ends, and when the whole consent was taken back."""
    row = await unit.one_or_none(
        update(consents)
        .where(consents.c.id == consent_id)
        .values(ends=msgspec.to_builtins(ends), withdrawn_at=withdrawn_at)
        .returning(*_COLUMNS)
    )
    assert row is not None
    return shaped(row, Consent)


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
