"""Keeping what a customer likes and what she tried on lately. Designs that are no longer on offer are not shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from kit.db.unit import Unit
from modules.accounts.caller import Caller
from modules.catalog.search.service import Search, Shown
from modules.customers import service as customers
from modules.customers.errors import UnknownCustomer
from modules.favourites import store
from modules.favourites.errors import CustomerNotFound, TooManyFavourites

MOST_FAVOURITES, MOST_TRIED = 100, 50


async def favourites(
    unit: Unit, caller: Caller, search: Search, customer_id: str
) -> list[tuple[Shown, datetime]]:
    """Designs on offer that she likes and since when, newest first. Raises CustomerNotFound."""
    await _known(unit, caller, customer_id)
    return await _on_offer(unit, search, await store.liked(unit, customer_id))


async def add(unit: Unit, caller: Caller, search: Search, customer_id: str, design_id: str) -> None:
    """Keep a design. Where the list is full, designs that are not on offer make room.

    Raises CustomerNotFound, DesignNotFound, TooManyFavourites.
    """
    await _known(unit, caller, customer_id)
    await search.find(unit, design_id)
    await store.await_turn(unit, customer_id)
    liked = await store.liked(unit, customer_id)
    if design_id not in liked and len(liked) >= MOST_FAVOURITES:
        there = {shown.design.id for shown, _ in await _on_offer(unit, search, liked)}
        if len(there) >= MOST_FAVOURITES:
            raise TooManyFavourites
        await store.unlike(unit, customer_id, liked.keys() - there)
    await store.like(unit, customer_id, design_id)


async def remove(unit: Unit, caller: Caller, customer_id: str, design_id: str) -> None:
    """Keep a design no longer; nothing happens where it was not kept. Raises CustomerNotFound."""
    await _known(unit, caller, customer_id)
    await store.unlike(unit, customer_id, [design_id])


async def tried(unit: Unit, caller: Caller, search: Search, customer_id: str) -> list[tuple[Shown, datetime]]:
    """Designs on offer that she tried on and when last, newest first. Raises CustomerNotFound."""
    await _known(unit, caller, customer_id)
    return await _on_offer(unit, search, await store.tried(unit, customer_id))


async def remember(unit: Unit, customer_id: str, design_ids: Collection[str], at: datetime) -> None:
    """Note what a customer tried on; the newest fifty are kept, each once."""
    if design_ids:
        await store.remember(unit, customer_id, frozenset(design_ids), at, MOST_TRIED)


async def _known(unit: Unit, caller: Caller, customer_id: str) -> None:
    try:
        await customers.acting_for(unit, caller, customer_id)
    except UnknownCustomer:
        raise CustomerNotFound from None


async def _on_offer(unit: Unit, search: Search, kept: dict[str, datetime]) -> list[tuple[Shown, datetime]]:
    return [(shown, kept[shown.design.id]) for shown in await search.shown(unit, [*kept])]
