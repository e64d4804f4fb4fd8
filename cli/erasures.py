"""What must stay erased when an older backup comes back: read from the audit logs, and done again after a restore."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from kit import clock
from kit.audit import of_actions
from kit.backup import Erasure, ErasureList
from kit.db.unit import Unit
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.consent import service as consents
from modules.photos import service as photos
from modules.tryon import service as tryons

SLACK = timedelta(minutes=5)
"""Longer than any transaction: what is under way while a list is read stands in the next one."""

AGAIN: Mapping[str, Callable[[Unit, Sequence[str]], Awaitable[None]]] = {
    "photo.erased": photos.erase_again,
    "tryon.erased": tryons.erase_again,
    "consent.withdrawn": consents.withdraw_again,
}
"""How each kind of erasure is done again, by the action that the audit log gives it."""


async def listed(runtime: Runtime, since: datetime) -> ErasureList:
    """Every business's erasures since a time."""
    until, found = clock.now() - SLACK, []
    for business in await accounts.every_business(runtime.db):
        async with runtime.db.tenant(business.id) as unit:
            entries = await of_actions(unit, [*AGAIN], since)
        found += [Erasure(business.id, entry.action, entry.subject, entry.at) for entry in entries]
    return ErasureList(since, until, tuple(found))


async def erase_again(runtime: Runtime, erasures: Sequence[Erasure]) -> None:
    """Erase what has come back; what is not there, or erased already, is passed over.

    Rows are tombstones at once; workers delete what is left of the objects when they run again.
    """
    subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
    for erasure in erasures:
        subjects[erasure.business_id, erasure.action].append(erasure.subject)
    known = {business.id for business in await accounts.every_business(runtime.db)}
    for (business_id, action), ids in subjects.items():
        if business_id in known:
            async with runtime.db.tenant(business_id) as unit:
                await AGAIN[action](unit, ids)
