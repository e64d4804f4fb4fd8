"""The catalogue over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from kit.db.unit import Unit
from kit.runtime import Runtime
from modules.accounts.caller import Caller
from modules.catalog import offer, services
from modules.catalog.family import ColourFamily
from modules.catalog.service import MOST_PER_PAGE, CatalogService, DesignFilters
from modules.catalog.shelf import DesignKind
from modules.catalog.wire import BundlePage, BundleView, DesignPage, DesignView, ServicePage

Catalog = NamedDependency[CatalogService]
AnyRequest = Request[Any, Any, Any]


@get("/designs")
async def list_designs(
    catalog: Catalog,
    kind: FromQuery[DesignKind | None] = None,
    finish: Annotated[str | None, QueryParameter(description="A nail, lip or skin finish.")] = None,
    family: Annotated[
        ColourFamily | None, QueryParameter(description="Family of any of the colours.")
    ] = None,
    q: Annotated[
        str | None, QueryParameter(description="Words of the name, tags or SKU.", max_length=80)
    ] = None,
    renderable: FromQuery[bool | None] = None,
    cursor: Annotated[str | None, QueryParameter(max_length=200)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_PER_PAGE)] = 50,
) -> DesignPage:
    """Designs that fit every filter, in the order of the shelf."""
    filters = DesignFilters(kind=kind, finish=finish, family=family, query=q, renderable=renderable)
    designs, next_cursor = catalog.designs(filters, cursor, limit)
    return DesignPage(tuple(DesignView.of(design) for design in designs), next_cursor)


@get("/designs/{design_id:str}")
async def get_design(catalog: Catalog, design_id: FromPath[str]) -> DesignView:
    """One design."""
    return DesignView.of(catalog.design(design_id))


@get("/bundles")
async def list_bundles(catalog: Catalog, request: AnyRequest) -> BundlePage:
    """Every look bundle, on one page: with a credential the salon's own too, at its prices."""
    shelf = catalog.shelf
    async with _salon(request) as unit:
        if unit is not None:
            shelf = await offer.shelf_of(unit, shelf, bundles=None)
    return BundlePage(tuple(BundleView.of(bundle, shelf) for bundle in shelf.bundles.values()))


@get("/services")
async def list_services(catalog: Catalog, request: AnyRequest) -> ServicePage:
    """Every service that can be booked, on one page: with a credential as this salon offers them."""
    async with _salon(request) as unit:
        if unit is not None:
            return ServicePage(await services.offered(unit, catalog.shelf))
    return ServicePage(catalog.services())


@asynccontextmanager
async def _salon(request: AnyRequest) -> AsyncIterator[Unit | None]:
    """The transaction of the caller's salon; None for somebody without a credential, who sees what ships."""
    caller: Caller | None = request.scope.get("user")
    if caller is None:
        yield None
        return
    runtime: Runtime = request.app.state.runtime
    async with runtime.db.tenant(caller.business_id) as unit:
        yield unit


router = Router(
    path="/v1", route_handlers=[list_designs, get_design, list_bundles, list_services], tags=["catalog"]
)
