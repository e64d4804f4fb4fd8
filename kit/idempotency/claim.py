"""A request's hold on its Idempotency-Key.

The row is committed on its own before the work, so that a double sees it; the answer is written in the work's own
transaction, so that both stand or neither does. A holder that was paused past its lease is fenced off: `finish` is
refused, and its work is rolled back.
Source: IETF draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from kit.db.unit import Unit
from kit.idempotency.errors import IdempotencyInFlight, IdempotencyMismatch
from kit.idempotency.tables import idempotency_keys as keys
from kit.ids import new_id


class Asked(Struct, frozen=True):
    """A request that carries a key. fingerprint: a digest of all that makes it a different request."""

    caller: str
    route: str
    key: str
    fingerprint: bytes


class Claim(Struct, frozen=True):
    """The key is ours: the work may begin. holder is the proof."""

    asked: Asked
    holder: str


class Answer(Struct, frozen=True):
    """What was answered, to be answered again."""

    status: int
    headers: dict[str, str]
    body: bytes


async def claim(unit: Unit, asked: Asked, *, lease_s: float, keep: timedelta) -> Claim | Answer:
    """Take the key, or the answer that was given under it. The caller commits the unit before any work.

    Raises IdempotencyInFlight while another request holds the key, and IdempotencyMismatch for another fingerprint.
    """
    holder = new_id("ide")
    taken = {
        "fingerprint": asked.fingerprint,
        "holder": holder,
        "lease_until": func.now() + timedelta(seconds=lease_s),
        "expires_at": func.now() + keep,
    }
    row = insert(keys).values(
        business_id=unit.business_id, caller=asked.caller, route=asked.route, key=asked.key, **taken
    )
    abandoned = and_(
        keys.c.answered_at.is_(None),
        keys.c.lease_until < func.now(),
        keys.c.fingerprint == asked.fingerprint,
    )
    claimed = await unit.one_or_none(
        row.on_conflict_do_update(
            index_elements=[keys.c.business_id, keys.c.caller, keys.c.route, keys.c.key],
            set_={**taken, "answered_at": None, "status": None, "headers": None, "body": None},
            where=or_(keys.c.expires_at < func.now(), abandoned),
        ).returning(keys.c.holder)
    )
    return Claim(asked, holder) if claimed is not None else await _met(unit, asked)


async def finish(unit: Unit, held: Claim, answer: Answer) -> None:
    """Store the answer in the transaction of the work; raises IdempotencyInFlight when the key went to another."""
    stored = await unit.execute(
        update(keys)
        .where(*_held(held))
        .values(
            answered_at=func.now(),
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
        )
    )
    if stored.rowcount != 1:
        raise IdempotencyInFlight(retry_after=1)


async def release(unit: Unit, held: Claim) -> bool:
    """Give the key up unanswered: nothing was done, or the answer may not be kept. False when it is not ours."""
    return (await unit.execute(delete(keys).where(*_held(held)))).rowcount == 1


async def _met(unit: Unit, asked: Asked) -> Answer:
    """What stands under a key that could not be taken."""
    left = func.extract("epoch", keys.c.lease_until - func.now()).label("left_s")
    row = await unit.one_or_none(
        select(keys.c.fingerprint, keys.c.answered_at, keys.c.status, keys.c.headers, keys.c.body, left)
        .where(*_named(asked))
    )  # fmt: skip
    if row is None:  # given up between the two statements
        raise IdempotencyInFlight(retry_after=1)
    if row.fingerprint != asked.fingerprint:
        raise IdempotencyMismatch
    if row.answered_at is None:
        raise IdempotencyInFlight(retry_after=max(1, math.ceil(row.left_s)))
    return Answer(row.status, row.headers, row.body)


def _named(asked: Asked) -> list[ColumnElement[Any]]:
    return [keys.c.caller == asked.caller, keys.c.route == asked.route, keys.c.key == asked.key]


def _held(held: Claim) -> list[ColumnElement[Any]]:
    return [*_named(held.asked), keys.c.holder == held.holder, keys.c.answered_at.is_(None)]
