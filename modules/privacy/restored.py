"""Persons whom an older backup has brought back: told apart by digests that name nobody, and erased again."""

from __future__ import annotations

from collections.abc import Sequence

from kit.audit import SYSTEM
from kit.db.unit import Unit
from modules.customers import service as customers
from modules.privacy import erasing, store
from modules.privacy.receipt import subject_digest


async def digests(unit: Unit, erasure_ids: Sequence[str]) -> list[str]:
    """Erasures, under way or done, each as `era_…:digest`: whoever has the person's id can tell that it is hers."""
    found = [await store.find_erasure(unit, erasure_id) for erasure_id in erasure_ids]
    return [f"{row.id}:{row.subject_sha256}" for row in found if row is not None]


async def erase_again(unit: Unit, erased: Sequence[str]) -> None:
    """Begin the erasure of every customer who was erased before, as `digests` told it."""
    before = dict(proof.split(":", 1) for proof in erased)
    for customer_id in await customers.every(unit):
        if any(subject_digest(erasure_id, customer_id) == digest for erasure_id, digest in before.items()):
            await erasing.begin(unit, SYSTEM, customer_id)
