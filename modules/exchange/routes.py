"""Imports and exports over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import msgspec
from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, QueryParameter

from api.admission import UploadAdmitted
from api.given import GivenCaller, GivenRuntime, GivenUnit
from api.guards import may
from api.problems import fails
from kit.runtime import Runtime
from modules.accounts.scopes import Scope
from modules.catalog.shelf import Shelf
from modules.exchange import keys, service
from modules.exchange.errors import UnknownImport
from modules.exchange.grid import Format
from modules.exchange.wire import Import, ImportPage, ImportStatus, Subject

WRITE = [may(Scope.CATALOG_WRITE)]
MOST_BYTES, MULTIPART_OVERHEAD = 8 * 1024**2, 64 * 1024
REPORT_LIFETIME = timedelta(minutes=15)
GivenShelf = NamedDependency[Shelf]


@dataclass
class ImportForm:
    """A CSV or XLSX file."""

    file: UploadFile


@post(
    "/imports",
    guards=WRITE,
    status_code=202,
    middleware=[UploadAdmitted],
    request_max_body_size=MOST_BYTES + MULTIPART_OVERHEAD,
    opt=fails(UnknownImport),
)
async def import_table(
    data: Annotated[ImportForm, Body(media_type=RequestEncodingType.MULTI_PART)],
    subject: FromQuery[Subject],
    unit: GivenUnit,
    caller: GivenCaller,
    shelf: GivenShelf,
    runtime: GivenRuntime,
    dry_run: Annotated[bool, QueryParameter(description="Check only; change nothing.")] = False,
) -> Import:
    """Import designs, products or services. A small file is done when this answers, a large one is `queued`.

    Everything is checked before anything is changed: a table with one fault changes nothing.
    """
    made = await service.start(
        unit, runtime.storage, caller, shelf, subject, await data.file.read(), dry_run=dry_run
    )
    return await _view(made, unit.business_id, runtime)


@get("/imports", guards=WRITE)
async def list_imports(
    unit: GivenUnit,
    runtime: GivenRuntime,
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
) -> ImportPage:
    """Imports of the last seven days, newest first."""
    rows, next_cursor = await service.page(unit, cursor, limit)
    return ImportPage(tuple([await _view(row, unit.business_id, runtime) for row in rows]), next_cursor)


@get("/imports/{import_id:str}", guards=WRITE, opt=fails(UnknownImport))
async def get_import(import_id: FromPath[str], unit: GivenUnit, runtime: GivenRuntime) -> Import:
    """How an import fares; what is wrong by row and column, and the report to mend."""
    return await _view(await service.find(unit, import_id), unit.business_id, runtime)


@get("/exports", guards=WRITE)
async def export_table(
    unit: GivenUnit,
    shelf: GivenShelf,
    subject: FromQuery[Subject],
    form: Annotated[Format, QueryParameter(name="format")] = Format.CSV,
) -> Response[bytes]:
    """The salon's own designs, products or services as a file that can be imported again."""
    made = await service.export(unit, shelf, subject, form)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return Response(made.data, media_type=made.format.media_type, headers=headers)


async def _view(found: Import, business_id: str, runtime: Runtime) -> Import:
    """With a signed link to its report, where there is one."""
    if found.status is not ImportStatus.REFUSED or found.problem is not None:
        return found
    key = keys.report(business_id, found.id, found.format)
    name = f"{found.subject}-errors.{found.format}"
    url = await runtime.storage.url(key, expires_in=REPORT_LIFETIME, download_name=name)
    return msgspec.structs.replace(found, report=url)


router = Router(
    path="/v1/catalog",
    route_handlers=[import_table, list_imports, get_import, export_table],
    tags=["own catalogue"],
)
