"""What a shared look is made of, costs and takes, where the catalogue still offers it as it was drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from kit.db.unit import Unit
from kit.money import Price
from looks.layer import EVERY_FINGER, AnyLayer
from modules.catalog import offer
from modules.catalog.shelf import Design, Shelf
from modules.tryon.store import WholeTryOn
from modules.tryon.wire import DesignChoice, LookChoice


class Worth(Struct, frozen=True):
    """Sums over a look's designs, each once."""

    minutes: int
    price: Price


async def designs(unit: Unit, shelf: Shelf, tryon: WholeTryOn, look: int) -> tuple[Design, ...] | None:
    """The designs of a look's layers; None where one is no longer on offer as it was drawn."""
    offered = (await offer.designs_of(unit, shelf, tryon.designs)).values()
    found = tuple(_drawn_as(layer, offered) for layer in tryon.looks[look].layers)
    known = tuple(design for design in found if design is not None)
    return known if len(known) == len(found) else None


def worth(found: Sequence[Design] | None) -> Worth | None:
    """None where designs are not on offer, or prices are in several currencies."""
    once = {design.id: design for design in found or ()}.values()
    currencies = {design.price.currency for design in once}
    if len(currencies) != 1:
        return None
    price = Price(sum(design.price.amount for design in once), currencies.pop())
    return Worth(sum(design.minutes for design in once), price)


def choice(found: Sequence[Design], tryon: WholeTryOn, look: int) -> LookChoice:
    """The same look to be asked for again, on the same fingers."""
    layers = tryon.looks[look].layers
    return LookChoice(
        tuple(
            DesignChoice(design.id, getattr(layer, "fingers", None))
            for design, layer in zip(found, layers, strict=True)
        )
    )


def _drawn_as(layer: AnyLayer, offered: Iterable[Design]) -> Design | None:
    """The design that this layer was made of, on whichever fingers it is worn."""
    plain = _on_every_finger(layer)
    return next((design for design in offered if _on_every_finger(design.worn) == plain), None)


def _on_every_finger(layer: AnyLayer) -> AnyLayer:
    return msgspec.structs.replace(layer, fingers=EVERY_FINGER) if hasattr(layer, "fingers") else layer
