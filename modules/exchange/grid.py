"""A table as it stands in a file: a header and rows of texts."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from modules.exchange.errors import FileTooLarge, UnreadableFile

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 60, 10_000
ERROR_COLUMN = "error"
"""Where reports say what is wrong; ignored when a mended report comes back."""


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        if self is Format.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Faulty(Struct, frozen=True):
    """A cell that cannot be taken for a value: `formula`, `date` or `cell_error`."""

    code: str


Cell = str | Faulty


class Grid(Struct, frozen=True):
    """Rows keep the numbers that a spreadsheet shows: the header is row 1; empty rows are left out.

    Each row is as long as the header, or longer where something stands beside it.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]

    @classmethod
    def of(cls, lines: list[list[Cell]]) -> Grid:
        """From all lines of a file. Raises UnreadableFile, FileTooLarge."""
        if not lines or not any(lines[0]):
            raise UnreadableFile("The first row holds no column names.")
        header = [*lines[0]]
        while header and not header[-1]:
            header.pop()
        names = tuple("" if isinstance(name, Faulty) else _name(name) for name in header)
        rows = tuple(
            (number, _fitted(line, len(names)))
            for number, line in enumerate(lines[1:], 2)
            if any(cell != "" for cell in line)
        )
        if len(rows) > MOST_ROWS:
            raise FileTooLarge
        return cls(names, rows)


def _fitted(line: list[Cell], width: int) -> tuple[Cell, ...]:
    cells = [*line, *[""] * (width - len(line))]
    while len(cells) > width and cells[-1] == "":
        cells.pop()
    return tuple(cells)


def _name(text: str) -> str:
    return "_".join(text.strip().casefold().split())


def escaped(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection); `unescaped` undoes it."""
    return f"'{text}" if _looks_like_formula(text.lstrip("'")) else text


def unescaped(text: str) -> str:
    """The text that `escaped` was given."""
    return text[1:] if text.startswith("'") and _looks_like_formula(text.lstrip("'")) else text


def _looks_like_formula(text: str) -> bool:
    return text[:1] in ("=", "+", "-", "@", "\t", "\r")
