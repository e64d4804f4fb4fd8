"""What the pages of a share say, for the templates in api/pages."""

from __future__ import annotations

from typing import Any

from kit.db.unit import Unit
from kit.settings import Settings
from modules.accounts import service as accounts
from modules.accounts.caller import is_test
from modules.catalog.shelf import Design, Shelf
from modules.share import contact, links, offer
from modules.share.opening import Opened
from modules.share.wire import Channel


async def common(unit: Unit, shelf: Shelf, opened: Opened, settings: Settings) -> dict[str, Any]:
    """What every page of a share names."""
    share = opened.share
    token = links.token(share.id, share.expires_at, settings)
    found = await designs(unit, shelf, opened)
    return {
        "path": f"/s/{token}",
        "url": links.page(token, settings),
        "salon": (await accounts.business(unit)).name,
        "look": opened.render.name,
        "width": opened.result.width_px,
        "height": opened.result.height_px,
        "worth": offer.worth(found),
        "can_try": found is not None and not is_test(share.customer_id),
        "qr": Channel.QR in share.channels,
    }


async def look(unit: Unit, shelf: Shelf, opened: Opened, settings: Settings) -> dict[str, Any]:
    """The page of the look itself."""
    share = opened.share
    said = await common(unit, shelf, opened, settings)
    social = Channel.SOCIAL in share.channels
    return {
        **said,
        "title": share.title,
        "greeting": share.greeting,
        "before": opened.shows_before,
        "preview": f"{said['url']}/preview.jpg" if Channel.MESSAGES in share.channels else None,
        "social": social,
        "clip": share.clip_format if social and opened.shows_before else None,
        "until": share.expires_at,
    }


async def reach(unit: Unit, opened: Opened) -> dict[str, Any]:
    """How the salon can be reached."""
    reached = await contact.find(unit)
    return {
        "contact": reached,
        "booking": contact.booking_address(reached, opened.share.id),
        "dialled": contact.dialled(reached.phone),
        "reachable": bool(reached.phone or reached.email or reached.booking_url),
    }


async def designs(unit: Unit, shelf: Shelf, opened: Opened) -> tuple[Design, ...] | None:
    """What the shared look is made of, while it is on offer."""
    return await offer.designs(unit, shelf, opened.tryon, opened.share.look)
