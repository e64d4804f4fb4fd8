"""The salon's own side of the catalogue over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, Router, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.problems import fails
from api.versions import IfMatch, expected, tagged
from kit.versions import VersionMissing, VersionStale
from modules.accounts.scopes import Scope
from modules.catalog import bundles, choices, designs, services
from modules.catalog.draft import DesignDraft, State
from modules.catalog.errors import (
    BundleNotFound,
    BundleUnfit,
    DesignNotFound,
    DesignSkuTaken,
    DesignUnfit,
    ServiceNotFound,
    ServiceUnfit,
)
from modules.catalog.own import (
    BundleChange,
    BundleDraft,
    ChosenDesign,
    DesignChange,
    OwnBundle,
    OwnBundlePage,
    OwnDesign,
    OwnDesignPage,
    OwnService,
    OwnServices,
    ServiceChange,
    ServiceDraft,
    ShelfChoice,
)
from modules.catalog.salon.views import view
from modules.catalog.shelf import Shelf

WRITE = [may(Scope.CATALOG_WRITE)]
GivenShelf = NamedDependency[Shelf]
Cursor = Annotated[str | None, QueryParameter(max_length=40)]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


@post("/designs", guards=WRITE, status_code=201, opt=fails(DesignUnfit, DesignSkuTaken))
async def create_own_design(
    data: JSONBody[DesignDraft],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    runtime: GivenRuntime,
) -> Response[OwnDesign]:
    """Add a design of the salon's own. Its picture is drawn within moments: ask again for `preview`."""
    row = await designs.create(unit, caller, shelf, data)
    return tagged(await view(row, runtime.storage), row.version, 201)


@get("/designs", guards=WRITE)
async def list_own_designs(
    unit: GivenUnit,
    runtime: GivenRuntime,
    status: Annotated[State | None, QueryParameter(name="state", description="Only these.")] = None,
    sku: Annotated[str | None, QueryParameter(max_length=40)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> OwnDesignPage:
    """The salon's own designs, newest first; archived ones only when asked for by `state`."""
    rows, next_cursor = await designs.page(unit, state=status, sku=sku, cursor=cursor, limit=limit)
    return OwnDesignPage(tuple([await view(row, runtime.storage) for row in rows]), next_cursor)


@get("/designs/{design_id:str}", guards=WRITE, opt=fails(DesignNotFound))
async def get_own_design(
    design_id: FromPath[str], unit: GivenUnit, runtime: GivenRuntime
) -> Response[OwnDesign]:
    """One of the salon's own designs, drafts too; its version is its ETag."""
    row = await designs.find(unit, design_id)
    return tagged(await view(row, runtime.storage), row.version)


@patch(
    "/designs/{design_id:str}",
    guards=WRITE,
    opt=fails(DesignNotFound, DesignUnfit, VersionMissing, VersionStale, DesignSkuTaken),
)
async def change_own_design(
    design_id: FromPath[str],
    data: JSONBody[DesignChange],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    runtime: GivenRuntime,
    if_match: IfMatch = None,
) -> Response[OwnDesign]:
    """Change, publish, hide or restore a design."""
    row = await designs.change(unit, caller, shelf, design_id, data, expected(if_match))
    return tagged(await view(row, runtime.storage), row.version)


@delete("/designs/{design_id:str}", guards=WRITE, opt=fails(DesignNotFound, VersionStale))
async def archive_own_design(design_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Delete a draft; archive what was published or what a look names."""
    await designs.archive(unit, caller, design_id)


@get("/shelf", guards=WRITE)
async def list_choices(unit: GivenUnit) -> tuple[ChosenDesign, ...]:
    """What the salon made of shipped designs, in the order of their ids."""
    return tuple(await choices.every(unit))


@get("/shelf/{design_id:str}", guards=WRITE, opt=fails(DesignNotFound))
async def get_choice(design_id: FromPath[str], unit: GivenUnit, shelf: GivenShelf) -> Response[ChosenDesign]:
    """What the salon made of a shipped design; version 0 where it chose nothing."""
    chosen = await choices.find(unit, shelf, design_id)
    return tagged(chosen, chosen.version)


@put(
    "/shelf/{design_id:str}",
    guards=WRITE,
    opt=fails(DesignNotFound, DesignUnfit, VersionMissing, VersionStale),
)
async def choose_design(
    design_id: FromPath[str],
    data: JSONBody[ShelfChoice],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    if_match: IfMatch = None,
) -> Response[ChosenDesign]:
    """Hide a shipped design, or give it the salon's own price, minutes and product."""
    chosen = await choices.choose(unit, caller, shelf, design_id, data, expected(if_match))
    return tagged(chosen, chosen.version)


@post("/bundles", guards=WRITE, status_code=201, opt=fails(BundleUnfit))
async def create_own_bundle(
    data: JSONBody[BundleDraft], unit: GivenUnit, caller: GivenCaller, shelf: GivenShelf
) -> Response[OwnBundle]:
    """Add a look of the salon's own."""
    bundle = await bundles.create(unit, caller, shelf, data)
    return tagged(bundle, bundle.version, 201)


@get("/bundles", guards=WRITE)
async def list_own_bundles(unit: GivenUnit, cursor: Cursor = None, limit: Limit = 50) -> OwnBundlePage:
    """The salon's own looks, newest first."""
    rows, next_cursor = await bundles.page(unit, cursor, limit)
    return OwnBundlePage(tuple(rows), next_cursor)


@get("/bundles/{bundle_id:str}", guards=WRITE, opt=fails(BundleNotFound))
async def get_own_bundle(bundle_id: FromPath[str], unit: GivenUnit) -> Response[OwnBundle]:
    """One of the salon's own looks; its version is its ETag."""
    bundle = await bundles.find(unit, bundle_id)
    return tagged(bundle, bundle.version)


@patch(
    "/bundles/{bundle_id:str}",
    guards=WRITE,
    opt=fails(BundleNotFound, BundleUnfit, VersionMissing, VersionStale),
)
async def change_own_bundle(
    bundle_id: FromPath[str],
    data: JSONBody[BundleChange],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    if_match: IfMatch = None,
) -> Response[OwnBundle]:
    """Change, publish, hide or restore a look."""
    bundle = await bundles.change(unit, caller, shelf, bundle_id, data, expected(if_match))
    return tagged(bundle, bundle.version)


@delete("/bundles/{bundle_id:str}", guards=WRITE, opt=fails(BundleNotFound, VersionStale))
async def archive_own_bundle(bundle_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Delete a draft; archive what was published."""
    await bundles.archive(unit, caller, bundle_id)


@post("/services", guards=WRITE, status_code=201, opt=fails(ServiceUnfit))
async def create_own_service(
    data: JSONBody[ServiceDraft], unit: GivenUnit, caller: GivenCaller
) -> Response[OwnService]:
    """Add a service of the salon's own."""
    service = await services.create(unit, caller, data)
    return tagged(service, service.version, 201)


@get("/services", guards=WRITE)
async def list_own_services(unit: GivenUnit, shelf: GivenShelf) -> OwnServices:
    """Every service as this salon has it, also what it does not offer."""
    return OwnServices(tuple(await services.every(unit, shelf)))


@get("/services/{service_id:str}", guards=WRITE, opt=fails(ServiceNotFound))
async def get_own_service(
    service_id: FromPath[str], unit: GivenUnit, shelf: GivenShelf
) -> Response[OwnService]:
    """One service as this salon has it; its version is its ETag."""
    service = await services.find(unit, shelf, service_id)
    return tagged(service, service.version)


@patch(
    "/services/{service_id:str}",
    guards=WRITE,
    opt=fails(ServiceNotFound, ServiceUnfit, VersionMissing, VersionStale),
)
async def change_own_service(
    service_id: FromPath[str],
    data: JSONBody[ServiceChange],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    if_match: IfMatch = None,
) -> Response[OwnService]:
    """Change a service. Of a shipped one: price, minutes, buffers and whether it is offered."""
    service = await services.change(unit, caller, shelf, service_id, data, expected(if_match))
    return tagged(service, service.version)


@delete("/services/{service_id:str}", guards=WRITE, opt=fails(ServiceNotFound, ServiceUnfit, VersionStale))
async def archive_own_service(
    service_id: FromPath[str], unit: GivenUnit, caller: GivenCaller, shelf: GivenShelf
) -> None:
    """Take a service away: kept where a design needs it. A shipped one is no longer offered."""
    await services.archive(unit, caller, shelf, service_id)


router = Router(
    path="/v1/catalog",
    route_handlers=[
        create_own_design,
        list_own_designs,
        get_own_design,
        change_own_design,
        archive_own_design,
        list_choices,
        get_choice,
        choose_design,
        create_own_bundle,
        list_own_bundles,
        get_own_bundle,
        change_own_bundle,
        archive_own_bundle,
        create_own_service,
        list_own_services,
        get_own_service,
        change_own_service,
        archive_own_service,
    ],
    tags=["own catalogue"],
)
