"""The archive of an export: a JSON file for each table, and the pictures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec

from kit.db.unit import Unit
from kit.person import Exported, Person
from modules.privacy.registry import PERSONAL

README = """Everything that is kept of you.

records/   a JSON file for each kind of thing
photos/    photos that you uploaded and that are not deleted yet
tryons/    pictures that were made from them
"""


async def collected(unit: Unit, customer_id: str) -> Exported:
    """What every part of the registry keeps of a customer."""
    records: dict[str, Sequence[Mapping[str, Any]]] = {}
    objects: dict[str, str] = {}
    for part in PERSONAL:
        things = frozenset(row["id"] for rows in records.values() for row in rows if "id" in row)
        found = await part.export(unit, Person(customer_id, things))
        records.update(found.records)
        objects.update(found.objects)
    return Exported(records, objects)


async def packed(records: Mapping[str, Any], pictures: AsyncIterator[tuple[str, bytes]]) -> bytes:
    """The ZIP; pictures are stored as they are, for they are compressed already."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("README.txt", README)
        for table, rows in sorted(records.items()):
            data = msgspec.json.format(msgspec.json.encode(rows))
            file.writestr(f"records/{table}.json", data)
        async for name, data in pictures:
            file.writestr(name, data, zipfile.ZIP_STORED)
    return archive.getvalue()
