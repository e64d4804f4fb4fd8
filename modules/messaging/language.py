"""In which language a message is written, and how days, times and money are spelt in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency
from msgspec import Struct

from kit import money
from kit.money import Price

FOLDER = Path(__file__).with_name("words")
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
LAST_RESORT = "en"
_YEAR = re.compile(r"[\s,]*(?:'[^']*'\s*)?y+\s*$")
_NUMBER = re.compile(r"(?<=\d) |(?<=\d\.) | (?=\d+$)")
_CLOSE = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")


class Language(Struct, frozen=True):
    """tag: as it was asked for (BCP 47); words: the language of LANGUAGES that has the words."""

    tag: str
    words: str

    @property
    def locale(self) -> Locale:
        """How numbers and dates are written: the region of the tag where it is known, else the language's own."""
        try:
            return Locale.parse(self.tag, sep="-")
        except (UnknownLocaleError, ValueError):
            return Locale.parse(self.words)


def chosen(*wanted: str) -> Language:
    """The first of these languages that has words, else English. Dates follow the words, never another language."""
    for tag in wanted:
        words = tag.partition("-")[0].lower()
        if words in LANGUAGES:
            return Language(tag, words)
    return Language(LAST_RESORT, LAST_RESORT)


@cache
def words(language: str) -> Mapping[str, Mapping[str, Any]]:
    """The words of a language by kind; `labels` and `roles` are shared by all."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def day(at: datetime, zone: str, locale: Locale) -> str:
    """`Friday 4 December`: the locale's whole day without its year; number and month stay on one line.

    Within a Spanish sentence no comma follows the weekday (RAE, Ortografía, 2010).
    """
    pattern = _YEAR.sub("", locale.date_formats["full"].pattern)
    if locale.language == "es":
        pattern = pattern.replace("EEEE, ", "EEEE ")
    written = format_date(at.astimezone(ZoneInfo(zone)).date(), pattern, locale)
    return _NUMBER.sub("\N{NO-BREAK SPACE}", written)


def whole_day(at: datetime, zone: str, locale: Locale) -> str:
    """`Friday, 4 December 2026`."""
    return format_date(at.astimezone(ZoneInfo(zone)).date(), "full", locale)


def short_day(at: datetime, zone: str, locale: Locale) -> str:
    """`Fri, 4 Dec 2026`."""
    return format_skeleton("yMMMEd", at.astimezone(ZoneInfo(zone)), locale=locale)


def weekday(at: datetime, zone: str, locale: Locale) -> str:
    """`Friday`."""
    return format_date(at.astimezone(ZoneInfo(zone)).date(), "EEEE", locale)


def clock_time(at: datetime, zone: str, locale: Locale) -> str:
    """`14:30`, or `2:30 PM` where it is said so."""
    return format_time(at, "short", ZoneInfo(zone), locale)


def amount(price: Price, locale: Locale) -> str:
    """`€48.50`, with as many decimals as the currency has; letters keep their distance (`CHF 84.00`), as CLDR asks."""
    value = Decimal(price.amount).scaleb(-money.digits(price.currency))
    return _CLOSE.sub("\N{NO-BREAK SPACE}", format_currency(value, price.currency, locale=locale))
