"""From a share's row to what the API shows."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from kit.settings import Settings
from modules.share import links
from modules.share.cards import SHAPES
from modules.share.pictures import CHANNEL
from modules.share.store import ShareRow
from modules.share.wire import Channel, Clip, Counts, Share, ShareStatus


def view(row: ShareRow, settings: Settings) -> Share:
    """Shape a share; one that has ended has no address any more."""
    is_open = row.ended_at is None
    page = links.page(links.token(row.id, row.expires_at, settings), settings) if is_open else None
    return Share(
        id=row.id,
        tryon_id=row.tryon_id,
        customer_id=row.customer_id,
        look=row.look,
        before=row.with_before,
        title=row.title,
        greeting=row.greeting,
        channels=row.channels,
        watermark=row.watermark,
        status=ShareStatus.OPEN if is_open else ShareStatus.ENDED,
        counts=Counts(row.opened, row.slid, row.tried, row.booked),
        created_at=row.created_at,
        expires_at=row.expires_at,
        links={"self": f"/v1/shares/{row.id}", "tryon": f"/v1/tryons/{row.tryon_id}"},
        url=page,
        qr=f"{page}/qr.svg" if page and Channel.QR in row.channels else None,
        pictures={
            shape: f"{page}/{shape}.jpg" for shape in SHAPES if page and CHANNEL[shape] in row.channels
        },
        send=_send(page, row) if page else {},
        clip=_clip(row, page),
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def _send(page: str, row: ShareRow) -> dict[str, str]:
    """Addresses that open a messenger; the customer chooses to whom it goes."""
    words = " ".join(part for part in (row.greeting or row.title, page) if part)
    subject = quote(row.title or page)
    return {
        "whatsapp": f"https://wa.me/?{urlencode({'text': words}, quote_via=quote)}",
        "sms": f"sms:?&body={quote(words)}",
        "email": f"mailto:?subject={subject}&body={quote(words)}",
    }


def _clip(row: ShareRow, page: str | None) -> Clip | None:
    if row.clip == "none":
        return None
    shown = page is not None and row.clip == "done" and Channel.SOCIAL in row.channels
    return Clip(row.clip, row.clip_format, f"{page}/clip" if shown else None)
