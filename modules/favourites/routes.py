"""Favourites and what was tried lately over HTTP: a visitor's own, and a customer's for those who serve her."""

from __future__ import annotations

from litestar import Router, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.problems import fails
from modules.accounts.scopes import Scope
from modules.catalog.errors import DesignNotFound
from modules.catalog.search.service import Search
from modules.catalog.search.views import Views
from modules.catalog.tips import Tips
from modules.favourites import service
from modules.favourites.errors import CustomerNotFound, TooManyFavourites
from modules.favourites.wire import Favourite, Favourites, TriedDesign, TriedDesigns

READ, WRITE = [may(Scope.TRYON_READ)], [may(Scope.TRYON_WRITE)]
GivenSearch = NamedDependency[Search]
GivenTips = NamedDependency[Tips]


@get("/{customer_id:str}/favourites", guards=READ, opt=fails(CustomerNotFound))
async def list_favourites(
    customer_id: FromPath[str],
    unit: GivenUnit,
    caller: GivenCaller,
    search: GivenSearch,
    tips: GivenTips,
    runtime: GivenRuntime,
) -> Favourites:
    """What a customer likes, newest first; designs that are no longer on offer are left out."""
    found = await service.favourites(unit, caller, search, customer_id)
    designs = await Views(tips, runtime.storage).all([shown for shown, _ in found])
    return Favourites(
        tuple(Favourite(design, since) for design, (_, since) in zip(designs, found, strict=True))
    )


@put(
    "/{customer_id:str}/favourites/{design_id:str}",
    guards=WRITE,
    status_code=204,
    opt=fails(CustomerNotFound, DesignNotFound, TooManyFavourites),
)
async def add_favourite(
    customer_id: FromPath[str],
    design_id: FromPath[str],
    unit: GivenUnit,
    caller: GivenCaller,
    search: GivenSearch,
) -> None:
    """Keep a design as a favourite; doing so again changes nothing."""
    await service.add(unit, caller, search, customer_id, design_id)


@delete("/{customer_id:str}/favourites/{design_id:str}", guards=WRITE, opt=fails(CustomerNotFound))
async def remove_favourite(
    customer_id: FromPath[str], design_id: FromPath[str], unit: GivenUnit, caller: GivenCaller
) -> None:
    """Take a design out of the favourites; it need not be in them."""
    await service.remove(unit, caller, customer_id, design_id)


@get("/{customer_id:str}/tried-designs", guards=READ, opt=fails(CustomerNotFound))
async def list_tried_designs(
    customer_id: FromPath[str],
    unit: GivenUnit,
    caller: GivenCaller,
    search: GivenSearch,
    tips: GivenTips,
    runtime: GivenRuntime,
) -> TriedDesigns:
    """What a customer tried on lately, newest first, each design once."""
    found = await service.tried(unit, caller, search, customer_id)
    designs = await Views(tips, runtime.storage).all([shown for shown, _ in found])
    return TriedDesigns(
        tuple(TriedDesign(design, at) for design, (_, at) in zip(designs, found, strict=True))
    )


router = Router(
    path="/v1/customers",
    route_handlers=[list_favourites, add_favourite, remove_favourite, list_tried_designs],
    tags=["favourites"],
)
