"""What a shared look costs and how long it takes, where the catalogue still offers it as it was drawn."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from kit.db.unit import Unit
from kit.money import Price
from looks.finger import EVERY_FINGER
from looks.layer import AnyLayer
from modules.catalog import offer
from modules.catalog.shelf import Design, Shelf
from modules.tryon.store import WholeTryOn


class Worth(Struct, frozen=True):
    """Sums over a look's designs. designs: their ids, in the order of its layers."""

    minutes: int
    price: Price
    designs: tuple[str, ...]


async def worth(unit: Unit, shelf: Shelf, tryon: WholeTryOn, look: int) -> Worth | None:
    """None where a layer is no longer on offer as it was drawn, or prices are in several currencies."""
    found = await offer.designs_of(unit, shelf, tryon.designs)
    designs = [_drawn_as(layer, found.values()) for layer in tryon.looks[look].layers]
    known = [design for design in designs if design is not None]
    currencies = {design.price.currency for design in known}
    if len(known) < len(designs) or len(currencies) != 1:
        return None
    once = {design.id: design for design in known}
    return Worth(
        minutes=sum(design.minutes for design in once.values()),
        price=Price(sum(design.price.amount for design in once.values()), currencies.pop()),
        designs=tuple(design.id for design in known),
    )



def _drawn_as(layer: AnyLayer, designs: Iterable[Design]) -> Design | None:
    """The design that this layer was made of, on whichever fingers it is worn."""
    return next((design for design in designs if _on_any_finger(design.worn) == _on_any_finger(layer)), None)


def _on_any_finger(layer: AnyLayer) -> AnyLayer:
    return msgspec.structs.replace(layer, fingers=EVERY_FINGER) if hasattr(layer, "fingers") else layer
