"""Trying a shared look on oneself, from the page of its link: a new customer, her consent, her photo, the same look."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from kit.errors import AppError
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.accounts.caller import Caller, CallerKind
from modules.accounts.scopes import VISITOR_SCOPES
from modules.accounts.wire import VisitorToken
from modules.catalog.shelf import Shelf
from modules.consent import service as consents
from modules.consent.texts import TEXTS, ConsentText, Purpose, find_text
from modules.consent.wire import ConsentRequest
from modules.customers import service as customers
from modules.photos.intake import Intake
from modules.share import service
from modules.share.deeds import Deed
from modules.share.opening import Opened
from modules.tryon import service as tryons
from modules.tryon.wire import LookChoice, TryOnRequest

VERSION = TEXTS[-1].version
SIGNED = "ticked on the page of a shared look"


class Trial(Struct, frozen=True):
    """A try-on that is asked for, and the token of who asked."""

    visitor: VisitorToken
    tryon_id: str


def words(language: str) -> ConsentText:
    """What is agreed to, in a language of the pages."""
    text = find_text(VERSION, language) or find_text(VERSION, "en")
    assert text is not None
    return text


async def begin(
    runtime: Runtime,
    intake: Intake,
    shelf: Shelf,
    opened: Opened,
    look: LookChoice,
    photo: bytes,
    language: str,
) -> Trial:
    """Take a visitor of a link in, with her photo, and ask for the look on it.

    The customer comes first and goes again when her photo is refused. Raises kit.decode's refusals, NotEntitled, and
    as tryon's `request`.
    """
    text = words(language)
    asked = ConsentRequest(text.version, (Purpose.TRY_ON,), SIGNED, text.language)
    async with runtime.db.tenant(opened.business_id) as unit:
        customer_id = await customers.create(unit, source=opened.share.id)
        visitor = await accounts.mint_visitor(unit, customer_id, opened.share.id)
        caller = _caller(opened.business_id, customer_id)
        consent = await consents.give(unit, caller, asked)
    try:
        async with runtime.db.tenant(opened.business_id) as unit:
            kept = await intake.accept(unit, caller, consent.id, photo)
            keep = timedelta(days=runtime.settings.retention.render_days)
            row = await tryons.request(unit, caller, shelf, TryOnRequest(kept.id, (look,)), keep=keep)
            await service.count(unit, opened.share.id, Deed.TRIED)
    except AppError:
        async with runtime.db.tenant(opened.business_id) as unit:
            await customers.remove(unit, customer_id)
        raise
    return Trial(visitor, row.id)


def _caller(business_id: str, customer_id: str) -> Caller:
    return Caller(
        kind=CallerKind.VISITOR,
        business_id=business_id,
        subject=customer_id,
        scopes=frozenset(VISITOR_SCOPES),
        customer_id=customer_id,
    )
