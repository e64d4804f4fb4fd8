"""What can go wrong with customers and their visits."""

from __future__ import annotations

from kit.errors import Forbidden, Gone, Invalid, NotFound


class UnknownCustomer(Invalid):
    code, public = "unknown_customer", "Say for which customer: customer_id is missing or not known here."


class TicketUsed(Gone):
    code = "ticket_used"
    public = "This code was used already, or its time is over. Please ask for a new one."


class UnknownPublicId(NotFound):
    code, public = "unknown_public_id", "There is no business with this public id."


class OriginRefused(Forbidden):
    code, public = "origin_refused", "Pages of this origin may not open visits for this business."
