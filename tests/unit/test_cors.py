"""Pages of other origins may send and read every header that the contract speaks of."""

from __future__ import annotations

from typing import Any

import msgspec

from api.cors import ASKED, SHOWN
from lab.clients.document import FILE

CONTRACT: dict[str, Any] = msgspec.json.decode(FILE.read_bytes())
NEVER_SHOWN = {"Set-Cookie"}
"""No script may read it, whatever is allowed."""
OF_THE_BROWSER = {"Authorization", "Content-Type", "Last-Event-ID", "X-Request-Id"}
"""Asked for without being a parameter: the credential, the body's type, a stream's place, the request's id."""


def asked() -> set[str]:
    """Headers that some operation takes."""
    operations = [operation for path in CONTRACT["paths"].values() for operation in path.values()]
    own = [parameter for operation in operations for parameter in operation["parameters"]]
    found = [*CONTRACT["components"]["parameters"].values(), *own]
    return {parameter["name"] for parameter in found if parameter.get("in") == "header"}


def test_every_header_of_an_answer_can_be_read() -> None:
    assert set(SHOWN.split(", ")) == set(CONTRACT["components"]["headers"]) - NEVER_SHOWN


def test_every_header_of_a_request_can_be_sent() -> None:
    assert {"If-Match", "Prefer"} <= asked()
    assert set(ASKED.split(", ")) == asked() | OF_THE_BROWSER
