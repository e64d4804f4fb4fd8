"""Tables in and out: what is exported can be imported again, and a table with one fault changes nothing."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import msgspec
import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import text

from kit.runtime import Runtime
from kit.settings import ROOT
from kit.storage import LocalStorage
from modules.accounts.scopes import Role
from modules.catalog.draft import State, draft_of
from modules.catalog.jobs import DrawPreviews
from modules.catalog.load import load_shelf
from modules.exchange.jobs import ExpireImport, RunImport
from tests.integration.callers import hire, hold
from tests.integration.conftest import Salon
from tests.integration.desk import POLISH, PRODUCT, SERVICE, Desk

FORMS = ("csv", "xlsx")
SUBJECTS = ("designs", "products", "services")
NEW_PRODUCTS = "sku,name,price,currency,stock\nA-1,Base coat,9.90,EUR,3\nA-2,Top coat,12.5,EUR,0\n"


@pytest.fixture
def desk(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Desk:
    return Desk(runtime, api, salon)


async def fill(desk: Desk) -> None:
    """Own designs of every kind, finish and style; products and services that are hard to write."""
    product = await desk.add(
        "/products", PRODUCT, name="=cmd|' /C calc'!A0", brand='«É; "quoted", \'x', unit="ml"
    )
    await desk.add(
        "/products", PRODUCT, sku="B-1", name="'=twice", stock=0, price={"amount": 1, "currency": "JPY"}
    )
    await desk.add("/services", SERVICE, name="@home, with tea")
    await desk.change("/services/srv_gel_manicure", 0, minutes=61, offered=False)
    seen: set[tuple[object, ...]] = set()
    for design in load_shelf(ROOT / "assets" / "catalog").designs.values():
        style = getattr(design.layer, "style", "")
        if (sort := (design.kind, design.finish, style)) not in seen:
            seen.add(sort)
            draft = draft_of(design, product_id=product["id"], state=[*State][len(seen) % 3])
            await desk.add("/designs", msgspec.to_builtins(draft))


async def everything(desk: Desk) -> dict[str, Any]:
    return {path: await desk.ask("GET", f"/{path}?limit=100") for path in ("designs", "products")} | {
        "services": await desk.ask("GET", "/services")
    }


async def test_what_is_exported_is_imported_as_it_was(
    desk: Desk, runtime: Runtime, api: httpx.AsyncClient, other_salon: Salon
) -> None:
    await fill(desk)
    there = Desk(runtime, api, other_salon)
    before = await everything(desk)

    for subject in ("products", "services", "designs"):
        for form in FORMS:
            data = await desk.saved(subject, form)
            made = await desk.send(subject, data)
            await desk.work(RunImport)
            made = await desk.ask("GET", f"/imports/{made['id']}")
            assert (made["status"], made["created"], made["changed"]) == ("done", 0, 0), made
            assert made["unchanged"] == made["rows"] > 0
        if subject != "services":
            made = await there.send(subject, data)
            await there.work(RunImport)
            moved = await there.ask("GET", f"/imports/{made['id']}")
            assert (moved["status"], moved["created"]) == ("done", moved["rows"]), moved
            assert await there.saved(subject) == await desk.saved(subject)

    assert await everything(desk) == before


@pytest.mark.parametrize("form", FORMS)
async def test_no_exported_cell_is_a_formula(desk: Desk, form: str) -> None:
    await desk.add("/products", PRODUCT, name="=1+1", brand="@SUM(A1)")

    data = await desk.saved("products", form)

    if form == "csv":
        assert b"\r\nGEL-7,'=1+1,'@SUM(A1),nails,9.90,EUR,5,2,piece\r\n" in data
    else:
        cells = [*load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()][1]
        assert [(cell.value, cell.data_type) for cell in cells[1:3]] == [("'=1+1", "s"), ("'@SUM(A1)", "s")]
        assert cells[6].value == 5


@pytest.mark.parametrize(
    "data",
    [
        NEW_PRODUCTS.encode(),
        NEW_PRODUCTS.encode("utf-8-sig"),
        NEW_PRODUCTS.encode("utf-16"),
        NEW_PRODUCTS.replace(",", ";").replace("12.5", "12,5").encode(),
        NEW_PRODUCTS.replace(",", "\t").replace("\n", "\r\n").encode(),
        NEW_PRODUCTS.replace("sku,name", " SKU ,Name").replace("EUR,0\n", "EUR,0\n,,,,\n\n").encode(),
    ],
)
async def test_files_of_many_programs_are_read(desk: Desk, data: bytes) -> None:
    made = await desk.send("products", data)

    assert (made["status"], made["rows"], made["created"]) == ("done", 2, 2), made
    listed = (await desk.ask("GET", "/products"))["items"]
    assert [(product["sku"], product["price"]["amount"], product["stock"]) for product in listed] == [
        ("A-2", 1250, 0),
        ("A-1", 990, 3),
    ]


async def test_a_dry_run_says_what_it_would_do_and_changes_nothing(desk: Desk) -> None:
    await desk.add(
        "/products", PRODUCT, sku="A-1", name="Base coat", price={"amount": 990, "currency": "EUR"}
    )

    made = await desk.send("products", NEW_PRODUCTS.encode(), dry_run="true")

    assert (made["status"], made["created"], made["changed"]) == ("done", 1, 1)
    assert [product["stock"] for product in (await desk.ask("GET", "/products"))["items"]] == [5]


async def test_an_import_books_what_differs_in_stock(desk: Desk) -> None:
    product = await desk.add("/products", PRODUCT)

    await desk.send("products", b"sku,stock\nGEL-7,3\n")
    await desk.send("products", b"sku,low_stock\nGEL-7,7\n")

    history = (await desk.ask("GET", f"/products/{product['id']}/movements"))["items"]
    assert [(entry["reason"], entry["delta"], entry["stock"]) for entry in history] == [
        ("correction", -2, 3),
        ("delivery", 5, 5),
    ]
    assert (await desk.ask("GET", f"/products/{product['id']}"))["low"] is True
    assert (await desk.audited())[-2:] == ["product.changed", "catalog.imported"]


async def test_every_fault_is_named_by_row_and_column_and_nothing_is_changed(
    desk: Desk, api: httpx.AsyncClient
) -> None:
    lines = [
        "sku,name,price,currency,stock,kind",
        "A-1,Fine,1.00,EUR,1,nails",
        "A-1,Twice,1.00,EUR,1,nails",
        ",No SKU,1.00,EUR,1,nails",
        "A-4,Bad price,1.005,EUR,1,nails",
        "A-5,Bad stock,1,EUR,-1,nails",
        "A-6,Bad kind,1,EUR,1,=nails",
        "A-7,Bad currency,1,euro,many,nails",
    ]

    made = await desk.send("products", "\n".join(lines).encode())

    assert made["status"] == "refused"
    assert [(error["row"], error["column"], error["code"]) for error in made["errors"]] == [
        (3, "sku", "repeated"),
        (4, "sku", "missing"),
        (5, "price", "value"),
        (6, "stock", "value"),
        (7, "kind", "value"),
        (8, "stock", "value"),
    ]
    assert (await desk.ask("GET", "/products"))["items"] == []
    report = (await api.get(made["report"])).content.decode("utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(report))]
    assert rows[0]["error"] == ""
    assert rows[2]["error"] == "sku: A value is missing."
    assert rows[5]["kind"] == "'=nails"
    mended = (
        report.replace("A-1,Twice", "A-2,Second").replace("\n,No SKU", "\nA-3,Third").replace("1.005", "1.05")
    )
    mended = mended.replace("-1,nails", "1,nails").replace("'=nails", "nails").replace("euro,many", "EUR,7")
    again = await desk.send("products", mended.replace("EUR,'1", "EUR,1").encode())
    assert (again["status"], again["created"]) == ("done", 7), again


async def test_a_design_table_is_checked_like_a_design(desk: Desk) -> None:
    header = "sku,kind,name,colours,finish,coats,service,minutes,price,currency,product_sku,parameters"
    rows = [
        "D-1,lips,Rose,#b5201f,matte,2,srv_lip_application,15,15,EUR,,",
        "D-2,nail_polish,Two,#b5201f; #ffffff,gel,,srv_gel_manicure,15,15,EUR,,",
        "D-3,nail_polish,None,#b5201f,gel,,srv_none,15,15,EUR,NOPE,",
        "D-4,nail_polish,Hex,red,gel,,srv_gel_manicure,15,15,EUR,,",
        "D-5,nail_art,Json,#b5201f,gel,,srv_gel_manicure,15,15,EUR,,{x",
        "D-6,hat,Kind,#b5201f,gel,,srv_gel_manicure,15,15,EUR,,",
    ]

    made = await desk.send("designs", "\n".join([header, *rows]).encode())

    assert [(error["row"], error["column"]) for error in made["errors"]] == [
        (2, "coats"),
        (3, "colours"),
        (4, "product_sku"),
        (5, "colours"),
        (6, "parameters"),
        (7, "kind"),
    ]


async def test_cells_that_are_no_values_are_refused(desk: Desk, api: httpx.AsyncClient) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["sku", "name", "price", "currency", "stock"])
    sheet.append([1001, "Number as SKU", 9.9, "EUR", 3.0])
    sheet.append(["A-2", '=HYPERLINK("http://x.example")', 9.9, "EUR", "=1+2"])
    out = io.BytesIO()
    book.save(out)

    made = await desk.send("products", out.getvalue())

    assert [(error["row"], error["column"], error["code"]) for error in made["errors"]] == [
        (3, "name", "formula"),
        (3, "stock", "formula"),
    ]
    report = load_workbook(io.BytesIO((await api.get(made["report"])).content)).worksheets[0]
    assert [cell.value for cell in report[3]][1] == "(formula)"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unreadable_file"),
        (b"\xff\xfe\x00\xd8", "unreadable_file"),
        (b'sku,name\n"unclosed', "unreadable_file"),
        (b"sku,name\n\x00,x", "unreadable_file"),
        ("sku,näme".encode("latin-1"), "unreadable_file"),
        (b"PK\x03\x04 no zip", "unreadable_file"),
        (b"sku,name\n" + b"a,b\n" * 20_001, "import_too_large"),
    ],
)
async def test_a_file_that_is_no_table_is_refused(desk: Desk, data: bytes, code: str) -> None:
    made = await desk.send("products", data)
    await desk.work(RunImport)

    found = await desk.ask("GET", f"/imports/{made['id']}")
    assert (found["status"], found["problem"]) == ("refused", code)
    assert found["report"] is None


@pytest.mark.parametrize(
    ("header", "code"),
    [("name,price", "missing_column"), ("sku,weight", "unknown_column"), ("sku,sku", "repeated_column")],
)
async def test_a_header_that_does_not_fit_is_refused(desk: Desk, header: str, code: str) -> None:
    made = await desk.send("products", f"{header}\na,b\n".encode())

    assert made["status"] == "refused"
    assert code in {error["code"] for error in made["errors"]}
    assert {error["row"] for error in made["errors"]} == {1}


async def test_ten_thousand_rows_are_applied_by_a_worker(desk: Desk) -> None:
    rows = "".join(f"P-{number},Product {number},1.00,EUR,{number % 7}\n" for number in range(10_000))

    made = await desk.send("products", b"sku,name,price,currency,stock\n" + rows.encode())
    assert made["status"] == "queued"
    await desk.work(RunImport)

    found = await desk.ask("GET", f"/imports/{made['id']}")
    assert (found["status"], found["rows"], found["created"]) == ("done", 10_000, 10_000)
    assert len(await desk.saved("products")) > 300_000


async def test_imported_designs_get_their_pictures(desk: Desk) -> None:
    await desk.add("/designs", POLISH)
    table = (await desk.saved("designs")).replace(b"OWN-1", b"OWN-2")

    await desk.send("designs", table)
    await desk.work(DrawPreviews)

    listed = (await desk.ask("GET", "/designs"))["items"]
    assert [design["preview"]["status"] for design in listed] == ["ready", "ready"]


async def test_an_import_and_its_files_are_forgotten_after_a_week(desk: Desk, runtime: Runtime) -> None:
    made = await desk.send("products", b"sku,name\nA,\n")
    assert made["report"]
    assert isinstance(runtime.storage, LocalStorage)
    async with runtime.db.tenant(desk.salon.business_id) as unit:
        await unit.execute(text("UPDATE jobs SET run_at = created_at"))

    await desk.work(ExpireImport)

    await desk.ask("GET", f"/imports/{made['id']}", 404)
    assert [_ async for _ in runtime.storage.list(f"imports/{desk.salon.business_id}/")] == []


async def test_who_may_what(desk: Desk, runtime: Runtime, api: httpx.AsyncClient, other_salon: Salon) -> None:
    made = await desk.send("products", NEW_PRODUCTS.encode())
    owner = (await hire(runtime, desk.salon, Role.OWNER)).headers
    refused = [
        (await hire(runtime, desk.salon, Role.RECEPTION)).headers,
        (await hold(api, runtime, desk.salon, "visitor")).headers,
        (await hold(api, runtime, desk.salon, "test_key")).headers,
    ]
    for method, path in [
        ("POST", "/imports?subject=products"),
        ("GET", "/imports"),
        ("GET", f"/imports/{made['id']}"),
        ("GET", "/exports?subject=products"),
    ]:

        async def status(headers: dict[str, str], how: str = method, path: str = path) -> int:
            files = {"file": ("t", NEW_PRODUCTS.encode())} if how == "POST" else None
            return (await api.request(how, f"/v1/catalog{path}", headers=headers, files=files)).status_code

        assert await status({}) == 401
        assert [await status(headers) for headers in refused] == [403, 403, 403]
        assert (await status(other_salon.headers) == 404) is (made["id"] in path)
        assert await status(owner) in (200, 202)
