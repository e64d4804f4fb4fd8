"""From a look to time and money: one number, and a line for each reason. Rules are data; nothing here asks a database.

A design's own price and minutes cover it as it is drawn, with its shape, length and coats; what a customer wants beyond
that, and what comes with it, is counted by the salon's rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from kit.money import MOST
from looks.layer import EVERY_FINGER, Hair, NailArt, NailLength, NailPolish
from looks.shape import NailShape
from modules.booking.hair import HairNow, takes
from modules.catalog.shelf import Design, Service, ServiceKind

Amount = Annotated[int, Meta(ge=0, le=MOST)]
Minutes = Annotated[int, Meta(ge=0, le=600)]


class Worn(StrEnum):
    """What is on the nails now and has to come off first."""

    NOTHING = "nothing"
    POLISH = "polish"
    GEL = "gel"
    EXTENSION = "extension"


class Extra(Struct, frozen=True, forbid_unknown_fields=True):
    """What one more of something takes: minutes, and money in minor units of the salon's currency."""

    minutes: Minutes
    amount: Amount


class Removal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it takes to bring old work off."""

    polish: Extra = Extra(5, 0)
    gel: Extra = Extra(20, 1500)
    extension: Extra = Extra(35, 2500)

    def of(self, worn: Worn) -> Extra | None:
        """None where there is nothing to take off."""
        return {Worn.POLISH: self.polish, Worn.GEL: self.gel, Worn.EXTENSION: self.extension}.get(worn)


class Pricing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How wishes become time and money.

    base_service: what an add-on joins when nothing else is chosen; extends: services that bring length with them;
    patch_test_hours: for hair colour; patch_test_min: how long the test itself takes.
    """

    base_service: Annotated[str, Meta(max_length=64)] = "srv_gel_manicure"
    extends: Annotated[tuple[str, ...], Meta(max_length=20)] = ("srv_nail_extension",)
    coat: Extra = Extra(5, 300)
    art_finger: Extra = Extra(4, 250)
    shape: Extra = Extra(10, 500)
    length_step: Extra = Extra(10, 500)
    length_of_a_step: Annotated[float, Meta(gt=0, le=2)] = 0.25
    removal: Removal = Removal()
    bleach: Extra = Extra(45, 4500)
    patch_test_hours: Annotated[int, Meta(ge=0, le=336)] = 48
    patch_test_min: Annotated[int, Meta(ge=5, le=60)] = 10


class Wishes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the picture does not say. shape, length, coats: where she wants others than the design's."""

    shape: NailShape | None = None
    length: NailLength | None = None
    coats: Annotated[int, Meta(ge=1, le=4)] | None = None
    wearing: Worn = Worn.NOTHING
    hair: HairNow | None = None
    patch_tested: bool = False


class Chosen(Struct, frozen=True):
    """A design of the look with the service that it belongs to. fingers: of one hand; the other gets the same."""

    design: Design
    service: Service
    fingers: int


class QuoteReason(StrEnum):
    SERVICE = "service"
    DESIGN = "design"
    ART = "art"
    SHAPE = "shape"
    LENGTH = "length"
    COATS = "coats"
    REMOVAL = "removal"
    BLEACH = "bleach"
    SESSION = "session"


class Line(Struct, frozen=True):
    """One reason of the price. subject: id of the service or design, or a word of the rule; times: how often."""

    reason: QuoteReason
    subject: str
    words: str
    minutes: int
    amount: int
    times: int = 1


class Work(Struct, frozen=True):
    """A service of a session, and minutes on top of the catalogue's; fewer where the design takes less."""

    service_id: str
    extra_min: int


class Session(Struct, frozen=True):
    """One appointment of the look. days_after: at least so long after the one before."""

    work: tuple[Work, ...]
    minutes: int
    days_after: int = 0


class Estimate(Struct, frozen=True):
    """What a look costs and takes. patch_test_hours: so long before the first session at least, 0 for none."""

    lines: tuple[Line, ...]
    amount: int
    currency: str
    sessions: tuple[Session, ...]
    patch_test_hours: int = 0

    @property
    def minutes(self) -> int:
        """Of all sessions together."""
        return sum(session.minutes for session in self.sessions)


class HairLevelNeeded(ValueError):
    """The look changes hair, and nobody said what it is like now."""


class MixedCurrencies(ValueError):
    """Designs and services of one look are priced in different currencies."""


def estimate(chosen: Sequence[Chosen], base: Service, wishes: Wishes, pricing: Pricing) -> Estimate:
    """Price a look. base: the service that add-ons join. Raises HairLevelNeeded, MixedCurrencies."""
    currencies = {one.design.price.currency for one in chosen} | {
        one.service.price.currency for one in chosen
    }
    if len(currencies) != 1:
        raise MixedCurrencies(", ".join(sorted(currencies)))
    nails = [one for one in chosen if isinstance(one.design.layer, NailPolish | NailArt)]
    hairs = [one for one in chosen if isinstance(one.design.layer, Hair)]
    parts = [_nails(nails, base, wishes, pricing)] if nails else []
    parts += [_Part(one.service, _own(one)) for one in chosen if one not in nails and one not in hairs]
    parts += [_hair(one, wishes.hair, pricing) for one in hairs]
    longest = max(parts, key=lambda part: len(part.later))
    lines = [line for part in parts for line in part.lines]
    today = Session(tuple(part.work for part in parts), sum(line.minutes for line in lines))
    lines += longest.later_lines
    return Estimate(
        lines=tuple(lines),
        amount=max(0, sum(line.amount for line in lines)),
        currency=currencies.pop(),
        sessions=(today, *longest.later),
        patch_test_hours=pricing.patch_test_hours if hairs and not wishes.patch_tested else 0,
    )


class _Part(Struct, frozen=True):
    """One service of the first session with its lines, and what has to follow on other days."""

    service: Service
    lines: list[Line]
    later: tuple[Session, ...] = ()
    later_lines: tuple[Line, ...] = ()

    @property
    def work(self) -> Work:
        return Work(self.service.id, sum(line.minutes for line in self.lines) - self.service.minutes)


def _nails(nails: Sequence[Chosen], base: Service, wishes: Wishes, pricing: Pricing) -> _Part:
    """The service that the nails are done in, and its lines: the longest full set leads, what else is worn joins it."""
    full = [one for one in nails if one.service.kind is not ServiceKind.NAIL_ADD_ON]
    lead = max(full, key=lambda one: (one.design.minutes, one.design.price.amount), default=None)
    service = base if lead is None else lead.service
    lines = [_service(service)] if lead is None else _own(lead)
    for one in nails:
        if one is lead:
            continue
        if one in full:
            lines.append(
                _times(QuoteReason.ART, one.design.id, one.design.name, pricing.art_finger, one.fingers)
            )
        else:
            lines.append(_add_on(one))
    drawn = (lead or nails[0]).design.layer
    assert isinstance(drawn, NailPolish | NailArt)
    lines += _wished(drawn, service, wishes, pricing)
    if (extra := pricing.removal.of(wishes.wearing)) is not None:
        lines.append(_times(QuoteReason.REMOVAL, wishes.wearing, f"Removal of {wishes.wearing}", extra, 1))
    return _Part(service, lines)


def _wished(drawn: NailPolish | NailArt, service: Service, wishes: Wishes, pricing: Pricing) -> list[Line]:
    """What she wants beyond what is drawn."""
    lines = []
    if wishes.shape not in (None, drawn.shape, NailShape.NATURAL):
        lines.append(_times(QuoteReason.SHAPE, wishes.shape, f"Shaped {wishes.shape}", pricing.shape, 1))
    more = (wishes.length or drawn.length) - drawn.length
    if more > 0 and service.id not in pricing.extends:
        steps = -int(-more // pricing.length_of_a_step)
        lines.append(_times(QuoteReason.LENGTH, "length", "Longer nails", pricing.length_step, steps))
    if (coats := (wishes.coats or drawn.coats) - drawn.coats) > 0:
        lines.append(_times(QuoteReason.COATS, "coat", "Another coat", pricing.coat, coats))
    return lines


def _hair(one: Chosen, now: HairNow | None, pricing: Pricing) -> _Part:
    """Today's session of a colour, and those that it takes on later days. Raises HairLevelNeeded."""
    if now is None:
        raise HairLevelNeeded
    assert isinstance(one.design.layer, Hair)
    way = takes(now, one.design.layer)
    lines = _own(one)
    if way.bleach:
        lines.append(_times(QuoteReason.BLEACH, "bleach", "Lightening", pricing.bleach, 1))
    more = len(way.sessions) - 1
    if not more:
        return _Part(one.service, lines)
    minutes, amount = sum(line.minutes for line in lines), sum(line.amount for line in lines)
    words = f"{more} more {'session' if more == 1 else 'sessions'}, {way.days_between} days apart"
    each = Session((Work(one.service.id, minutes - one.service.minutes),), minutes, way.days_between)
    line = Line(QuoteReason.SESSION, one.service.id, words, minutes * more, amount * more, more)
    return _Part(one.service, lines, (each,) * more, (line,))


def _own(one: Chosen) -> list[Line]:
    """The service, and what the design makes dearer, cheaper, longer or shorter."""
    minutes = one.design.minutes - one.service.minutes
    amount = one.design.price.amount - one.service.price.amount
    own = (
        [Line(QuoteReason.DESIGN, one.design.id, one.design.name, minutes, amount)]
        if minutes or amount
        else []
    )
    return [_service(one.service), *own]


def _service(service: Service) -> Line:
    return Line(QuoteReason.SERVICE, service.id, service.name, service.minutes, service.price.amount)


def _add_on(one: Chosen) -> Line:
    """An add-on's design is priced for the fingers that it is drawn on."""
    layer = one.design.layer
    drawn = len(layer.fingers) if isinstance(layer, NailPolish | NailArt) else len(EVERY_FINGER)
    each = Extra(-(-one.design.minutes // drawn), -(-one.design.price.amount // drawn))
    return _times(QuoteReason.ART, one.design.id, one.design.name, each, one.fingers)


def _times(reason: QuoteReason, subject: object, words: str, extra: Extra, times: int) -> Line:
    return Line(reason, str(subject), words, extra.minutes * times, extra.amount * times, times)
