"""SQL of search: what of the catalogue changed since it was last read, and the reading of it."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import text

from kit.db.ready import Reader, Ready
from kit.db.shape import shaped
from modules.catalog.family import ColourFamily
from modules.catalog.shelf import DesignKind

_UNSEEN = """
{0}.changed >= pg_snapshot_xmin(CAST(CAST(:since AS text) AS pg_snapshot))
AND NOT pg_visible_in_snapshot({0}.changed, CAST(CAST(:since AS text) AS pg_snapshot))
"""
_CHANGES = Ready(
    text(
        f"""
    SELECT pg_current_snapshot()::text AS snapshot, pg_current_xact_id_if_assigned() IS NOT NULL AS wrote, c.id
    FROM (VALUES (1)) AS always (n) LEFT JOIN LATERAL (
        SELECT d.id FROM designs d WHERE {_UNSEEN.format("d")}
        UNION SELECT s.design_id FROM shelf_choices s WHERE {_UNSEEN.format("s")}
        UNION SELECT d.id FROM products p JOIN designs d ON d.product_id = p.id WHERE {_UNSEEN.format("p")}
        UNION SELECT s.design_id FROM products p JOIN shelf_choices s ON s.product_id = p.id
        WHERE {_UNSEEN.format("p")}
        UNION SELECT r.id FROM catalog_removals r WHERE r.source <> 'products' AND {_UNSEEN.format("r")}
        LIMIT :most
    ) c ON true
    """
    )
)
_SNAPSHOT = Ready(text("SELECT pg_current_snapshot()::text AS snapshot"))
_STOCK = "CASE WHEN p.archived_at IS NULL THEN p.stock ELSE 0 END AS stock"
_OWN = f"""
SELECT d.id, d.kind, d.name, d.sku, d.finish, d.families, ARRAY[d.lab_l, d.lab_a, d.lab_b] AS lab,
    d.price_amount, d.price_currency, d.tags, d.words, d.renderable,
    (extract(epoch FROM d.created_at) * 1000000)::bigint AS made_us, {_STOCK}
FROM designs d LEFT JOIN products p ON p.id = d.product_id
WHERE d.state = 'live'
"""
_OWN_BEHIND = Ready(text(f"{_OWN} AND d.id > :after ORDER BY d.id LIMIT :most"))
_OWN_NAMED = Ready(text(f"{_OWN} AND d.id = ANY (:ids)"))
_CHOICES = Ready(
    text(
        f"""
    SELECT s.design_id, s.hidden, s.price_amount, s.price_currency, {_STOCK}
    FROM shelf_choices s LEFT JOIN products p ON p.id = s.product_id
    """
    )
)


class Changes(Struct, frozen=True):
    """ids: designs that may look different than in the older snapshot; snapshot: what was read now."""

    snapshot: str
    ids: frozenset[str]


class OwnRow(Struct, frozen=True):
    """A live design of the business's own; stock is None where no product hangs on it."""

    id: str
    kind: DesignKind
    name: str
    sku: str
    finish: str | None
    families: tuple[ColourFamily, ...]
    lab: tuple[float, float, float]
    price_amount: int
    price_currency: str
    tags: tuple[str, ...]
    words: str
    renderable: bool
    made_us: int
    stock: int | None


class ChoiceRow(Struct, frozen=True):
    """What the business made of a shipped design."""

    design_id: str
    hidden: bool
    price_amount: int | None
    price_currency: str | None
    stock: int | None


async def changes(reader: Reader, since: str, most: int) -> Changes:
    """At most so many designs of which a snapshot has not seen the last change.

    Raises LookupError in a unit that has written: what it sees is not yet true for others.
    """
    rows = await reader.read(_CHANGES, since=since, most=most)
    if rows[0].wrote:
        raise LookupError("search is asked in a unit of work that has written nothing")
    return Changes(rows[0].snapshot, frozenset(row.id for row in rows if row.id is not None))


async def snapshot(reader: Reader) -> str:
    """What can be seen now."""
    ((found,),) = await reader.read(_SNAPSHOT)
    return str(found)


async def own_behind(reader: Reader, after: str, most: int) -> list[OwnRow]:
    """Live own designs with ids behind this one."""
    rows = await reader.read(_OWN_BEHIND, after=after, most=most)
    return [shaped(row, OwnRow) for row in rows]


async def own_named(reader: Reader, ids: Collection[str]) -> list[OwnRow]:
    """Those of the named own designs that are live."""
    rows = await reader.read(_OWN_NAMED, ids=[*ids])
    return [shaped(row, OwnRow) for row in rows]


async def choices(reader: Reader) -> dict[str, ChoiceRow]:
    """What the business made of shipped designs, by their ids: never more than the shelf has."""
    rows = await reader.read(_CHOICES)
    return {row.design_id: shaped(row, ChoiceRow) for row in rows}
