"""The one list of what knows a person, from the top of the modules down. A test holds it against the database."""

from __future__ import annotations

from collections.abc import Mapping

from kit.person import Personal
from modules.accounts import personal as accounts
from modules.consent import personal as consent
from modules.customers import personal as customers
from modules.photos import personal as photos
from modules.privacy import floor
from modules.privacy import personal as privacy
from modules.tryon import personal as tryon
from modules.webhooks import personal as webhooks

PERSONAL: tuple[Personal, ...] = (
    privacy,
    tryon,
    photos,
    consent,
    webhooks,
    customers,
    accounts,
    floor,
)
"""Who can name what is hers comes before who may hold it under its name."""

IMPERSONAL: Mapping[str, str] = {
    "businesses": "a business and its name",
    "business_plans": "what a business may do",
    "api_keys": "keys of a business's servers",
    "staff": "members of staff, who are removed by their business",
    "staff_letters": "invitations and resets of staff",
    "staff_sessions": "sessions of staff",
    "spent_refresh_tokens": "sessions of staff",
    "kiosks": "devices of a business",
    "webhook_endpoints": "servers of a business",
    "audit_log": "who did what to what, by ids, for good: see decision 20",
    "request_log": "routes and times of requests, without whom they were about; 7 days",
    "worker_heartbeats": "processes of the service",
}
"""Tables that hold nothing of a customer, each with its reason."""
