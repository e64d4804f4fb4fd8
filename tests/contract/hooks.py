"""Loaded by schemathesis (tests/contract/schemathesis.toml): what it cannot know of this API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import schemathesis
from schemathesis import Case, CheckContext, GenerationMode, HookContext, Response

OF_THE_FORM = {
    "bad_request",
    "idempotency_key_invalid",
    "invalid",
    "method_not_allowed",
    "too_large",
    "unsupported_media_type",
}
"""Codes that speak of a request's form, so none may answer a request whose form the document allows."""


@schemathesis.check
def valid_data_is_refused_by_rules_only(_context: CheckContext, response: Response, case: Case) -> None:
    """Holds what `expected-statuses` of positive_data_acceptance lets go: which 4xx may answer valid data."""
    positive = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if positive and 400 <= response.status_code < 500 and response.content:
        code = msgspec.json.decode(response.content)["code"]
        assert code not in OF_THE_FORM, f"valid data was refused as {code}: {response.content!r}"


@schemathesis.hook
def filter_case(_context: HookContext, case: Case) -> bool:
    """Browsers send along whatever cookies they hold: one that the document does not know makes no request invalid.
    Nor does null in a query: what may be left away is left away where a client writes that word.
    """
    negative = case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE
    return not (negative and (case.cookies or _says_null(case.query)))


def _says_null(query: Mapping[str, Any] | None) -> bool:
    return any(value is None or value == "null" for given in (query or {}).values() for value in _each(given))


def _each(given: object) -> Sequence[object]:
    return given if isinstance(given, list) else [given]
