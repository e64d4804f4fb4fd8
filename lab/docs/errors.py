"""Writes the table of errors in docs/api.md from the classes themselves: `python -m lab.docs.errors`."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator

import api
import kit
import modules
from api.app import create_app
from api.errors import MethodNotAllowed
from api.openapi.answers import errors_of
from api.openapi.document import operations
from kit.errors import AppError
from kit.settings import ROOT, Settings

FOLDERS = (api, kit, modules)
PAGE = ROOT / "docs" / "api.md"
BEGIN, END = "<!-- errors: python -m lab.docs.errors -->", "<!-- end of errors -->"

OF_THE_FRAME = {MethodNotAllowed}
"""What is answered where no operation is."""

TO_DO = {
    400: "Mend the request: it is no JSON, or no HTTP that is understood.",
    401: "Get a new credential, or sign in.",
    402: "Ask for less, or change the plan.",
    403: "Do not repeat; ask somebody who may.",
    404: "Do not repeat; read the list again.",
    405: "Mend the client: `Allow` lists the methods.",
    408: "Send the photo again over a better line.",
    409: "Read the present state, then decide. With `Retry-After`: ask again.",
    410: "Ask for a new one; this one does not come back.",
    412: "Read it again, and change what is there now.",
    413: "Send less.",
    415: "Send another kind.",
    422: "Mend the values: `errors` and `detail` name them.",
    428: "Send the `ETag` that you read as `If-Match`.",
    429: "Wait for `Retry-After`, then send it again.",
    500: "Send it again once, with the same Idempotency-Key; then tell us the request id.",
    503: "Wait for `Retry-After`, then send it again with the same Idempotency-Key.",
}

TO_DO_ABOUT = {
    "address_refused": "Give an address on the public internet.",
    "bad_cursor": "Start again without `cursor`.",
    "bad_look": "Send `services`, or `tryon_id` with a `look` that it has.",
    "business_suspended": "Get in touch with us.",
    "consent_missing": "Ask the customer, record it (`POST /v1/consents`), and send it again.",
    "cross_site_request": "Call from our own pages with `X-Vernis-Caller`, or send the token yourself.",
    "fee_due": "Show her `fee`, and send `accept_fee: true` when she agrees.",
    "forbidden": "Use a credential with the scope that `detail` names.",
    "hair_level_needed": "Ask her, and send `wishes.hair`.",
    "hold_over": "Look for slots again.",
    "idempotency_in_flight": "Wait for `Retry-After`, then send the same again.",
    "idempotency_mismatch": "Take a new key for a new request.",
    "last_owner": "Make somebody else an owner first.",
    "link_expired": "Read the thing that the link stands in again, for a new one.",
    "link_refused": "Send the link as you got it, byte for byte.",
    "look_changed": "Try the look on again, as it is offered now.",
    "no_room_for_all": "Try another day, or book its appointments one by one.",
    "not_found": "Check the address.",
    "photo_corrupt": "Take or send the photo again.",
    "session_ended": "Sign in again.",
    "slot_taken": "Offer her one of `alternatives`.",
    "still_booked": "Move or cancel what is booked first.",
    "test_key_upload": "Take a sample: `POST /v1/sample-photos/{id}`.",
    "ticket_used": "Make a new ticket.",
    "too_many_webhooks": "Delete one first.",
    "tryon_ended": "Nothing: read it.",
    "webhook_disabled": "Enable it first.",
    "wrong_password": "Let her type it again; after five failures the account waits.",
}
"""Where it is more than what the status says."""


def every_error() -> list[type[AppError]]:
    """All classes of errors of our folders, by code, whatever else this process has loaded."""
    for package in FOLDERS:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith((".tasks", ".env")) and ".migrations." not in found.name:
                importlib.import_module(found.name)
    homes = {package.__name__ for package in FOLDERS}
    ours = {error for error in _below(AppError) if error.__module__.split(".")[0] in homes}
    return sorted(ours, key=lambda error: (error.code, error.status))


def answered() -> dict[str, set[int]]:
    """Codes that some operation answers with, and their statuses."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for path, method, handler in operations(create_app(Settings(secret="x" * 32))):
        for error in errors_of(handler, path, method):
            found[error.code].add(error.status)
    return dict(found)


def table() -> str:
    """The codes of the API with status, words and what to do; then the codes that stay inside."""
    public = answered()
    rows: dict[str, str] = {}
    inside: set[str] = set()
    for error in every_error():
        statuses = sorted(public.get(error.code, {error.status} if error in OF_THE_FRAME else ()))
        if not statuses:
            inside.add(error.code)
        elif error.code not in rows:
            status = ", ".join(map(str, statuses))
            rows[error.code] = (
                f"| `{error.code}` | {status} | {error.public} | {TO_DO_ABOUT.get(error.code, TO_DO[statuses[0]])} |"
            )
    head = "| code | status | says | what to do |\n|---|---|---|---|"
    within = ", ".join(f"`{code}`" for code in sorted(inside))
    return f"{head}\n" + "\n".join(rows.values()) + f"\n\nOnly in logs and on the command line: {within}.\n"


def page(text: str) -> str:
    """The page with the table as it should be."""
    return re.sub(f"{BEGIN}\n.*{END}", lambda _: f"{BEGIN}\n{table()}{END}", text, flags=re.DOTALL)


def _below(error: type[AppError]) -> Iterator[type[AppError]]:
    yield error
    for kind in error.__subclasses__():
        yield from _below(kind)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
