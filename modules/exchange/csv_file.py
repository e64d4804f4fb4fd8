"""CSV in and out (RFC 4180). Taken in: UTF-8 with or without a mark, UTF-16 with one; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

from modules.exchange.errors import FileTooLarge, UnreadableFile
from modules.exchange.grid import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Cell, Grid, escaped, unescaped

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(data: bytes) -> Grid:
    """Raises UnreadableFile, FileTooLarge."""
    text = _decoded(data)
    lines: list[list[Cell]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            lines.append([unescaped(cell) for cell in line])
            if len(line) > MOST_COLUMNS or any(len(cell) > LONGEST_CELL for cell in line):
                raise UnreadableFile(f"Row {len(lines)} has too many columns or too long a cell.")
            if len(lines) > MOST_ROWS * 2:
                raise FileTooLarge
    except csv.Error as error:
        raise UnreadableFile(f"Row {len(lines) + 1}: {error}.") from error
    return Grid.of(lines)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """With a mark, so that spreadsheets know that it is UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + out.getvalue().encode()


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("This file is not UTF-8. Save it as `CSV UTF-8`.") from error
    if "\0" in text:
        raise UnreadableFile
    return text


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)
