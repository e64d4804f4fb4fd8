"""What a link opens: decided anew with every request, so that what is taken back is gone from the next one on.

The events that end a share come a second later, from the outbox. Nobody waits for them: consent, try-on and share are
read here each time.
"""

from __future__ import annotations

from msgspec import Struct

from kit.db.engine import Database
from kit.db.unit import Unit
from kit.settings import Settings
from modules.accounts.errors import BusinessSuspended
from modules.consent import service as consents
from modules.consent.texts import Purpose
from modules.share import links, store
from modules.share.errors import ShareEnded
from modules.share.store import ShareRow
from modules.tryon import service as tryons
from modules.tryon.result import RenderedLook, Result
from modules.tryon.store import WholeTryOn


class Opened(Struct, frozen=True):
    """A share that may be shown, with the try-on that it shows."""

    business_id: str
    share: ShareRow
    tryon: WholeTryOn
    result: Result

    @property
    def render(self) -> RenderedLook:
        """The look that is shared."""
        return self.result.renders[self.share.look]

    @property
    def shows_before(self) -> bool:
        """Whether the picture without the look may be shown, and is there."""
        return self.share.with_before and self.result.before is not None


async def business_of(db: Database, settings: Settings, token: str) -> tuple[str, str]:
    """The business and the share that a token leads to. Raises UnknownShare, ShareEnded, BusinessSuspended."""
    share_id = links.share_of(token, settings)
    async with db.nobody() as unit:
        holder = await store.holder_of(unit, share_id)
    if holder is None:  # we signed it, so it was there
        raise ShareEnded
    if holder.suspended:
        raise BusinessSuspended
    return holder.business_id, share_id


async def opened(unit: Unit, share_id: str) -> Opened:
    """What may be shown of a share at this moment. Raises ShareEnded."""
    row = await store.find(unit, share_id)
    if row is None or row.ended_at is not None:
        raise ShareEnded
    if Purpose.SHARE not in await consents.purposes(unit, row.consent_id):
        raise ShareEnded
    tryon = await tryons.whole(unit, row.tryon_id)
    if tryon is None or tryon.result is None:
        raise ShareEnded
    return Opened(unit.business_id, row, tryon, tryon.result)
