"""XLSX in and out: the first sheet, its values only.

openpyxl is imported when the first such file comes, never with the API: it takes half a second and 20 MB.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from modules.exchange.errors import FileTooLarge, UnreadableFile
from modules.exchange.grid import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Faulty,
    Grid,
    escaped,
    unescaped,
)

MOST_UNPACKED = 64 * 1024**2
"""Bytes of all parts of a file together: a file is a zip, and a small one can hold gigabytes."""


def read_xlsx(data: bytes) -> Grid:
    """Cells with formulas, dates and errors come as Faulty. Raises UnreadableFile, FileTooLarge."""
    _check_size(data)
    from openpyxl import load_workbook

    lines: list[list[Cell]] = []
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS + 1):
            lines.append([_cell(cell) for cell in row])
            if len(lines) > MOST_ROWS * 2:
                raise FileTooLarge
    except FileTooLarge:
        raise
    except Exception as error:  # openpyxl raises whatever the XML inside made it stumble over
        raise UnreadableFile("This is no XLSX file, or a damaged one.") from error
    if any(len(line) > MOST_COLUMNS and line[MOST_COLUMNS] != "" for line in lines):
        raise UnreadableFile(f"A table has at most {MOST_COLUMNS} columns.")
    return Grid.of(lines)


def write_xlsx(
    header: Sequence[str], rows: Iterable[Sequence[str]], numbers: frozenset[str] = frozenset()
) -> bytes:
    """One sheet. numbers: columns whose cells are written as numbers."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = "A2"
    sheet.append([*header])
    for row in rows:
        sheet.append(
            [
                _number(cell) if name in numbers and cell else escaped(cell)
                for name, cell in zip(header, row, strict=True)
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableFile("This is no XLSX file, or a damaged one.") from error
    if unpacked > MOST_UNPACKED:
        raise FileTooLarge


def _cell(cell: Any) -> Cell:
    value = cell.value
    match cell.data_type:
        case "f":
            return Faulty("formula")
        case "e":
            return Faulty("cell_error")
        case "d":
            return Faulty("date")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = unescaped(str(value))
    return text if len(text) <= LONGEST_CELL else Faulty("too_long")


def _number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)
