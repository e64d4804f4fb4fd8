"""Every route, in a line or two: what to send, and what it shows. A route that is not listed fails.

The rest of the matrix follows from the route itself: its guards say who may, its path what it is about (things.py).
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from tests.faults.service import RED
from tests.integration.callers import PASSWORD
from tests.integration.desk import POLISH, PRODUCT, SERVICE
from tests.security.things import BUNDLE, OPEN_PLACE, STYLIST, WAIT, at_ten, on_monday

Refusal = tuple[int, str | None]
"""Status and code."""


class Route(Struct, frozen=True, kw_only=True):
    """body, form, query: what a request carries; `{photo_id}` stands for the business's own thing of that name.

    meaning: the thing of a path parameter, where it is not the one of its name.
    shows: a thing that the owner's list holds, and nobody else's.
    first: what the owner posts to before, so that she is answered.
    of_herself: about the visitor who asks, whoever she is.
    stranger: what others are told, where it is not 404; also what anybody is told by a route that needs no credential.
    test: what a test key is told, where it differs from others.
    """

    body: Any = None
    form: dict[str, str] | None = None
    query: dict[str, str] | None = None
    meaning: dict[str, str] = {}
    shows: str | None = None
    first: str | None = None
    of_herself: bool = False
    stranger: Refusal | None = None
    test: Refusal | None = None


PHOTO = {"consent_id": "{consent_id}"}
OWN = {"design_id": "own_design_id"}
ANALYSED = {"photo_id": "analysed_photo_id"}
BEGUN = {"booking_id": "begun_booking_id"}
COMPARED = {"booking_id": "compared_booking_id"}
REFUSED = (403, "link_refused")
NO_CONSENT = (403, "consent_missing")
LETTER = {"token": "vi_wrong", "password": PASSWORD}

ROUTES: dict[str, Route] = {
    # callers
    "get_me": Route(),
    "get_business": Route(),
    "change_business": Route(body={"name": "New"}),
    "create_key": Route(body={"name": "more"}),
    "list_keys": Route(shows="key_id"),
    "rotate_key": Route(body={}),
    "revoke_key": Route(),
    "get_limits": Route(),
    # staff
    "sign_in": Route(
        body={"business_id": "biz_x", "email": "a@b.example", "password": PASSWORD},
        stranger=(401, "wrong_password"),
    ),
    "refresh_session": Route(body={"refresh_token": "vr_wrong"}, stranger=(401, "session_ended")),
    "list_sessions": Route(shows="session_id"),
    "sign_out": Route(),
    "end_session": Route(),
    "invite": Route(body={"email": "new@salon.example", "role": "stylist"}),
    "list_invitations": Route(shows="invitation_id"),
    "withdraw_invitation": Route(),
    "accept_invitation": Route(body={**LETTER, "name": "Rosa"}, stranger=(410, "letter_used")),
    "ask_password_reset": Route(body={"business_id": "biz_x", "email": "a@b.example"}),
    "redeem_password_reset": Route(body={**LETTER, "token": "vp_wrong"}, stranger=(410, "letter_used")),
    "list_staff": Route(shows="staff_id"),
    "change_role": Route(body={"role": "stylist"}),
    "remove_member": Route(),
    # kiosks and visitors
    "start_pairing": Route(body={"name": "Window"}),
    "pair_kiosk": Route(body={"code": "0000-0000"}, stranger=(404, "wrong_code")),
    "list_kiosks": Route(shows="kiosk_id"),
    "revoke_kiosk": Route(),
    "create_visitor": Route(),
    "create_public_visitor": Route(body={"public_id": "pub_x"}, stranger=(404, "unknown_public_id")),
    "create_ticket": Route(body={"customer_id": "{customer_id}"}, stranger=(422, "unknown_customer")),
    "redeem_ticket": Route(body={"ticket": "vt_wrong"}, stranger=(410, "ticket_used")),
    # consents and photos
    "list_consent_texts": Route(),
    "give_consent": Route(
        body={
            "text_version": "2026-11",
            "purposes": ["try_on"],
            "signature": "tapped",
            "customer_id": "{customer_id}",
        },
        stranger=(422, "unknown_customer"),
    ),
    "get_consent": Route(),
    "withdraw_consent": Route(),
    "withdraw_purposes": Route(body={"purposes": ["try_on"]}),
    "get_consent_receipt": Route(),
    "upload_photo": Route(form=PHOTO, stranger=NO_CONSENT, test=(403, "test_key_upload")),
    "begin_upload": Route(
        body={**PHOTO, "media_type": "image/jpeg"}, stranger=NO_CONSENT, test=(403, "test_key_upload")
    ),
    "complete_upload": Route(),
    "get_photo": Route(),
    "erase_photo": Route(),
    "list_sample_photos": Route(),
    "take_sample_photo": Route(body=PHOTO, stranger=NO_CONSENT),
    # catalogue
    "list_designs": Route(),
    "get_design": Route(),
    "list_bundles": Route(),
    "list_services": Route(),
    "list_near_a_colour": Route(query={"hex": "b5201f"}),
    "list_near_a_design": Route(),
    "get_image": Route(),
    "list_favourites": Route(),
    "add_favourite": Route(),
    "remove_favourite": Route(),
    "list_tried_designs": Route(),
    # the business's own catalogue
    "list_own_designs": Route(shows="own_design_id"),
    "create_own_design": Route(body={**POLISH, "sku": "NEW-1"}),
    "get_own_design": Route(meaning=OWN),
    "change_own_design": Route(meaning=OWN, body={"name": "New"}),
    "archive_own_design": Route(meaning=OWN),
    "list_choices": Route(),
    "choose_design": Route(body={"hidden": False}),
    "get_choice": Route(),
    "list_own_bundles": Route(shows="bundle_id"),
    "create_own_bundle": Route(body=BUNDLE),
    "get_own_bundle": Route(),
    "change_own_bundle": Route(body={"name": "New"}),
    "archive_own_bundle": Route(),
    "list_own_services": Route(shows="service_id"),
    "create_own_service": Route(body=SERVICE),
    "get_own_service": Route(),
    "change_own_service": Route(body={"name": "New"}),
    "archive_own_service": Route(),
    "list_products": Route(shows="product_id"),
    "create_product": Route(body={**PRODUCT, "sku": "NEW-1"}),
    "get_product": Route(),
    "change_product": Route(body={"name": "New"}),
    "archive_product": Route(),
    "list_movements": Route(),
    "move_stock": Route(body={"reason": "delivery", "delta": 1}),
    "list_imports": Route(shows="import_id"),
    "import_table": Route(query={"subject": "products"}, form={}),
    "get_import": Route(),
    "export_table": Route(query={"subject": "products"}),
    # try-ons
    "create_tryon": Route(body={"photo_id": "{photo_id}", "looks": [{"designs": [RED]}]}),
    "list_tryons": Route(shows="tryon_id"),
    "get_tryon": Route(),
    "follow_tryon": Route(first="/v1/tryons/{tryon_id}/cancel"),
    "cancel_tryon": Route(),
    "erase_tryon": Route(),
    # analyses
    "analyse_photo": Route(),
    "get_analysis": Route(meaning=ANALYSED),
    "list_recommendations": Route(meaning=ANALYSED),
    # outcomes
    "attach_outcome": Route(meaning={"booking_id": "worn_booking_id"}, body={"photo_id": "{photo_id}"}),
    "get_outcome": Route(meaning=COMPARED),
    "erase_outcome": Route(meaning=COMPARED),
    "get_outcome_page": Route(meaning=COMPARED),
    "list_accuracies": Route(),
    "get_accuracy": Route(),
    # booking
    "list_locations": Route(),
    "create_location": Route(body=OPEN_PLACE),
    "get_location": Route(),
    "change_location": Route(body={"name": "New"}),
    "archive_location": Route(),
    "list_bookable_stylists": Route(),
    "list_schedules": Route(shows="stylist_id"),
    "create_stylist": Route(body=STYLIST),
    "get_schedule": Route(),
    "change_schedule": Route(body={"name": "New"}),
    "archive_stylist": Route(),
    "list_time_off": Route(),
    "add_time_off": Route(body={"starts_at": on_monday(8), "ends_at": on_monday(9)}),
    "remove_time_off": Route(),
    "list_resources": Route(shows="resource_id"),
    "create_resource": Route(body={"location_id": "{location_id}", "kind": "chair", "name": "Chair"}),
    "archive_resource": Route(),
    "get_service_rules": Route(),
    "put_service_rules": Route(body={"skills": ["bridal"]}),
    "get_booking_rules": Route(),
    "put_booking_rules": Route(body={}),
    "list_slots": Route(
        query={
            "location_id": "{location_id}",
            "services": "srv_gel_manicure",
            "from": on_monday(8),
            "until": on_monday(12),
        }
    ),
    "quote_look": Route(body={"designs": [RED]}),
    "create_booking": Route(body=at_ten()),
    "list_bookings": Route(shows="booking_id"),
    "get_booking": Route(),
    "confirm_booking": Route(),
    "move_booking": Route(body={"starts_at": on_monday(15)}),
    "cancel_booking": Route(body={}),
    "note_no_show": Route(meaning=BEGUN),
    "note_done": Route(meaning=BEGUN),
    "get_tech_sheet": Route(),
    "get_tech_sheet_page": Route(),
    "get_tech_sheet_pdf": Route(),
    "join_waitlist": Route(body=WAIT),
    "list_waitlist": Route(shows="waiting_id"),
    "get_waiting": Route(),
    "leave_waitlist": Route(),
    "get_stylist_calendar_link": Route(),
    "renew_stylist_calendar_link": Route(),
    "get_location_calendar_link": Route(),
    "renew_location_calendar_link": Route(),
    "get_stylist_calendar": Route(stranger=REFUSED),
    "get_location_calendar": Route(stranger=REFUSED),
    "get_managed": Route(stranger=REFUSED),
    "confirm_managed": Route(stranger=REFUSED),
    "move_managed": Route(body={"starts_at": on_monday(15)}, stranger=REFUSED),
    "cancel_managed": Route(body={}, stranger=REFUSED),
    # signed links: tests/security/test_signed_links.py
    "get_media": Route(stranger=REFUSED),
    "get_smaller_picture": Route(stranger=REFUSED),
    # shares; their pages: tests/security/test_share_pages.py
    "create_share": Route(body={}, meaning={"tryon_id": "done_tryon_id"}),
    "list_shares": Route(shows="share_id"),
    "get_share": Route(),
    "revoke_share": Route(),
    "report_booking": Route(),
    "get_contact": Route(),
    "change_contact": Route(body={"hours": "Tue–Sat"}),
    # webhooks and logs
    "create_webhook": Route(body={"url": "https://1.1.1.1/"}),
    "list_webhooks": Route(shows="webhook_id"),
    "get_webhook": Route(),
    "change_webhook": Route(body={"description": "new"}),
    "delete_webhook": Route(),
    "rotate_secret": Route(),
    "ping_webhook": Route(),
    "list_deliveries": Route(shows="delivery_id"),
    "get_delivery": Route(),
    "replay_delivery": Route(),
    "replay_since": Route(body={"since": "2026-11-01T00:00:00Z"}),
    # messages
    "list_messages": Route(shows="message_id"),
    "get_message": Route(),
    "preview_message": Route(query={"kind": "reminder_day", "language": "de"}),
    "get_message_settings": Route(),
    "change_message_settings": Route(body={"sender_name": "New"}),
    "list_audit": Route(shows="key_id"),
    "list_requests": Route(),
    # privacy
    "erase_customer": Route(),
    "erase_me": Route(of_herself=True, stranger=(422, "unknown_customer")),
    "get_erasure": Route(test=(200, None)),  # it holds nothing of whom it was for
    "export_customer": Route(),
    "export_me": Route(of_herself=True, stranger=(422, "unknown_customer")),
    "get_export": Route(),
    # for probes
    "live": Route(),
    "ready": Route(),
}
