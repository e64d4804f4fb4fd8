"""docs/api.md: every code block runs against the running service, and the Python client's example beside it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from api.problems import Problem
from cli.trial import Running
from kit.settings import ROOT
from tests.integration.conftest import open_salon

CLIENT = ROOT / "clients" / "python"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)
HAND = ROOT / "assets" / "samples" / "hands" / "open_05_left.jpg"


@pytest.fixture
async def environment(service: Running, tmp_path: Path) -> dict[str, str]:
    """What the guide asks for: an address, a key and a photo."""
    shutil.copy(HAND, tmp_path / "hand.jpg")
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(CLIENT),
        "VERNIS_URL": service.settings.public_url,
        "VERNIS_KEY": (await open_salon(service.runtime)).key,
    }


async def run(environment: dict[str, str], folder: Path, *command: str) -> None:
    ran = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    out, err = await ran.communicate()
    assert ran.returncode == 0, (out + err).decode()


def size_of(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as opened:
        return opened.size


def of(kind: str) -> list[str]:
    return [block for language, block in BLOCKS if language == kind]


def test_every_block_is_of_a_kind_that_is_run_here() -> None:
    assert {language for language, _ in BLOCKS} == {"bash", "python", "json"}
    assert len(of("bash")) >= 3


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl and jq are not there")
@pytest.mark.parametrize("block", of("bash"), ids=lambda block: block.splitlines()[0][:40])
async def test_what_is_typed_works(block: str, environment: dict[str, str], tmp_path: Path) -> None:
    await run(environment, tmp_path, "bash", "-euo", "pipefail", "-c", block)
    if "look.jpg" in block:
        assert size_of(tmp_path / "look.jpg") == size_of(HAND)
        assert "event: state" in (tmp_path / "events.txt").read_text()


async def test_the_python_client_makes_the_picture(environment: dict[str, str], tmp_path: Path) -> None:
    (block,) = of("python")
    given = "import os\nurl, key = os.environ['VERNIS_URL'], os.environ['VERNIS_KEY']\n"
    await run(environment, tmp_path, sys.executable, "-c", given + block)
    assert size_of(tmp_path / "look.jpg") == size_of(HAND)


async def test_the_clients_example_makes_the_picture(environment: dict[str, str], tmp_path: Path) -> None:
    example = str(CLIENT / "example.py")
    await run(environment, tmp_path, sys.executable, example, "hand.jpg", "example.jpg")
    assert size_of(tmp_path / "example.jpg") == size_of(HAND)


def test_the_problem_that_is_shown_is_one() -> None:
    (block,) = of("json")
    assert msgspec.json.decode(block, type=Problem).status == 404
