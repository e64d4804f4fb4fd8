"""From a try-on, or designs by name, to what a look costs and takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from kit.db.unit import Unit
from looks.finger import Finger
from looks.layer import AnyLayer, NailArt, NailPolish
from modules.accounts.caller import Caller
from modules.booking.errors import BadLook, HairUnknown, LookChanged, NotBookable
from modules.booking.quote import (
    Chosen,
    Estimate,
    HairLevelNeeded,
    MixedCurrencies,
    Pricing,
    Wishes,
    estimate,
)
from modules.booking.store.appointments import Picked
from modules.catalog import offer
from modules.catalog.shelf import Design, Service, Shelf
from modules.tryon import service as tryons
from modules.tryon.wire import DesignChoice


async def picked_of_tryon(
    unit: Unit, caller: Caller, shelf: Shelf, tryon_id: str, look: int
) -> tuple[Picked, ...]:
    """The designs of one look of a try-on. Raises UnknownTryOn, BadLook, LookChanged."""
    whole = await tryons.find_whole(unit, caller, tryon_id)
    if look >= len(whole.looks):
        raise BadLook(f"The try-on has {len(whole.looks)} looks; `look` counts from 0.")
    designs = await offer.designs_of(unit, shelf, whole.designs)
    return tuple(_design_of(layer, designs.values()) for layer in whole.looks[look].layers)


def picked_by_name(choices: Iterable[str | DesignChoice]) -> tuple[Picked, ...]:
    """Designs as a request names them."""
    named = [DesignChoice(pick) if isinstance(pick, str) else pick for pick in choices]
    return tuple(Picked(pick.id, pick.fingers) for pick in named)


async def chosen(
    unit: Unit, shelf: Shelf, services: Mapping[str, Service], picked: Sequence[Picked]
) -> list[Chosen]:
    """Designs with the services that they belong to. Raises LookChanged where one is no longer on offer."""
    designs = await offer.designs_of(unit, shelf, [pick.design_id for pick in picked])
    found = []
    for pick in picked:
        design = designs.get(pick.design_id)
        if design is None or design.service not in services:
            raise LookChanged(f"{pick.design_id} is no longer on offer.")
        found.append(Chosen(design, services[design.service], len(fingers_of(design, pick))))
    return found


def fingers_of(design: Design, pick: Picked) -> tuple[Finger, ...]:
    """On which fingers of each hand a design is worn; none where it is not of nails."""
    if not isinstance(design.layer, NailPolish | NailArt):
        return ()
    return design.layer.fingers if pick.fingers is None else tuple(Finger(name) for name in pick.fingers)


def priced(
    found: Sequence[Chosen], services: Mapping[str, Service], wishes: Wishes, pricing: Pricing
) -> Estimate:
    """Raises BadLook, HairUnknown, NotBookable."""
    if not found:
        raise BadLook
    base = services.get(pricing.base_service) or found[0].service
    try:
        return estimate(found, base, wishes, pricing)
    except HairLevelNeeded:
        raise HairUnknown from None
    except MixedCurrencies as error:
        raise NotBookable(f"One look is priced in several currencies: {error}.") from None


def _design_of(layer: AnyLayer, designs: Iterable[Design]) -> Picked:
    for design in designs:
        worn = design.worn
        if isinstance(layer, NailPolish | NailArt) and isinstance(worn, NailPolish | NailArt):
            if msgspec.structs.replace(worn, fingers=layer.fingers) == layer:
                return Picked(design.id, None if layer.fingers == worn.fingers else tuple(layer.fingers))
        elif worn == layer:
            return Picked(design.id)
    raise LookChanged
