"""Who calls."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from modules.accounts.scopes import Scope


class CallerKind(StrEnum):
    KEY = "key"
    VISITOR = "visitor"


class Caller(Struct, frozen=True):
    """A caller whose credential was checked. customer_id is set for visitors, who see only what is theirs."""

    kind: CallerKind
    business_id: str
    subject: str
    scopes: frozenset[Scope]
    customer_id: str | None = None

    def sees(self, customer_id: str) -> bool:
        """Whether what belongs to this customer of the same business may be shown to the caller."""
        return self.customer_id is None or self.customer_id == customer_id
