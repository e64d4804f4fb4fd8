"""Who holds a credential: asked of the database with every request, and together with the requests beside it.

Nothing is remembered from one question to the next, so what is revoked is refused from the next request on, whichever
process answers it.
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.db.engine import Database
from kit.errors import Unauthorised
from kit.together import Together
from modules.accounts import store
from modules.accounts.caller import Caller, CallerKind
from modules.accounts.errors import BusinessSuspended
from modules.accounts.secrets import KIOSK, LIVE_KEY, STAFF_ACCESS, TEST_KEY, VISITOR, fingerprint
from modules.accounts.store import Found

_KINDS = {
    LIVE_KEY: CallerKind.KEY,
    TEST_KEY: CallerKind.KEY,
    STAFF_ACCESS: CallerKind.STAFF,
    KIOSK: CallerKind.KIOSK,
    VISITOR: CallerKind.VISITOR,
}


class Credentials:
    """Looks credentials up. Belongs to one event loop."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asked = {kind: Together(_LookUp(db, kind)) for kind in CallerKind}

    async def caller(self, credential: str) -> Caller:
        """Who holds this credential.

        That a key or kiosk was used is noted at most once a minute. Raises Unauthorised for one that is unknown,
        revoked or expired, BusinessSuspended.
        """
        kind = next((kind for prefix, kind in _KINDS.items() if credential.startswith(prefix)), None)
        if kind is None:
            raise Unauthorised
        found = await self._asked[kind].answer(fingerprint(credential))
        if found is None:
            raise Unauthorised
        if found.suspended:
            raise BusinessSuspended
        if found.stale:
            async with self._db.tenant(found.caller.business_id) as unit:
                await store.note_use(unit, found.caller)
        return found.caller


class _LookUp:
    """The question for callers of one kind."""

    def __init__(self, db: Database, kind: CallerKind) -> None:
        self._db, self._kind = db, kind

    async def __call__(self, hashes: Sequence[bytes]) -> list[Found | None]:
        found = await store.callers_of(self._db, self._kind, {*hashes})
        return [found.get(each) for each in hashes]
