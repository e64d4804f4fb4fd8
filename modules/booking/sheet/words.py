"""What the sheet says, in the languages of salons: to the recipe, the page and the print alike."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from babel import Locale

from kit.money import Price
from modules.booking.sheet.wire import PatchTest, SheetDesign, TechSheet
from modules.messaging import language as spelt

FOLDER = Path(__file__).with_name("languages")
LOCALES: Mapping[str, Locale] = {
    "en": Locale("en", "GB"),
    "de": Locale("de"),
    "fr": Locale("fr"),
    "es": Locale("es"),
}
"""English in the form that most salons outside America write."""
CALM = frozenset({PatchTest.NOT_NEEDED, PatchTest.DONE, PatchTest.BOOKED})
"""At which nobody has to be alarmed."""


class Speech:
    """One language: the words of its file, and how days, times and money are written."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
        self._locale = LOCALES[language]

    def say(self, key: str, **values: object) -> str:
        """A sentence with what it is about."""
        words: str = self._words[key]
        return words.format(**values)

    def step(self, key: str, **values: object) -> str:
        """What is done, or how."""
        words: str = self._words["steps"][key]
        return words.format(**values)

    def name(self, kind: str, value: str) -> str:
        """How something of the trade is called; what a salon named itself stays as it is."""
        known: dict[str, str] = self._words[kind]
        return known.get(value, value.replace("_", " "))

    def day(self, at: datetime, zone: str) -> str:
        return spelt.whole_day(at, zone, self._locale)

    def clock(self, at: datetime, zone: str) -> str:
        return spelt.clock_time(at, zone, self._locale)

    def money(self, price: Price) -> str:
        return spelt.amount(price, self._locale)

    def when(self, sheet: TechSheet) -> str:
        """The line on time, place and price."""
        until = self.clock(sheet.ends_at, sheet.zone)
        span = f"{self.day(sheet.starts_at, sheet.zone)}, {self.clock(sheet.starts_at, sheet.zone)}–{until}"
        return f"{span} · {sheet.location} · {self.money(sheet.price)}"

    def patch_test(self, sheet: TechSheet) -> str:
        """The line on patch tests."""
        at, zone = sheet.patch_test_at, sheet.zone
        moment = "" if at is None else f"{spelt.day(at, zone, self._locale)}, {self.clock(at, zone)}"
        words: str = self._words["patch_test"][sheet.patch_test]
        return words.format(at=moment)

    def stock(self, design: SheetDesign) -> str:
        """What comes near a design that is used up; empty where nothing does."""
        near = ", ".join(f"{one.name} (ΔE {self.number(one.delta_e)})" for one in design.alternatives)
        return self.say("near", designs=near) if near else ""

    def coats(self, count: int) -> str:
        return self.say("one_coat") if count == 1 else self.say("coats", count=count)

    def number(self, value: float) -> str:
        """`1.5`, or `1,5` where it is written so."""
        return self._written(f"{value:g}")

    def tenths(self, value: float) -> str:
        """The same with one place, always."""
        return self._written(f"{value:.1f}")

    def _written(self, digits: str) -> str:
        return digits.replace(".", str(self._locale.number_symbols["latn"]["decimal"]))


@cache
def speech(language: str) -> Speech:
    """The words of one of LOCALES."""
    return Speech(language)
