"""The event stream's own link: signed for one try-on of one customer, because EventSource sends no headers."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from kit.db.engine import Database
from kit.settings import Settings
from kit.signing import Signer
from modules.accounts.caller import Caller, CallerKind, is_test
from modules.accounts.errors import BusinessSuspended
from modules.accounts.scopes import Scope
from modules.tryon import store
from modules.tryon.errors import UnknownTryOn
from modules.tryon.store import TryOnRow

LIFETIME = timedelta(hours=2)
"""Counted from the request, as long as a visitor's token lives; so a try-on's link stays the same."""


def events(row: TryOnRow, settings: Settings) -> str:
    """Path and query of the stream."""
    expires = int((row.created_at + LIFETIME).timestamp())
    query = _signer(settings).query(row.id, row.customer_id, expires=expires)
    return f"/v1/tryons/{row.id}/events?{urlencode(query)}"


async def follower(db: Database, settings: Settings, tryon_id: str, expires: str, signature: str) -> Caller:
    """Who brings the link: the try-on's customer, reading and no more.

    Raises UnknownTryOn, LinkRefused, LinkExpired, BusinessSuspended.
    """
    async with db.nobody() as unit:
        holder = await store.holder_of(unit, tryon_id)
    if holder is None:
        raise UnknownTryOn
    _signer(settings).check(tryon_id, holder.customer_id, expires=expires, signature=signature)
    if holder.suspended:
        raise BusinessSuspended
    return Caller(
        kind=CallerKind.VISITOR,
        business_id=holder.business_id,
        subject=holder.customer_id,
        scopes=frozenset({Scope.TRYON_READ}),
        customer_id=holder.customer_id,
        test=is_test(holder.customer_id),
    )


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret.encode(), "vernis try-on events 1")
