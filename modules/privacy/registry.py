"""The one list of what knows a person, from the top of the modules down. A test holds it against the database."""

from __future__ import annotations

from collections.abc import Mapping

from kit.person import Personal
from modules.accounts import personal as accounts
from modules.analysis import personal as analysis
from modules.booking import personal as booking
from modules.consent import personal as consent
from modules.customers import personal as customers
from modules.favourites import personal as favourites
from modules.messaging import personal as messaging
from modules.outcomes import personal as outcomes
from modules.photos import personal as photos
from modules.privacy import floor
from modules.privacy import personal as privacy
from modules.share import personal as share
from modules.tryon import personal as tryon
from modules.webhooks import personal as webhooks

PERSONAL: tuple[Personal, ...] = (
    privacy,
    outcomes,
    analysis,
    booking,
    share,
    tryon,
    photos,
    messaging,
    favourites,
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
    "message_settings": "how a business writes its messages",
    "designs": "a salon's own designs",
    "bundles": "a salon's own looks",
    "services": "a salon's own services",
    "shelf_choices": "what a salon makes of shipped designs",
    "service_choices": "what a salon makes of shipped services",
    "products": "what a salon keeps in stock",
    "stock_movements": "what came into stock and went out, and which member of staff booked it",
    "locations": "places of a business, with their time zones",
    "stylists": "who works there, with skills and hours; removed by their business",
    "time_off": "when they are away; removed by their business",
    "resources": "chairs, dryers and basins of a business",
    "service_rules": "how a salon does its services",
    "booking_policies": "a salon's deadlines, fees and pricing rules",
    "salon_contacts": "how customers reach a salon, as it says itself",
    "imports": "tables of designs, products and services, and who sent them; 7 days",
    "audit_log": "who did what to what, by ids, for good: see decision 20",
    "request_log": "routes and times of requests, without whom they were about; 7 days",
    "catalog_removals": "ids of designs that were deleted; 2 days",
    "worker_heartbeats": "processes of the service",
}
"""Tables that hold nothing of a customer, each with its reason."""
