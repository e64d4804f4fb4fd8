"""The audit log: who did what to what, in a chain of hashes for each business."""

from kit.audit.actor import OPERATOR, SYSTEM, Actor, Named
from kit.audit.chain import Entry, Verdict
from kit.audit.log import of_actions, page, record, verify

__all__ = [
    "OPERATOR",
    "SYSTEM",
    "Actor",
    "Entry",
    "Named",
    "Verdict",
    "of_actions",
    "page",
    "record",
    "verify",
]
