"""What the pages of the docs ask their readers to type, typed."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path

import pytest

from cli.trial import Running
from kit.settings import ROOT
from tests.integration.conftest import open_salon

HAND = ROOT / "assets" / "samples" / "hands" / "open_05_left.jpg"
typed = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("jq")), reason="curl and jq are not there"
)


def blocks(page: str) -> list[tuple[str, str]]:
    """Language and lines of each block of code of a page in docs/."""
    return re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)


def of(kind: str, page: str) -> list[str]:
    """The blocks of one language."""
    return [block for language, block in blocks(page) if language == kind]


async def ready(service: Running, folder: Path) -> dict[str, str]:
    """What the pages ask for: an address, the key of a fresh salon, and a photo in the folder."""
    shutil.copy(HAND, folder / "hand.jpg")
    return {
        "PATH": os.environ["PATH"],
        "VERNIS_URL": service.settings.public_url,
        "VERNIS_KEY": (await open_salon(service.runtime)).key,
    }


async def run(environment: dict[str, str], folder: Path, *command: str) -> str:
    """What a command says that has to succeed."""
    ran = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(ran.communicate(), 240)
    assert ran.returncode == 0, (out + err).decode()
    return out.decode()


async def typing(environment: dict[str, str], folder: Path, lines: str) -> str:
    """The same of lines for a shell, of which each has to succeed."""
    return await run(environment, folder, "bash", "-euo", "pipefail", "-c", lines)
