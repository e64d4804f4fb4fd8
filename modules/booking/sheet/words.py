"""What the sheet says of patch tests, to the page and to the print alike."""

from __future__ import annotations

from collections.abc import Mapping

from modules.booking.sheet.wire import PatchTest, TechSheet

CALM = frozenset({PatchTest.NOT_NEEDED, PatchTest.DONE, PatchTest.BOOKED})
"""At which nobody has to be alarmed."""
SAYS: Mapping[PatchTest, str] = {
    PatchTest.NOT_NEEDED: "No patch test needed.",
    PatchTest.DONE: "Patch test done.",
    PatchTest.TOLD: "She says that she had her patch test: ask when, and how it went.",
    PatchTest.BOOKED: "Patch test is booked before this appointment.",
    PatchTest.MISSING: "No patch test on record: do not colour before there is one.",
}


def ready(sheet: TechSheet) -> str:
    """The line on patch tests."""
    return SAYS[sheet.patch_test]
