"""Thousands of requests made from the OpenAPI document: every answer is one that the document describes.

By hand, for more than the suite has time for:
`pytest tests/contract/test_schemathesis.py` with VERNIS_FUZZ="--max-examples 200 --seed 7".
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from cli.trial import Running
from kit.settings import ROOT
from tests.contract.conftest import Callers
from tests.contract.things import Values, things

CONFIG = Path(__file__).with_name("schemathesis.toml")


LIKELY = 0.6
"""How often a parameter is given a value that leads somewhere."""


@pytest.mark.timeout(1200)  # four minutes on two idle cores
async def test_every_answer_is_one_that_the_document_describes(
    running: Running, callers: Callers, tmp_path: Path
) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.read_text() + bound(await things(running.http, callers)))
    command = (sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", "--no-color")
    more = os.environ.get("VERNIS_FUZZ", "").split()
    fuzzing = await asyncio.create_subprocess_exec(
        *command,
        f"{callers.url}/schema/openapi.json",
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


def bound(values: Values) -> str:
    """TOML that ties parameters to values that lead somewhere."""
    lines = []
    for number, (parameter, known) in enumerate(values.items()):
        lines.append(f"[dictionaries.known{number}]\nvalues = {json.dumps(known)}\n")
        lines.append(f'[parameters."{parameter}"]\ndictionary = "known{number}"\nprobability = {LIKELY}\n')
    return "\n" + "\n".join(lines)
