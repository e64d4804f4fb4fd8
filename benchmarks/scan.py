"""The same pages and counts by plain SQL that reads every row each time: what `bench search` is compared with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from benchmarks.shoppers import PAGE, Asked
from kit.db.unit import Unit
from modules.catalog.search.filters import Filters
from modules.catalog.search.order import Sort

_ALONE = ("enable_indexscan", "enable_bitmapscan", "enable_nestloop")
"""Ways that Postgres is not to take. Without statistics it would read the products again for each design."""
_ORDERS = {Sort.NAME: "d.name", Sort.PRICE: "d.price_amount", Sort.PRICE_DESCENDING: "d.price_amount DESC"}
_FACETS = ("d.kind", "d.finish", "unnest(d.families)", "unnest(d.tags)", "coalesce(p.stock, 1) > 0")


async def scan(unit: Unit, asked: Asked) -> None:
    """One page, and its counts where they are asked for."""
    for way in _ALONE:
        await unit.execute(text(f"SET LOCAL {way} = off"))
    where, given = _where(asked.filters)
    source = f"FROM designs d LEFT JOIN products p ON p.id = d.product_id WHERE d.state = 'live' {where}"
    order = _ORDERS.get(asked.sort, "d.created_at")
    await unit.execute(text(f"SELECT d.id {source} ORDER BY {order}, d.id LIMIT {PAGE}"), given)
    for facet in _FACETS if asked.count else ():
        await unit.execute(text(f"SELECT {facet}, count(*) {source} GROUP BY 1"), given)


def _where(filters: Filters) -> tuple[str, dict[str, Any]]:
    parts = {
        "d.kind = ANY (:kinds)": [str(kind) for kind in filters.kinds],
        "d.finish = ANY (:finishes)": [*filters.finishes],
        "d.families && :families": [str(family) for family in filters.families],
        "d.tags @> :tags": [*filters.tags],
        "d.price_amount >= :price_min": filters.price_min,
        "d.price_amount <= :price_max": filters.price_max,
        "(coalesce(p.stock, 1) > 0) = :in_stock": filters.in_stock,
        "d.renderable = :renderable": filters.renderable,
    }
    used = {part: value for part, value in parts.items() if value not in (None, [])}
    given: dict[str, Any] = {part.partition(":")[2].rstrip(")"): value for part, value in used.items()}
    words = (filters.query or "").split()
    like = [f"(' ' || d.words || ' ' || lower(d.sku)) LIKE :word{number}" for number in range(len(words))]
    for number, word in enumerate(words):
        given[f"word{number}"] = f"% {word}%"
    return "".join(f" AND {part}" for part in (*used, *like)), given
