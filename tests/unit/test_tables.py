"""Tables as files: any text comes back as it went out, and nothing that leaves is a formula."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import money
from kit.settings import ROOT
from modules.exchange import design_table, product_table, service_table
from modules.exchange.csv_file import read_csv, write_csv
from modules.exchange.errors import FileTooLarge, UnreadableFile
from modules.exchange.grid import Grid, escaped, unescaped
from modules.exchange.xlsx_file import MOST_UNPACKED, read_xlsx, write_xlsx

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=4)
FORMS: list[tuple[Callable[..., bytes], Callable[[bytes], Grid]]] = [
    (write_csv, read_csv),
    (write_xlsx, read_xlsx),
]


@pytest.mark.parametrize(("write", "read"), FORMS, ids=["csv", "xlsx"])
@given(rows=ROWS)
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_read(
    write: Callable[..., bytes], read: Callable[[bytes], Grid], rows: list[tuple[str, str]]
) -> None:
    grid = read(write(("sku", "name"), rows))

    assert grid.header == ("sku", "name")
    assert [cells for _, cells in grid.rows] == [row for row in rows if any(row)]
    assert [number for number, _ in grid.rows] == [number for number, row in enumerate(rows, 2) if any(row)]


@given(st.text(st.sampled_from("'=+-@\t\rx1"), max_size=6))
def test_no_text_leaves_as_a_formula_and_every_text_comes_back(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert escaped(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


@given(st.integers(0, money.MOST), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_a_price_is_read_as_it_was_written(amount: int, currency: str) -> None:
    assert money.read(money.written(amount, currency), currency) == amount


@pytest.mark.parametrize("text", ["", "-1", "1,000.00", "1e3", "12.345", "£3", "nan"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"written like|decimal places"):
        money.read(text, "EUR")


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_before_it_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", bytes(MOST_UNPACKED + 1))

    assert len(out.getvalue()) < 100_000
    with pytest.raises(FileTooLarge):
        read_xlsx(out.getvalue())


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("hello.txt", "hello")

    with pytest.raises(UnreadableFile):
        read_xlsx(out.getvalue())


def test_the_page_lists_the_columns() -> None:
    page = (ROOT / "docs" / "catalog.md").read_text(encoding="utf-8")

    for name, table in {
        "designs": design_table,
        "products": product_table,
        "services": service_table,
    }.items():
        section = page.partition(f"### `{name}`")[2].partition("\n### ")[0]
        for column in table.COLUMNS:
            marked = f"`{column.name}` •" in section
            assert f"`{column.name}`" in section, (name, column.name)
            assert marked is column.needed, (name, column.name)


def test_the_api_waits_with_openpyxl() -> None:
    program = "import api.app, sys; print('openpyxl' in sys.modules)"

    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "False"
