"""How a customer's device gets its token: from a key, a kiosk or staff, from a web page, or from a ticket."""

from __future__ import annotations

from datetime import timedelta

from kit.db.unit import Unit
from kit.ids import new_id
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.accounts.caller import Caller, CallerKind
from modules.accounts.errors import BusinessSuspended
from modules.accounts.secrets import TICKET, fingerprint, new_secret
from modules.accounts.wire import VisitorToken
from modules.customers import service, store
from modules.customers.errors import OriginRefused, TicketUsed, UnknownCustomer, UnknownPublicId
from modules.customers.store import UsedTicket
from modules.customers.wire import Ticket

TICKET_LIFETIME = timedelta(minutes=10)


async def open_visit(unit: Unit, caller: Caller) -> VisitorToken:
    """A new customer's token; a test key's customers are for tests, and a kiosk's are guests."""
    token = await accounts.mint_visitor(unit, await service.create(unit, test=caller.test), caller.subject)
    if caller.kind is CallerKind.KIOSK:
        await service.welcome_guest(unit, token.customer_id, token.expires_at)
    return token


async def open_on_page(runtime: Runtime, public_id: str, origin: str | None) -> VisitorToken:
    """A new customer's token for a page of an origin that the business lists, or of the service's own.

    Raises UnknownPublicId, OriginRefused, BusinessSuspended.
    """
    async with runtime.db.nobody() as unit:
        holder = await store.holder_of_public_id(unit, public_id)
    if holder is None:
        raise UnknownPublicId
    if origin not in (*holder.allowed_origins, runtime.settings.public_url):
        raise OriginRefused
    if holder.suspended:
        raise BusinessSuspended
    async with runtime.db.tenant(holder.business_id) as unit:
        return await accounts.mint_visitor(unit, await service.create(unit), holder.subject)


async def create_ticket(unit: Unit, caller: Caller, customer_id: str | None) -> Ticket:
    """A ticket that a phone redeems once within ten minutes.

    customer_id: whom the phone takes over; a kiosk may name those of its own visitors whose token still works, so
    that a visit cannot be prolonged for ever. Raises UnknownCustomer.
    """
    if customer_id is not None:
        await service.acting_for(unit, caller, customer_id)
        if caller.kind is CallerKind.KIOSK and not await accounts.minted(unit, caller, customer_id):
            raise UnknownCustomer
    ticket_id, secret = new_id("tic"), new_secret(TICKET)
    hands_over = UsedTicket(customer_id, caller.test)
    expires_at = await store.insert_ticket(unit, ticket_id, hands_over, fingerprint(secret), TICKET_LIFETIME)
    return Ticket(ticket_id, secret, expires_at, customer_id)


async def redeem(runtime: Runtime, ticket: str) -> VisitorToken:
    """Exchange a ticket for a token, once. Raises TicketUsed, BusinessSuspended."""
    async with runtime.db.nobody() as unit:
        holder = await store.holder_of_ticket(unit, fingerprint(ticket))
    if holder is None:
        raise TicketUsed
    if holder.suspended:
        raise BusinessSuspended
    async with runtime.db.tenant(holder.business_id) as unit:
        used = await store.use_ticket(unit, holder.subject)
        if used is None:
            raise TicketUsed
        customer_id = used.customer_id or await service.create(unit, test=used.test)
        if not await service.keep(unit, customer_id):
            raise TicketUsed
        return await accounts.mint_visitor(unit, customer_id, holder.subject)
