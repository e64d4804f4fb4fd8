"""Logs are one JSON object a line, as the schema says, with the ids of what they belong to."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import jsonschema
import pytest

from lab.docs.logs import PAGE, SCHEMA, lines, page

LINE = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
(ID,) = LINE.schema["patternProperties"]

SCRIPT = """
import logging
from kit import log
log.configure("info", "api")
with log.bound_contextvars(request_id="req_1", business_id="biz_1"):
    log.get_logger("x").info("request", ms=3, caller="anonymous")
    logging.getLogger("some.library").warning("careful %s", "now")
    log.get_logger("x").debug("not shown")
    try:
        1 / 0
    except ZeroDivisionError as error:
        log.get_logger("x").error("request_failed", code="internal_error", exc_info=error)
"""


def test_our_lines_and_those_of_libraries_carry_the_request() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    ours, library, fault = [json.loads(line) for line in done.stderr.splitlines()]
    assert (ours["event"], ours["ms"], ours["process"]) == ("request", 3, "api")
    assert (library["event"], library["level"]) == ("careful now", "warning")
    assert "ZeroDivisionError" in fault["exception"]
    for line in (ours, library, fault):
        assert (line["request_id"], line["business_id"]) == ("req_1", "biz_1")
        LINE.validate(line)


def test_the_page_lists_every_line() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m lab.docs.logs"
    assert {"request", "job_failed", "job_retried", "relay_stumbled"} <= {line.event for line in lines()}


def test_a_line_says_what_the_schema_knows_and_nothing_else() -> None:
    said = {field for line in lines() for field in line.fields}
    assert {field for field in said - set(LINE.schema["properties"]) if not re.fullmatch(ID, field)} == set()


@pytest.mark.parametrize("more", [{"email": "a@b.c"}, {"ms": "3"}, {"caller": "somebody"}, {"level": "loud"}])
def test_the_schema_refuses_what_does_not_belong_there(more: dict[str, Any]) -> None:
    line = {"timestamp": "2026-11-23T12:00:00Z", "level": "info", "event": "request", "process": "api"}
    LINE.validate(line)
    with pytest.raises(jsonschema.ValidationError):
        LINE.validate(line | more)
