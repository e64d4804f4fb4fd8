"""What must stay erased when an older backup comes back: read from the audit logs, and done again after a restore."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from kit import clock
from kit.audit import of_actions
from kit.backup import Erasure, ErasureList
from kit.db.unit import Unit
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.consent import service as consents
from modules.outcomes import service as outcomes
from modules.photos import service as photos
from modules.privacy import restored
from modules.share import service as shares
from modules.tryon import service as tryons

SLACK = timedelta(minutes=5)
"""Longer than any transaction: what is under way while a list is read stands in the next one."""


class Kind(NamedTuple):
    """One kind of erasure. told: from ids of the audit log to what the list says; again: does it from that."""

    told: Callable[[Unit, Sequence[str]], Awaitable[list[str]]]
    again: Callable[[Unit, Sequence[str]], Awaitable[None]]


async def as_it_is(_unit: Unit, subjects: Sequence[str]) -> list[str]:
    """The audit log's ids say all."""
    return [*subjects]


KINDS: Mapping[str, Kind] = {
    "person.erasure_asked": Kind(restored.digests, restored.erase_again),
    "consent.withdrawn": Kind(consents.withdrawn, consents.withdraw_again),
    "photo.erased": Kind(as_it_is, photos.erase_again),
    "tryon.erased": Kind(as_it_is, tryons.erase_again),
    "outcome.erased": Kind(as_it_is, outcomes.erase_again),
    "share.ended": Kind(as_it_is, shares.end_again),
}
"""By the action that the audit log gives it, in the order in which they are done again."""


async def listed(runtime: Runtime, since: datetime) -> ErasureList:
    """Every business's erasures since a time."""
    until, found = clock.now() - SLACK, list[Erasure]()
    for business in await accounts.every_business(runtime.db):
        async with runtime.db.tenant(business.id) as unit:
            for action, kind in KINDS.items():
                subjects = {entry.subject for entry in await of_actions(unit, [action], since)}
                told = await kind.told(unit, sorted(subjects))
                found += [Erasure(business.id, action, subject) for subject in told]
    return ErasureList(since, until, tuple(found))


async def erase_again(runtime: Runtime, erasures: Sequence[Erasure]) -> None:
    """Erase what has come back; what is not there, or erased already, is passed over.

    Rows are tombstones at once; workers delete what is left of the objects when they run again.
    """
    for business in await accounts.every_business(runtime.db):
        own = [erasure for erasure in erasures if erasure.business_id == business.id]
        for action, kind in KINDS.items():
            subjects = [erasure.subject for erasure in own if erasure.action == action]
            if subjects:
                async with runtime.db.tenant(business.id) as unit:
                    await kind.again(unit, subjects)
