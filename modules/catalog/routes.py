"""The catalogue over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from api.problems import fails
from modules.catalog.errors import BadCursor, DesignNotFound, UnknownDesign, UnknownFinish
from modules.catalog.family import ColourFamily
from modules.catalog.service import MOST_PER_PAGE, CatalogService, DesignFilters
from modules.catalog.shelf import DesignKind
from modules.catalog.wire import BundlePage, BundleView, DesignPage, DesignView, ServicePage

Catalog = NamedDependency[CatalogService]


@get("/designs", opt=fails(BadCursor, UnknownFinish))
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


@get("/designs/{design_id:str}", opt=fails(DesignNotFound))
async def get_design(catalog: Catalog, design_id: FromPath[str]) -> DesignView:
    """One design."""
    return DesignView.of(catalog.design(design_id))


@get("/bundles", opt=fails(UnknownDesign))
async def list_bundles(catalog: Catalog) -> BundlePage:
    """Every look bundle, on one page."""
    return BundlePage(tuple(BundleView.of(bundle, catalog.shelf) for bundle in catalog.bundles()))


@get("/services")
async def list_services(catalog: Catalog) -> ServicePage:
    """Every service that can be booked, on one page."""
    return ServicePage(catalog.services())


router = Router(
    path="/v1", route_handlers=[list_designs, get_design, list_bundles, list_services], tags=["catalog"]
)
