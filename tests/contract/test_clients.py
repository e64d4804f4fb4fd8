"""What is generated from the API is current, and what callers rely on is still there."""

from __future__ import annotations

import msgspec
import pytest
from litestar.enums import RequestEncodingType

from api.app import create_app
from api.openapi.answers import errors_of
from api.openapi.document import BODY, operation_id, operations
from api.openapi.document import EXAMPLES as ON_FILE
from kit.settings import Settings
from lab.clients import document, python, surface, typescript
from lab.docs import errors
from tests.contract import reach

EXAMPLES = msgspec.json.decode(ON_FILE.read_bytes())
AGAIN = "write it anew: make clients"
OPERATIONS = {
    handler.handler_name: (path, method, handler)
    for path, method, handler in operations(create_app(Settings(secret="x" * 32)))
}


def test_the_contract_on_file_is_the_one_that_is_served() -> None:
    assert document.FILE.read_text(encoding="utf-8") == document.text(), AGAIN


def test_the_python_client_is_made_from_the_contract() -> None:
    for name, source in python.files().items():
        assert (python.FOLDER / name).read_text(encoding="utf-8") == source, AGAIN


def test_the_typescript_client_is_made_from_the_contract() -> None:
    first, *_ = typescript.SCHEMA.read_text(encoding="utf-8").splitlines(keepends=True)
    assert first == typescript.head(), AGAIN


def test_the_table_of_errors_is_made_from_the_classes() -> None:
    text = errors.PAGE.read_text(encoding="utf-8")
    assert errors.page(text) == text, "write it anew: make docs"
    for error in errors.every_error():
        assert f"`{error.code}`" in text


def test_nothing_that_callers_rely_on_is_gone() -> None:
    now = surface.surface(msgspec.json.decode(document.FILE.read_bytes()))
    assert sorted(surface.promised() - now) == [], "say why in clients/removed.md, then make clients"
    assert sorted(now - surface.promised()) == [], AGAIN


def test_a_field_that_is_taken_away_is_noticed() -> None:
    contract = msgspec.json.decode(document.FILE.read_bytes())
    before = surface.surface(contract)
    del contract["components"]["schemas"]["TryOn"]["properties"]["advice"]
    contract["components"]["schemas"]["TryOnRequest"]["required"].append("mood")
    del contract["paths"]["/v1/tryons"]["get"]
    lost = before - surface.surface(contract)
    assert {"TryOn.advice", "TryOnRequest needs: looks, photo_id", "GET /v1/tryons: listTryons"} <= lost


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_lists_every_error_that_it_can_raise(name: str) -> None:
    path, method, handler = OPERATIONS[name]
    raised = {error for error in reach.errors_of(handler.fn) if (name, error.__name__) not in NEVER_SHOWN}
    missing = sorted(error.__name__ for error in raised - errors_of(handler, path, method))
    assert missing == [], f"add opt=fails({', '.join(missing)})"


JSON_BODIES = sorted(
    name
    for name, (_, _, handler) in OPERATIONS.items()
    if (body := handler.parsed_fn_signature.parameters.get(BODY)) is not None
    and body.kwarg_definition.media_type == RequestEncodingType.JSON
)


@pytest.mark.parametrize("name", JSON_BODIES)
def test_a_body_has_an_example_that_is_one(name: str) -> None:
    """Each is sent as well: by schemathesis, in its first phase."""
    handler = OPERATIONS[name][2]
    example = EXAMPLES[operation_id(handler)]["request"]
    msgspec.convert(example, handler.parsed_fn_signature.parameters[BODY].annotation)


def test_no_example_is_of_an_operation_that_is_not_there() -> None:
    assert EXAMPLES.keys() <= {operation_id(handler) for _, _, handler in OPERATIONS.values()}


CALENDARS = (("get", ""), ("get", "_link"), ("renew", "_link"))
NEVER_SHOWN = {
    ("ask_password_reset", "UnknownMember"),  # after the answer, in the background
    ("ping_webhook", "UnknownDelivery"),  # the delivery was made a line before
    # One service for both kinds of calendars, each of which asks for its own; and their links do not expire.
    *((f"{verb}_stylist_calendar{end}", "UnknownLocation") for verb, end in CALENDARS),
    *((f"{verb}_location_calendar{end}", "UnknownStylist") for verb, end in CALENDARS),
    ("get_stylist_calendar", "LinkExpired"),
    ("get_location_calendar", "LinkExpired"),
}


def test_errors_are_seen_through_services_methods_and_what_is_caught() -> None:
    found = {error.__name__ for error in reach.errors_of(OPERATIONS["sign_in"][2].fn)}
    assert {"WrongPassword", "TooManyAttempts", "BusinessSuspended", "CrossSite"} <= found
    assert "UnknownMember" not in found


def test_the_lock_names_no_package_index() -> None:
    assert '"resolved"' not in (typescript.FOLDER / "package-lock.json").read_text(encoding="utf-8")
