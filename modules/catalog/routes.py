"""The catalogue over HTTP, as customers leaf through it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from api.caching import UNCHANGED, names
from api.given import GivenGlance, GivenRuntime
from api.guards import may
from api.problems import fails
from kit.db.unit import Unit
from kit.runtime import Runtime
from modules.accounts.caller import Caller
from modules.accounts.scopes import Scope
from modules.catalog import offer, services
from modules.catalog.errors import (
    BadCursor,
    DesignNotFound,
    TooManyWords,
    UnknownColour,
    UnknownDesign,
    UnknownFinish,
)
from modules.catalog.family import ColourFamily
from modules.catalog.search.filters import Filters
from modules.catalog.search.order import Sort
from modules.catalog.search.service import FARTHEST, Search
from modules.catalog.search.views import Views
from modules.catalog.search.wire import DesignPage, NearDesigns
from modules.catalog.shelf import DesignKind, Shelf
from modules.catalog.tips import MEDIA_TYPE, Tips
from modules.catalog.wire import BundlePage, BundleView, DesignView, ServicePage

READ = [may(Scope.CATALOG_READ)]
MOST_PER_PAGE = 100
FOR_EVER, A_WHILE = "public, max-age=31536000, immutable", "public, max-age=300"

GivenShelf = NamedDependency[Shelf]
AnyRequest = Request[Any, Any, Any]
GivenSearch = NamedDependency[Search]
GivenTips = NamedDependency[Tips]
Price = Annotated[int | None, QueryParameter(ge=0, le=10**12, description="In minor units, included.")]
Finish = Annotated[str | None, QueryParameter(max_length=40, description="A nail, lip or skin finish.")]
Within = Annotated[float, QueryParameter(gt=0, le=FARTHEST, description="CIEDE2000, included.")]
FewerPerPage = Annotated[int, QueryParameter(ge=1, le=MOST_PER_PAGE)]


@get("/designs", guards=READ, opt=fails(BadCursor, TooManyWords, UnknownFinish))
async def list_designs(
    search: GivenSearch,
    tips: GivenTips,
    glance: GivenGlance,
    runtime: GivenRuntime,
    kind: FromQuery[list[DesignKind] | None] = None,
    finish: Annotated[
        list[str] | None, QueryParameter(description="Nail, lip or skin finishes.", max_items=20)
    ] = None,
    family: Annotated[
        list[ColourFamily] | None, QueryParameter(description="Families of any of the colours.")
    ] = None,
    tag: Annotated[
        list[str] | None, QueryParameter(description="All of these are wanted.", max_items=10)
    ] = None,
    price_min: Price = None,
    price_max: Price = None,
    in_stock: FromQuery[bool | None] = None,
    renderable: FromQuery[bool | None] = None,
    q: Annotated[
        str | None,
        QueryParameter(
            description="At most eight words, each the beginning of a word of the name, kind, finish, style, colour, "
            "tags or SKU. Where nothing begins so, one slip of the pen is forgiven.",
            max_length=80,
        ),
    ] = None,
    sort: FromQuery[Sort] = Sort.SHELF,
    facets: Annotated[
        bool, QueryParameter(description="Count every facet, each with the other choices applied.")
    ] = False,
    cursor: Annotated[str | None, QueryParameter(max_length=400)] = None,
    limit: FewerPerPage = 50,
) -> DesignPage:
    """Shipped designs as this business offers them, and its own: those that fit every choice.

    Of several values of one choice any will do, of several tags all are wanted.
    """
    filters = Filters(
        kinds=tuple(kind or ()),
        finishes=tuple(finish or ()),
        families=tuple(family or ()),
        tags=tuple(tag or ()),
        price_min=price_min,
        price_max=price_max,
        in_stock=in_stock,
        renderable=renderable,
        query=q,
    )
    found = await search.page(glance, filters, sort, cursor, limit, count=facets)
    return await Views(tips, runtime.storage).page(found)


@get("/designs/nearest", guards=READ, opt=fails(UnknownColour, UnknownFinish))
async def list_near_a_colour(
    search: GivenSearch,
    tips: GivenTips,
    glance: GivenGlance,
    runtime: GivenRuntime,
    hex: Annotated[str, QueryParameter(max_length=7, description="Six hexadecimal digits: b5201f.")],
    kind: FromQuery[DesignKind] = DesignKind.NAIL_POLISH,
    finish: Finish = None,
    within: Within = 3.0,
    limit: FewerPerPage = 10,
) -> NearDesigns:
    """Designs in stock whose leading swatch is nearest to a colour, by CIEDE2000."""
    near = await search.nearest_to_colour(glance, hex, kind=kind, finish=finish, within=within, limit=limit)
    return await Views(tips, runtime.storage).near(near)


@get("/designs/{design_id:str}", guards=READ, opt=fails(DesignNotFound))
async def get_design(
    design_id: FromPath[str], search: GivenSearch, tips: GivenTips, glance: GivenGlance, runtime: GivenRuntime
) -> DesignView:
    """One design that this business offers."""
    return await Views(tips, runtime.storage).one(await search.find(glance, design_id))


@get("/designs/{design_id:str}/nearest", guards=READ, opt=fails(DesignNotFound))
async def list_near_a_design(
    design_id: FromPath[str],
    search: GivenSearch,
    tips: GivenTips,
    glance: GivenGlance,
    runtime: GivenRuntime,
    within: Within = 3.0,
    same_finish: FromQuery[bool] = False,
    limit: FewerPerPage = 10,
) -> NearDesigns:
    """Designs of the same kind in stock whose leading swatch is nearest to this one's, by CIEDE2000.

    What to offer when a shade is used up. Designs of several colours are compared by their leading one.
    """
    near = await search.nearest_to(glance, design_id, same_finish=same_finish, within=within, limit=limit)
    return await Views(tips, runtime.storage).near(near)


@get("/designs/{design_id:str}/image", media_type=MEDIA_TYPE, opt=fails(DesignNotFound), responses=UNCHANGED)
async def get_image(
    design_id: FromPath[str],
    tips: GivenTips,
    request: AnyRequest,
    v: Annotated[
        str | None, QueryParameter(max_length=16, description="As in `image`: keeps it for ever.")
    ] = None,
) -> Response[bytes]:
    """The picture of a shipped design: a painted nail tip, lips, powder, strokes or a lock. Needs no credential."""
    tip = tips.find(design_id)
    headers = {"ETag": f'"{tip.tag}"', "Cache-Control": FOR_EVER if v == tip.tag else A_WHILE}
    if names(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(b"", status_code=304, headers=headers)
    return Response(tip.data, media_type=MEDIA_TYPE, headers=headers)


@get("/bundles", opt=fails(UnknownDesign))
async def list_bundles(shelf: GivenShelf, request: AnyRequest) -> BundlePage:
    """Every look bundle, on one page: with a credential the salon's own too, at its prices."""
    async with _salon(request) as unit:
        if unit is not None:
            shelf = await offer.shelf_of(unit, shelf, bundles=None)
    return BundlePage(tuple(BundleView.of(bundle, shelf) for bundle in shelf.bundles.values()))


@get("/services")
async def list_services(shelf: GivenShelf, request: AnyRequest) -> ServicePage:
    """Every service that can be booked, on one page: with a credential as this salon offers them."""
    async with _salon(request) as unit:
        if unit is not None:
            return ServicePage(await services.offered(unit, shelf))
    return ServicePage(tuple(shelf.services.values()))


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
    path="/v1",
    route_handlers=[
        list_designs,
        list_near_a_colour,
        get_design,
        list_near_a_design,
        get_image,
        list_bundles,
        list_services,
    ],
    tags=["catalog"],
)
