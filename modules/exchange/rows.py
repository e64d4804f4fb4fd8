"""From a grid to what its rows ask for; every refusal names the row and the column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Struct

from kit import money
from kit.errors import FieldError
from modules.exchange.cells import Column
from modules.exchange.grid import ERROR_COLUMN, Cell, Faulty, Grid

PRICE, CURRENCY = "price", "currency"
_FAULTS = {
    "formula": "A formula is not taken: paste its value.",
    "date": "A date is not expected here. Format the cell as text.",
    "cell_error": "The cell shows an error of the spreadsheet.",
    "too_long": "The text is too long.",
}
T = TypeVar("T", bound=Struct)


class CellError(Struct, frozen=True):
    """What is wrong with one cell; row 1 is the header. column: empty where it is the whole row."""

    row: int
    column: str
    code: str
    message: str


class Asked(Struct, frozen=True):
    """A row that could be read. given: values by the draft's fields, for the columns that the file has."""

    number: int
    given: Mapping[str, Any]


def asked_of(grid: Grid, columns: Sequence[Column]) -> tuple[list[Asked], list[CellError]]:
    """Read every row, or say what is wrong with the header and with each cell."""
    errors = _header_errors(grid.header, columns)
    if errors:
        return [], errors
    known = {column.name: column for column in columns}
    rows = []
    for number, cells in grid.rows:
        given, wrong = _row(grid.header, cells, known)
        errors += [CellError(number, name, code, words) for name, code, words in wrong]
        if not wrong:
            rows.append(Asked(number, given))
    return rows, errors


def drafted(given: Mapping[str, Any], base: Struct | None, shape: type[T]) -> T:
    """The draft that a row asks for, over what is there already. Raises msgspec.ValidationError."""
    held = {} if base is None else msgspec.to_builtins(base)
    return msgspec.convert({**held, **given}, shape)


def missing(row: Asked, columns: Sequence[Column]) -> list[CellError]:
    """What a new row needs and its file has no column for."""
    absent = [column.name for column in columns if column.needed and column.fills not in row.given]
    return [
        CellError(row.number, name, "missing", "A new row needs this.") for name in absent if name != CURRENCY
    ]


def column_of(error: msgspec.ValidationError, columns: Sequence[Column]) -> tuple[str, str]:
    """The column that a draft's error is about, and the words."""
    words, _, path = str(error).partition(" - at `$.")
    field = path.rstrip("`").partition(".")[0].partition("[")[0]
    return _named(field, columns), f"{words}."


def field_errors(number: int, errors: Sequence[FieldError], columns: Sequence[Column]) -> list[CellError]:
    """What a service says of fields, by column."""
    return [CellError(number, _named(error.field, columns), error.code, error.message) for error in errors]


def repeated(rows: Sequence[Asked], key: str, label: Callable[[Any], str] = str) -> list[CellError]:
    """Rows whose key stands in an earlier row too."""
    first: dict[Any, int] = {}
    errors = []
    for row in rows:
        value = row.given.get(key)
        if value is not None and first.setdefault(value, row.number) != row.number:
            words = f"{label(value)} stands in row {first[value]} already."
            errors.append(CellError(row.number, key, "repeated", words))
    return errors


def _named(field: str, columns: Sequence[Column]) -> str:
    return next((column.name for column in columns if column.fills == field), field)


def _header_errors(header: Sequence[str], columns: Sequence[Column]) -> list[CellError]:
    known = [column.name for column in columns]
    errors = []
    for place, name in enumerate(header):
        if name in header[:place]:
            errors.append(CellError(1, name, "repeated_column", f"The column {name!r} stands there twice."))
        elif name not in known and name != ERROR_COLUMN:
            words = f"There is no column {name!r}. Columns are {', '.join(known)}."
            errors.append(CellError(1, name, "unknown_column", words))
    if (columns[0].name) not in header:
        errors.append(
            CellError(1, columns[0].name, "missing_column", f"The column {columns[0].name} is missing.")
        )
    if (PRICE in header) != (CURRENCY in header):
        errors.append(CellError(1, PRICE, "missing_column", "Price and currency come together."))
    return errors


def _row(
    header: Sequence[str], cells: Sequence[Cell], known: Mapping[str, Column]
) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    given: dict[str, Any] = {}
    wrong = []
    if len(cells) > len(header):
        wrong.append(("", "extra_cells", "The row is longer than the header."))
    for place, name in enumerate(header):
        column = known.get(name)
        if column is None:
            continue
        cell = cells[place]
        if isinstance(cell, Faulty):
            wrong.append((name, cell.code, _FAULTS[cell.code]))
        elif not cell.strip():
            if column.needed:
                wrong.append((name, "missing", "A value is missing."))
            elif column.empty is not UNSET:
                given[column.fills] = column.empty
        else:
            try:
                given[column.fills] = column.read(cell.strip())
            except ValueError as error:
                wrong.append((name, "value", f"{error}."))
    if not wrong and PRICE in given:
        try:
            amount = money.read(given[PRICE], given[CURRENCY])
            given[PRICE] = {"amount": amount, "currency": given[CURRENCY]}
        except ValueError as error:
            wrong.append((PRICE, "value", f"{error}."))
    given.pop(CURRENCY, None)
    return given, wrong
