"""Logs are one JSON object a line, with the ids of what they belong to."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import logging
from kit import log
log.configure("info", "api")
with log.bound_contextvars(request_id="req_1", business_id="biz_1"):
    log.get_logger("x").info("photo_kept", ms=3)
    logging.getLogger("some.library").warning("careful %s", "now")
    log.get_logger("x").debug("not shown")
"""


def test_our_lines_and_those_of_libraries_carry_the_request() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    ours, library = [json.loads(line) for line in done.stderr.splitlines()]
    assert (ours["event"], ours["ms"], ours["process"]) == ("photo_kept", 3, "api")
    assert (library["event"], library["level"]) == ("careful now", "warning")
    for line in (ours, library):
        assert (line["request_id"], line["business_id"]) == ("req_1", "biz_1")
