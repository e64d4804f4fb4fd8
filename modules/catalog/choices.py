"""What a salon makes of the shipped designs: hiding them, its own price and minutes, the product in its stock."""

from __future__ import annotations

from kit import versions
from kit.audit import Actor, record
from kit.db.unit import Unit
from kit.errors import FieldError
from kit.outbox import emit
from modules.catalog import store
from modules.catalog.errors import DesignNotFound, DesignUnfit
from modules.catalog.events import DesignArchived, DesignChanged, DesignPublished
from modules.catalog.own import ChosenDesign, ShelfChoice
from modules.catalog.shelf import Shelf
from modules.stock import service as stock


async def every(unit: Unit) -> list[ChosenDesign]:
    """All that the salon chose, in the order of the ids."""
    return sorted((await store.choices.of(unit)).values(), key=lambda chosen: chosen.design_id)


async def find(unit: Unit, shelf: Shelf, design_id: str) -> ChosenDesign:
    """Raises DesignNotFound."""
    if design_id not in shelf.designs:
        raise DesignNotFound
    untouched = ChosenDesign(design_id=design_id, choice=ShelfChoice(), version=0)
    return (await store.choices.of(unit, [design_id])).get(design_id, untouched)


async def choose(
    unit: Unit, actor: Actor, shelf: Shelf, design_id: str, choice: ShelfChoice, expected: int | None
) -> ChosenDesign:
    """Choose for a shipped design. Raises DesignNotFound, VersionStale, DesignUnfit."""
    if design_id not in shelf.designs:
        raise DesignNotFound
    product_id = choice.product_id
    if product_id is not None and not await stock.known(unit, [product_id]):
        raise DesignUnfit(errors=(FieldError("product_id", f"There is no product {product_id}.", "unknown"),))
    held = await store.choices.lock(unit, design_id)
    versions.check(held.version, expected)
    if held.choice == choice and held.version:
        return held
    chosen = await store.choices.change(unit, design_id, choice)
    told = (
        DesignChanged
        if held.choice.hidden == choice.hidden
        else DesignArchived
        if choice.hidden
        else DesignPublished
    )
    await emit(unit, told(design_id))
    await record(unit, actor, "design.chosen", design_id)
    return chosen
