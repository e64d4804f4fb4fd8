"""What a shop is asked: the queries of `bench search`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from benchmarks.house import FIRST, SECOND, TAGS
from modules.catalog.family import ColourFamily
from modules.catalog.search.filters import Filters
from modules.catalog.search.order import Sort
from modules.catalog.shelf import DesignKind

PAGE = 50
_SEED = 20


class Asked(Struct, frozen=True):
    """One query: the choices, the order, and whether facets are counted."""

    filters: Filters
    sort: Sort
    count: bool


def mix(rounds: int) -> Iterator[Asked]:
    """Leafing, narrowing with facets, searching by words, with slips, by number."""
    rng = random.Random(_SEED)
    kinds, families = list(DesignKind), list(ColourFamily)
    for number in range(rounds):
        kind, low = rng.choice(kinds[:3]), rng.randrange(900, 6000, 100)
        filters, sort, count = (
            (Filters(), Sort.SHELF, True),
            (Filters(kinds=(DesignKind.NAIL_POLISH,)), Sort.NEWEST, True),
            (Filters(kinds=(kind,), families=tuple(rng.sample(families, 2))), Sort.PRICE, True),
            (Filters(finishes=("gel", "chrome"), in_stock=True), Sort.NAME, True),
            (Filters(price_min=low, price_max=low + 1500, renderable=True), Sort.PRICE_DESCENDING, True),
            (
                Filters(tags=(rng.choice(TAGS),), families=(rng.choice(families),), in_stock=True),
                Sort.SHELF,
                True,
            ),
            (Filters(query=f"{rng.choice(FIRST)[:3]} {rng.choice(SECOND)[:4]}"), Sort.SHELF, True),
            (Filters(query=rng.choice(SECOND), kinds=(DesignKind.NAIL_POLISH,)), Sort.NAME, False),
            (Filters(query=_slip(rng, rng.choice(FIRST))), Sort.SHELF, True),
            (Filters(query=f"hx-{rng.randrange(100_000):06d}"), Sort.SHELF, False),
        )[number % 10]
        yield Asked(filters, sort, count)


def _slip(rng: random.Random, word: str) -> str:
    place = rng.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def parameters(asked: Asked) -> dict[str, Any]:
    """The query string of `GET /v1/designs`."""
    filters = asked.filters
    given = {
        "kind": [*filters.kinds],
        "finish": [*filters.finishes],
        "family": [*filters.families],
        "tag": [*filters.tags],
        "price_min": filters.price_min,
        "price_max": filters.price_max,
        "in_stock": filters.in_stock,
        "renderable": filters.renderable,
        "q": filters.query,
    }
    return {
        **{name: value for name, value in given.items() if value not in (None, [])},
        "sort": str(asked.sort),
        "facets": asked.count,
        "limit": PAGE,
    }
