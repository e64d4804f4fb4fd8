"""docs/booking.md: its round runs against the running service, from the salon's hours to a cancelled appointment."""

from __future__ import annotations

from pathlib import Path

from cli.trial import Running
from tests.e2e.guide import of, ready, typed, typing

(ROUND,) = of("bash", "booking.md")


@typed
async def test_the_round_of_the_page_works(service: Running, tmp_path: Path) -> None:
    said = await typing(await ready(service, tmp_path), tmp_path, ROUND)

    assert '"Removal of gel"' in said
    assert said.split()[-2:] == ['"booked"', '"cancelled"']
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")
