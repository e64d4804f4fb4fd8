"""Money, days and times as people write them in a language (CLDR, by Babel)."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date

from kit.money import Price, written


def money(price: Price, language: str) -> str:
    """`€45` or `45,50 €`: without decimals where there are none."""
    return amount(price.amount, price.currency, language)


def amount(minor: int, currency: str, language: str) -> str:
    """The same of an amount, which may be less than nothing: what makes a price lower. minor: minor units."""
    locale, amount = Locale(language), Decimal(written(minor, currency))
    pattern = copy.copy(locale.currency_formats["standard"])
    if amount == amount.to_integral_value():
        pattern.frac_prec = (0, 0)
    formatted: str = pattern.apply(amount, locale, currency=currency, currency_digits=False)
    return formatted


def day(moment: date, language: str) -> str:
    """`13 December`, without the year: a link lives a month at most."""
    skeleton = {"en": "d MMMM", "de": "d. MMMM", "fr": "d MMMM", "es": "d 'de' MMMM"}[language]
    formatted: str = format_date(moment, skeleton, locale=language)
    return formatted


def duration(minutes: int) -> str:
    """`45 min`, `1 h 30 min`: by symbols that all of our languages write alike."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest or not hours else parts).replace(" ", "\u00a0")
