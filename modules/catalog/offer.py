"""The shelf as one salon offers it: its own live designs beside the shipped ones, which it may hide or price anew."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from kit.db.ready import Reader
from kit.db.unit import Unit
from kit.ids import is_id
from modules.catalog import store
from modules.catalog.own import ChosenDesign, OwnBundle
from modules.catalog.shelf import Bundle, Design, Shelf


class Offered(Struct, frozen=True):
    """A design on offer. picture_key: where an own design's drawn picture lies in storage."""

    design: Design
    picture_key: str | None = None


async def shelf_of(
    unit: Unit, shipped: Shelf, designs: Iterable[str] = (), bundles: Iterable[str] | None = ()
) -> Shelf:
    """A shelf with those of the named designs and bundles that customers of this salon may have.

    None names every bundle. A bundle that lacks a design, or mixes currencies, is not on offer.
    """
    wanted = None if bundles is None else [*dict.fromkeys(bundles)]
    looks = await bundles_of(unit, shipped, wanted) if wanted != [] else ()
    ids = {*designs, *(id for look in looks for id in look.designs)}
    found = await designs_of(unit, shipped, ids)
    whole = (look for look in looks if all(id in found for id in look.designs))
    return Shelf(
        found.values(),
        [look for look in whole if len({found[id].price.currency for id in look.designs}) == 1],
        (),
    )


async def designs_of(unit: Unit, shipped: Shelf, ids: Iterable[str]) -> dict[str, Design]:
    """Those of the ids that are on offer, as this salon prices them."""
    return {id: offered.design for id, offered in (await offered_of(unit, shipped, ids)).items()}


async def offered_of(reader: Reader, shipped: Shelf, ids: Iterable[str]) -> dict[str, Offered]:
    """The same with the keys of their pictures."""
    asked = [*dict.fromkeys(ids)]
    own = [id for id in asked if is_id(id, "des")]
    ready_made = [id for id in asked if id in shipped.designs]
    rows = await store.designs.live(reader, own) if own else {}
    choices = await store.choices.of(reader, ready_made) if ready_made else {}
    found = {id: Offered(row.design, row.preview_key) for id, row in rows.items()}
    for id in ready_made:
        if id not in choices:
            found[id] = Offered(shipped.designs[id])
        elif not choices[id].choice.hidden:
            found[id] = Offered(as_chosen(shipped.designs[id], choices[id]))
    return {id: found[id] for id in asked if id in found}


async def bundles_of(unit: Unit, shipped: Shelf, ids: Iterable[str] | None = None) -> tuple[Bundle, ...]:
    """Shipped bundles and the salon's own live ones; of all of them when none is named."""
    asked = None if ids is None else set(ids)
    ready_made = [bundle for bundle in shipped.bundles.values() if asked is None or bundle.id in asked]
    return (*ready_made, *(_bundle(own) for own in await store.bundles.live(unit, asked)))


def as_chosen(design: Design, chosen: ChosenDesign) -> Design:
    """A shipped design at the salon's price and time."""
    choice = chosen.choice
    own = {name: value for name in ("price", "minutes") if (value := getattr(choice, name)) is not None}
    return msgspec.structs.replace(design, **own)


def _bundle(own: OwnBundle) -> Bundle:
    bundle = own.bundle
    return Bundle(id=own.id, name=bundle.name, occasion=bundle.occasion, designs=tuple(bundle.designs))
