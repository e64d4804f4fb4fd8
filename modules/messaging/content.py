"""What a letter says: the facts of its context in the words of its language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from kit.money import Price
from modules.messaging import language as spelt
from modules.messaging.contexts import (
    CancelledVisit,
    MovedVisit,
    SharedLook,
    Sitting,
    Visit,
    VisitSeries,
    WaitlistOffer,
)
from modules.messaging.kinds import Kind
from modules.messaging.language import Language

_SENTENCES = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


class Door(Struct, frozen=True):
    """What a staff letter opens: the link with its token, and the role where somebody is invited."""

    url: str
    role: str = ""


class Fact(Struct, frozen=True):
    """A line of the table; its value may have several lines. detail: less loud; over: it counts no more."""

    label: str
    value: str
    detail: str = ""
    over: bool = False


class Content(Struct, frozen=True):
    """Everything that a letter says, still without a form. button: words and link."""

    subject: str
    preheader: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[Fact, ...]
    button: tuple[str, str]
    notes: tuple[str, ...]


About = Visit | CancelledVisit | WaitlistOffer | SharedLook | Door


def content(
    kind: Kind, about: About, *, name: str, salon: str, language: Language, zone: str, now: datetime
) -> Content:
    """Fill the words of a kind. zone: in which times are shown; now: what today and tomorrow are counted from."""
    book = spelt.words(language.words)
    said, labels = book[kind], book["labels"]
    values = _values(about, language, zone, now, book) | {"name": name, "salon": salon}

    def filled(template: str) -> str:
        return sentence(template, **values)

    greeting = [] if isinstance(about, SharedLook) and not name else [labels["greeting"]]
    return Content(
        subject=_capital(filled(said["subject"])),
        preheader=filled(said["preheader"]),
        heading=_capital(filled(said["heading"])),
        paragraphs=tuple(filter(None, map(filled, [*greeting, *said["lead"]]))),
        facts=_facts(about, values, labels),
        button=(filled(said["button"]), values["url"]),
        notes=tuple(filter(None, map(filled, said["notes"]))),
    )


def sentence(template: str, **values: object) -> str:
    """One of our sentences, filled; it is code of ours, what fills it is not. Blanks and breaks become one space."""
    return re.sub(r"[ \t\r\n]+", " ", _SENTENCES.from_string(template).render(values)).strip()


def _values(
    about: About, language: Language, zone: str, now: datetime, book: Mapping[str, Any]
) -> dict[str, Any]:
    """What the words may speak of."""
    locale = language.locale
    values: dict[str, Any] = {"zone": zone}

    def money(price: Price | None) -> str:
        return "" if price is None else spelt.amount(price, locale)

    if isinstance(about, Visit | CancelledVisit | WaitlistOffer):
        values |= {
            "day": spelt.day(about.starts_at, zone, locale),
            "whole_day": spelt.whole_day(about.starts_at, zone, locale),
            "weekday": spelt.weekday(about.starts_at, zone, locale),
            "time": spelt.clock_time(about.starts_at, zone, locale),
            "end": spelt.clock_time(about.ends_at, zone, locale),
            "services": _joined(about.services, book["labels"]["together"]),
            "where": about.location,
        }
        values["at_time"] = sentence(book["labels"]["at_time"], time=values["time"])
        values["soon"] = _soon(about.starts_at, now, zone, book["labels"]) or values["day"]
    if isinstance(about, VisitSeries):
        values["sittings"] = _sittings(about.sittings, zone, locale)
        values["count"] = len(about.sittings)
    if isinstance(about, MovedVisit):
        values |= {
            "was_day": spelt.day(about.was_at, zone, locale),
            "was_time": spelt.clock_time(about.was_at, zone, locale),
        }
    match about:
        case Visit():
            values |= {"url": about.manage_url, "staff": about.staff, "price": money(about.price)}
            values |= {"address": about.address}
        case CancelledVisit():
            values |= {"url": about.book_url, "by_salon": about.by_salon, "fee": money(about.fee)}
            values |= {"also": _sittings(about.also, zone, locale)}
            values |= {"standing": _sittings(about.standing, zone, locale)}
        case WaitlistOffer():
            values |= {"url": about.accept_url, "staff": about.staff, "price": money(about.price)}
            values |= {
                "held_day": spelt.day(about.held_until, zone, locale),
                "held_time": spelt.clock_time(about.held_until, zone, locale),
            }
            values["held"] = f"{values['held_day']}, {values['held_time']}"
        case SharedLook():
            values |= {"url": about.url, "by": about.by, "look": about.look, "note": about.note}
            values |= {"expires": spelt.whole_day(about.expires_at, zone, locale)}
        case Door():
            values |= {"url": about.url, "role": book["roles"].get(about.role, "")}
    return values


def _facts(about: About, values: Mapping[str, Any], labels: Mapping[str, str]) -> tuple[Fact, ...]:
    def fact(label: str, *lines: str, detail: str = "", over: bool = False) -> Fact:
        return Fact(labels[label], "\n".join(map(_capital, filter(None, lines))), detail, over)

    def when(*, over: bool = False) -> Fact:
        return fact("when", values["whole_day"], f"{values['time']} – {values['end']}", over=over)

    found: list[Fact] = []
    match about:
        case VisitSeries():
            every = dict.fromkeys(service for sitting in about.sittings for service in sitting.services)
            found += [
                fact("dates", *values["sittings"]),
                fact("what", *every),
                fact("who", about.staff),
                fact("where", about.location, detail=about.address),
                fact("total", values["price"]),
            ]
        case Visit():
            found.append(when())
            if isinstance(about, MovedVisit):
                found.append(fact("before", f"{values['was_day']}, {values['was_time']}", over=True))
            found += [
                fact("what", *about.services),
                fact("who", about.staff),
                fact("where", about.location, detail=about.address),
                fact("price", values["price"]),
            ]
        case CancelledVisit():
            found += [when(over=True), fact("also", *values["also"], over=True)]
            found += [fact("what", *about.services), fact("where", about.location)]
            found += [fact("fee", values["fee"]), fact("standing", *values["standing"])]
        case WaitlistOffer():
            found += [
                when(),
                fact("what", *about.services),
                fact("who", about.staff),
                fact("where", about.location),
                fact("price", values["price"]),
                fact("held", values["held"]),
            ]
        case SharedLook():
            found.append(fact("expires", values["expires"]))
        case Door():
            found.append(fact("role", values["role"]))
    return tuple(one for one in found if one.value)


def _sittings(sittings: tuple[Sitting, ...], zone: str, locale: Locale) -> list[str]:
    """A line for each: day, time and, where they differ in it, what is done."""
    alike = len({sitting.services for sitting in sittings}) == 1
    return [
        f"{spelt.short_day(sitting.starts_at, zone, locale)}, {spelt.clock_time(sitting.starts_at, zone, locale)}"
        + ("" if alike else f" · {', '.join(sitting.services)}")
        for sitting in sittings
    ]


def _soon(at: datetime, now: datetime, zone: str, labels: Mapping[str, str]) -> str:
    """`today` or `tomorrow`, by the calendar on the wall there; empty on any other day."""
    there = ZoneInfo(zone)
    away = at.astimezone(there).date() - now.astimezone(there).date()
    return {timedelta(0): labels["today"], timedelta(1): labels["tomorrow"]}.get(away, "")


def _joined(parts: tuple[str, ...], last: str) -> str:
    """`a, b and c`."""
    return last.join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
