"""docs/journey.md: the whole way runs against the running service, from a photo to a receipt that it was erased."""

from __future__ import annotations

from pathlib import Path

from icalendar import Calendar

from cli.trial import Running
from tests.e2e.guide import of, ready, typed, typing

(WAY,) = of("bash", "journey.md")


@typed
async def test_the_whole_way_of_the_page_can_be_gone(service: Running, tmp_path: Path) -> None:
    said = await typing(await ready(service, tmp_path), tmp_path, WAY)

    assert said.startswith('"done"')
    assert '"booked"' in said
    assert '"very_close"\n5\n' in said
    assert "\n1\n410\n" in said, "opened by one person, then taken back"
    assert '"appointments": 2' in said
    assert said.split()[-1] == '"unknown_booking"'
    assert "Anna" in (tmp_path / "appointment.html").read_text()
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")
    assert len(Calendar.from_ical((tmp_path / "anna.ics").read_bytes()).walk("VEVENT")) == 1
    assert "Shall we both go?" in (tmp_path / "look.html").read_text()
