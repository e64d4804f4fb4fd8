"""docs/journey.md: the whole way runs against the running service, from a photo to a receipt that it was erased."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path

import pytest
from icalendar import Calendar

from cli.trial import Running
from kit.settings import ROOT
from tests.integration.conftest import open_salon

PAGE = (ROOT / "docs" / "journey.md").read_text(encoding="utf-8")
(WAY,) = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
HAND = ROOT / "assets" / "samples" / "hands" / "open_05_left.jpg"


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl and jq are not there")
async def test_the_whole_way_of_the_page_can_be_gone(service: Running, tmp_path: Path) -> None:
    shutil.copy(HAND, tmp_path / "hand.jpg")
    environment = {
        "PATH": os.environ["PATH"],
        "VERNIS_URL": service.settings.public_url,
        "VERNIS_KEY": (await open_salon(service.runtime)).key,
    }

    ran = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", WAY),
        cwd=tmp_path,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(ran.communicate(), 240)

    said = out.decode()
    assert ran.returncode == 0, said + err.decode()
    assert said.startswith('"done"')
    assert '"booked"' in said
    assert "\n1\n410\n" in said, "opened by one person, then taken back"
    assert '"appointments": 1' in said
    assert said.split()[-1] == '"unknown_booking"'
    assert "Anna" in (tmp_path / "appointment.html").read_text()
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")
    assert len(Calendar.from_ical((tmp_path / "anna.ics").read_bytes()).walk("VEVENT")) == 1
    assert "Shall we both go?" in (tmp_path / "look.html").read_text()
