"""Thousands of requests made from the OpenAPI document: every answer is one that the document describes.

By hand, for more than the suite has time for:
`pytest tests/contract/test_schemathesis.py` with VERNIS_FUZZ="--max-examples 200 --seed 7".
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from kit.settings import ROOT
from tests.contract.conftest import Callers

CONFIG = Path(__file__).with_name("schemathesis.toml")


async def test_every_answer_is_one_that_the_document_describes(callers: Callers) -> None:
    command = (sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run")
    more = os.environ.get("VERNIS_FUZZ", "").split()
    fuzzing = await asyncio.create_subprocess_exec(
        *command,
        f"{callers.url}/schema/openapi.json",
        "--no-color",
        *more,
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "VERNIS_KEY": callers.key,
            "VERNIS_STAFF": callers.staff,
            "VERNIS_LEAVER": callers.leaver,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await fuzzing.communicate())[0].decode()

    assert fuzzing.returncode == 0, said
    assert "Tested: 0" not in said
