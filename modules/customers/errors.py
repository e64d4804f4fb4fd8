"""What can go wrong with customers."""

from __future__ import annotations

from kit.errors import Invalid


class UnknownCustomer(Invalid):
    code, public = "unknown_customer", "Say for which customer: customer_id is missing or not known here."
