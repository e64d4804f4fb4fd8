"""What a look costs and takes before anybody books it, and whether the salon can do it today."""

from __future__ import annotations

from collections.abc import Sequence

from kit.db.unit import Unit
from kit.money import Price
from modules.accounts.caller import Caller
from modules.booking import look
from modules.booking.errors import BadLook
from modules.booking.plan import menu, plan_of_estimate
from modules.booking.quote_wire import (
    NearestInStock,
    Quote,
    QuotedDesign,
    QuoteRequest,
    QuoteSession,
)
from modules.booking.store.appointments import Picked, Quoted
from modules.catalog.search.service import Search
from modules.catalog.shelf import Shelf

CLOSE_ENOUGH = 3.0
"""ΔE00 within which another shade may stand in for one that is used up."""
MOST_NEAR = 4


async def quote(unit: Unit, caller: Caller, shelf: Shelf, search: Search, asked: QuoteRequest) -> Quote:
    """One number, and why. Raises BadLook, HairUnknown, LookChanged, NotBookable, UnknownTryOn."""
    if (asked.tryon_id is None) == (not asked.designs):
        raise BadLook
    if asked.tryon_id is not None:
        picked = await look.picked_of_tryon(unit, caller, shelf, asked.tryon_id, asked.look)
    else:
        picked = look.picked_by_name(asked.designs)
    offered = await menu(unit, shelf)
    chosen = await look.chosen(unit, shelf, offered.services, picked)
    priced = look.priced(chosen, offered.services, asked.wishes, offered.pricing)
    plan = plan_of_estimate(offered, priced, Quoted(priced.lines, picked, asked.wishes))
    designs = await in_stock(unit, search, picked)
    return Quote(
        price=Price(priced.amount, priced.currency),
        minutes=priced.minutes,
        lines=priced.lines,
        sessions=tuple(QuoteSession(session.minutes, session.days_after) for session in priced.sessions),
        patch_test_hours=plan.patch_test_hours,
        designs=designs,
        today=all(design.in_stock for design in designs),
    )


async def in_stock(unit: Unit, search: Search, picked: Sequence[Picked]) -> tuple[QuotedDesign, ...]:
    """Each design with whether it is there, and what comes close where it is not."""
    found = []
    for shown in await search.shown(unit, [pick.design_id for pick in picked]):
        near = []
        if not shown.in_stock:
            near = await search.nearest_to(
                unit, shown.design.id, same_finish=True, within=CLOSE_ENOUGH, limit=MOST_NEAR
            )
        found.append(
            QuotedDesign(
                shown.design.id,
                shown.design.name,
                shown.design.sku,
                shown.in_stock,
                tuple(
                    NearestInStock(other.design.id, other.design.name, round(distance, 2))
                    for other, distance in near
                ),
            )
        )
    return tuple(found)
