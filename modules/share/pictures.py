"""The pictures behind a share's link: cards made when first asked for, and the clip that a worker has made."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.db.engine import Database
from kit.decode import DecodePool
from kit.metrics import SHARE_CARDS
from kit.storage import ObjectMissing, Storage
from kit.storage.derived import Derived
from modules.accounts import service as accounts
from modules.share import keys, opening
from modules.share.cards import SHAPES, Said, layout
from modules.share.errors import ShareEnded, UnknownShare
from modules.share.opening import Opened
from modules.share.wire import Channel

CHANNEL = {
    "preview": Channel.MESSAGES,
    "square": Channel.SOCIAL,
    "portrait": Channel.SOCIAL,
    "story": Channel.SOCIAL,
}
"""Who shares a look says where it may go; the card that is for another way is not there."""


@dataclass(slots=True)
class Cards:
    """Makes each card once, and takes it back when the share ends meanwhile."""

    db: Database
    storage: Storage
    gate: DecodePool
    _derived: Derived = field(init=False)

    def __post_init__(self) -> None:
        self._derived = Derived(self.storage, SHARE_CARDS)

    async def card(self, opened: Opened, shape: str) -> bytes:
        """A card of an open share. Raises UnknownShare, ShareEnded, DecodeBusy, PictureUnreadable, StorageAway."""
        if shape not in SHAPES or CHANNEL[shape] not in opened.share.channels:
            raise UnknownShare
        return await self._derived.get(
            keys.card(opened.business_id, opened.share.id, shape),
            "image/jpeg",
            make=lambda: self._make(opened, shape),
            check=lambda: self._still(opened),
        )

    async def clip(self, opened: Opened) -> tuple[bytes, str]:
        """The clip and its media type. Raises UnknownShare unless there is one."""
        format = opened.share.clip_format
        if format is None or Channel.SOCIAL not in opened.share.channels or not opened.shows_before:
            raise UnknownShare
        try:
            data = await self.storage.get(keys.clip(opened.business_id, opened.share.id, format))
        except ObjectMissing:
            raise ShareEnded from None
        return data, {"mp4": "video/mp4", "webp": "image/webp"}[format]

    async def _make(self, opened: Opened, shape: str) -> bytes:
        async with self.gate.turn():
            sources = [opened.render.objects["full"], opened.result.before]
            try:
                pictures = [await self.storage.get(key) for key in sources if key is not None]
            except ObjectMissing:
                raise ShareEnded from None
            async with self.db.tenant(opened.business_id) as unit:
                salon = (await accounts.business(unit)).name
            said = Said(opened.render.name, salon if opened.share.watermark else "")
            laid_out = layout(shape, said, before=opened.shows_before)
            return await self.gate.card(laid_out, pictures)

    async def _still(self, opened: Opened) -> None:
        async with self.db.tenant(opened.business_id) as unit:
            await opening.opened(unit, opened.share.id)
