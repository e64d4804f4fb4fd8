"""docs/api.md: every code block runs against the running service, and the Python client's example beside it."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from api.problems import Problem
from cli.trial import Running
from kit.settings import ROOT
from tests.e2e.guide import HAND, blocks, of, ready, run, typed, typing

CLIENT = ROOT / "clients" / "python"
PAGE = "api.md"


@pytest.fixture
async def environment(service: Running, tmp_path: Path) -> dict[str, str]:
    return {**await ready(service, tmp_path), "PYTHONPATH": str(CLIENT)}


def size_of(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as opened:
        return opened.size


def test_every_block_is_of_a_kind_that_is_run_here() -> None:
    assert {language for language, _ in blocks(PAGE)} == {"bash", "python", "json"}
    assert len(of("bash", PAGE)) >= 3


@typed
@pytest.mark.parametrize("block", of("bash", PAGE), ids=lambda block: block.splitlines()[0][:40])
async def test_what_is_typed_works(block: str, environment: dict[str, str], tmp_path: Path) -> None:
    await typing(environment, tmp_path, block)
    if "look.jpg" in block:
        assert size_of(tmp_path / "look.jpg") == size_of(HAND)
        assert "event: state" in (tmp_path / "events.txt").read_text()


async def test_the_python_client_makes_the_picture(environment: dict[str, str], tmp_path: Path) -> None:
    (block,) = of("python", PAGE)
    given = "import os\nurl, key = os.environ['VERNIS_URL'], os.environ['VERNIS_KEY']\n"
    await run(environment, tmp_path, sys.executable, "-c", given + block)
    assert size_of(tmp_path / "look.jpg") == size_of(HAND)


async def test_the_clients_example_makes_the_picture(environment: dict[str, str], tmp_path: Path) -> None:
    example = str(CLIENT / "example.py")
    await run(environment, tmp_path, sys.executable, example, "hand.jpg", "example.jpg")
    assert size_of(tmp_path / "example.jpg") == size_of(HAND)


def test_the_problem_that_is_shown_is_one() -> None:
    (block,) = of("json", PAGE)
    assert msgspec.json.decode(block, type=Problem).status == 404
