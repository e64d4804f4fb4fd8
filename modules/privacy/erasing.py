"""Erasing a person step by step. Each step is one transaction and can be done again, so an erasure that was killed
anywhere goes on from there: tombstones, then objects and memories, then the customer's row with all that hangs on it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from kit import clock
from kit.audit import SYSTEM, Actor, record
from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import add, emit
from kit.person import Erased, Person
from modules.accounts import personal as accounts
from modules.customers import service as customers
from modules.privacy import store
from modules.privacy.events import PersonErased
from modules.privacy.jobs import ErasePerson
from modules.privacy.receipt import receipt_digest, subject_digest
from modules.privacy.registry import PERSONAL
from modules.privacy.store import ErasureRow

LATER = timedelta(minutes=1)
"""How long an erasure waits that nobody could carry out; it is tried until it is done."""


async def begin(unit: Unit, actor: Actor, customer_id: str) -> ErasureRow | None:
    """Close the door behind a customer and queue her erasure; None when there is none, or it has begun."""
    if not await customers.begin_erasure(unit, customer_id):
        return None
    erasure_id = new_id("era")
    digest = subject_digest(erasure_id, customer_id)
    row = await store.insert_erasure(unit, erasure_id, customer_id, digest, str(actor.kind))
    ended = await accounts.erase(unit, Person(customer_id))
    await _count(unit, row, ended)
    await add(unit, ErasePerson(erasure_id))
    await record(unit, actor, "person.erasure_asked", erasure_id)
    return row


async def step(unit: Unit, erasure_id: str, number: int, so_far: Erased) -> Erased | None:
    """Have one part of the registry erase what it keeps; returns all that is known now, None when it is done."""
    row = await store.lock_erasure(unit, erasure_id)
    if row is None or row.customer_id is None:
        return None
    found = await PERSONAL[number].erase(unit, Person(row.customer_id, so_far.things))
    await _count(unit, row, found)
    return _joined(so_far, found)


async def close(unit: Unit, erasure_id: str) -> bool:
    """Remove the customer and write the receipt; False when something came in meanwhile: go round again.

    Nobody can add anything to her while this runs, nor afterwards: what hangs on her needs her row.
    """
    row = await store.lock_erasure(unit, erasure_id)
    if row is None or row.customer_id is None:
        return True
    customer_id = row.customer_id
    await customers.hold_still(unit, customer_id)
    found = Erased()
    for part in PERSONAL:
        found = _joined(found, await part.erase(unit, Person(customer_id, found.things)))
    if any(found.counts.values()):
        await _count(unit, row, found)
        return False
    await customers.remove(unit, customer_id)
    at = clock.now()
    erased = {**row.erased, "customers": 1}
    digest = receipt_digest(row.id, unit.business_id, row.subject_sha256, erased, row.created_at, at)
    await store.count(unit, row.id, erased)
    await store.finish_erasure(unit, row.id, at, digest)
    await emit(unit, PersonErased(row.id, customer_id))
    await record(unit, SYSTEM, "person.erased", row.id)
    await record(unit, SYSTEM, "person.erasure_receipt", digest)
    return True


async def again_later(unit: Unit, erasure_id: str) -> None:
    """Queue an erasure anew that could not be carried out."""
    await add(unit, ErasePerson(erasure_id), at=clock.now() + LATER)


async def _count(unit: Unit, row: ErasureRow, found: Erased) -> None:
    """Add to the receipt what was erased."""
    if any(found.counts.values()):
        await store.count(unit, row.id, dict(Counter(row.erased) + Counter(found.counts)))


def _joined(one: Erased, other: Erased) -> Erased:
    return Erased(
        counts=dict(Counter(one.counts) + Counter(other.counts)),
        things=one.things | other.things,
        prefixes=(*one.prefixes, *other.prefixes),
        remembered=(*one.remembered, *other.remembered),
    )
