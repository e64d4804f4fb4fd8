"""Who calls."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from modules.accounts.scopes import Role, Scope

LIVE_CUSTOMER, TEST_CUSTOMER = "cus", "cut"
"""Prefixes of customers' ids. The id itself says which are for tests, so that no look-up can forget to ask."""


class CallerKind(StrEnum):
    KEY = "key"
    STAFF = "staff"
    KIOSK = "kiosk"
    VISITOR = "visitor"


class Caller(Struct, frozen=True):
    """A caller whose credential was checked.

    subject: id of the key, member of staff, kiosk or customer. customer_id is set for visitors, who see only what is
    theirs; role and session_id for staff. test: a test key or its visitor, who see test customers and nobody else.
    """

    kind: CallerKind
    business_id: str
    subject: str
    scopes: frozenset[Scope]
    customer_id: str | None = None
    test: bool = False
    role: Role | None = None
    session_id: str | None = None

    def sees(self, customer_id: str) -> bool:
        """Whether what belongs to this customer of the same business may be shown to the caller."""
        return self.test == is_test(customer_id) and self.customer_id in (None, customer_id)


def is_test(customer_id: str) -> bool:
    """Whether a customer was made by a test key."""
    return customer_id.startswith(TEST_CUSTOMER + "_")
