"""Products and their stock over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, Router, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api.given import GivenCaller, GivenUnit
from api.guards import may
from api.problems import fails
from api.versions import IfMatch, expected, tagged
from kit.versions import VersionMissing, VersionStale
from modules.accounts.scopes import Scope
from modules.stock import service
from modules.stock.errors import (
    MovementUnfit,
    OutOfStock,
    ProductArchived,
    ProductSkuTaken,
    ProductUnfit,
    UnknownProduct,
)
from modules.stock.wire import (
    Movement,
    MovementPage,
    MovementRequest,
    Product,
    ProductChange,
    ProductPage,
    ProductRequest,
)

READ, WRITE, MOVE = [may(Scope.STOCK_READ)], [may(Scope.CATALOG_WRITE)], [may(Scope.STOCK_WRITE)]
ONE = "/products/{product_id:str}"
Cursor = Annotated[str | None, QueryParameter(max_length=40)]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


@post(
    "/products",
    guards=WRITE,
    status_code=201,
    opt=fails(OutOfStock, ProductSkuTaken, ProductUnfit, UnknownProduct),
)
async def create_product(
    data: JSONBody[ProductRequest], unit: GivenUnit, caller: GivenCaller
) -> Response[Product]:
    """Add a product to the salon's stock."""
    product = await service.create(unit, caller, data)
    return tagged(product, product.version, 201)


@get("/products", guards=READ)
async def list_products(
    unit: GivenUnit,
    low: Annotated[bool, QueryParameter(description="Only what should be ordered again.")] = False,
    archived: Annotated[bool, QueryParameter(description="Archived products too.")] = False,
    q: Annotated[
        str | None, QueryParameter(description="Words of name, brand or SKU.", max_length=80)
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ProductPage:
    """The salon's products, newest first."""
    rows, next_cursor = await service.page(
        unit, archived=archived, low=low, words=q, cursor=cursor, limit=limit
    )
    return ProductPage(tuple(rows), next_cursor)


@get(ONE, guards=READ, opt=fails(UnknownProduct))
async def get_product(product_id: FromPath[str], unit: GivenUnit) -> Response[Product]:
    """One product; its version is its ETag."""
    product = await service.find(unit, product_id)
    return tagged(product, product.version)


@patch(
    ONE, guards=WRITE, opt=fails(ProductSkuTaken, ProductUnfit, UnknownProduct, VersionMissing, VersionStale)
)
async def change_product(
    product_id: FromPath[str],
    data: JSONBody[ProductChange],
    unit: GivenUnit,
    caller: GivenCaller,
    if_match: IfMatch = None,
) -> Response[Product]:
    """Change a product; `archived: false` restores one."""
    product = await service.change(unit, caller, product_id, data, expected(if_match))
    return tagged(product, product.version)


@delete(ONE, guards=WRITE, opt=fails(UnknownProduct))
async def archive_product(product_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Archive a product. Its movements stay."""
    await service.archive(unit, caller, product_id)


@post(
    f"{ONE}/movements",
    guards=MOVE,
    status_code=201,
    opt=fails(MovementUnfit, OutOfStock, ProductArchived, UnknownProduct),
)
async def move_stock(
    product_id: FromPath[str], data: JSONBody[MovementRequest], unit: GivenUnit, caller: GivenCaller
) -> Movement:
    """Book what came in or went out. Only a correction may leave less than nothing."""
    return await service.move(unit, caller, product_id, data)


@get(f"{ONE}/movements", guards=READ, opt=fails(UnknownProduct))
async def list_movements(
    product_id: FromPath[str], unit: GivenUnit, cursor: FromQuery[str | None] = None, limit: Limit = 50
) -> MovementPage:
    """What came in and went out, newest first."""
    rows, next_cursor = await service.movements(unit, product_id, cursor, limit)
    return MovementPage(tuple(rows), next_cursor)


router = Router(
    path="/v1/catalog",
    route_handlers=[
        create_product,
        list_products,
        get_product,
        change_product,
        archive_product,
        move_stock,
        list_movements,
    ],
    tags=["stock"],
)
