"""docs/booking.md: its round runs against the running service, from the salon's hours to a cancelled appointment."""

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

PAGE = (ROOT / "docs" / "booking.md").read_text(encoding="utf-8")
(ROUND,) = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl and jq are not there")
async def test_the_round_of_the_page_works(service: Running, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "VERNIS_URL": service.settings.public_url,
        "VERNIS_KEY": (await open_salon(service.runtime)).key,
    }

    ran = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", ROUND),
        cwd=tmp_path,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, err = await ran.communicate()

    assert ran.returncode == 0, (out + err).decode()
    assert '"Removal of gel"' in out.decode()
    assert out.decode().split()[-2:] == ['"booked"', '"cancelled"']
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")
