"""How fast a business with 100,000 own designs is searched: over HTTP, at the service, and by a plain SQL scan."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import msgspec
from sqlalchemy import insert, text

from kit.db.unit import Unit
from kit.ids import new_id
from kit.money import Price
from kit.runtime import Runtime
from kit.settings import ROOT
from looks.colour import Swatch
from looks.finish import LipFinish, NailFinish
from looks.layer import AnyLayer, Hair, Lips, NailPolish
from looks.material import material_of
from modules.catalog import store
from modules.catalog.draft import State
from modules.catalog.family import ColourFamily
from modules.catalog.load import load_shelf
from modules.catalog.search.filters import Filters
from modules.catalog.search.held import Indexes
from modules.catalog.search.order import Sort
from modules.catalog.search.service import Search
from modules.catalog.shelf import Design, DesignKind, Origin
from modules.catalog.tables import designs
from modules.stock.tables import products

FIRST = [
    "velvet",
    "misty",
    "golden",
    "silver",
    "dusty",
    "royal",
    "autumn",
    "summer",
    "winter",
    "burnt",
    "wild",
    "sweet",
    "electric",
    "pastel",
    "smoky",
    "lunar",
]
SECOND = [
    "rose",
    "ruby",
    "dream",
    "night",
    "bloom",
    "berry",
    "kiss",
    "storm",
    "petal",
    "flame",
    "sand",
    "honey",
    "peach",
    "plum",
    "orchid",
    "lagoon",
    "cherry",
]
TAGS = [
    "classic",
    "bridal",
    "party",
    "office",
    "vegan",
    "limited",
    "festive",
    "soft",
    "bold",
    "matte-look",
    "everyday",
    "evening",
]
COLOURS, PRODUCTS, PAGE = 2000, 1000, 50
ORIGIN = Origin("made for the benchmark", "CC0-1.0")

_SEED = 19


class Asked(msgspec.Struct, frozen=True):
    """One query: the choices, the order, and whether facets are counted."""

    filters: Filters
    sort: Sort
    count: bool


async def measure(
    runtime: Runtime, base_url: str, key: str, business_id: str, count: int, rounds: int
) -> dict[str, Any]:
    """Milliseconds of a mix of a shop's queries.

    first_ms: reading all designs; after_change: with a change to take in; service_cpu_ms: what a page takes of a core,
    where others use the machine (load_average) too.
    """
    made_s = await _timed(_fill(runtime, business_id, count))
    search, mix = Search(load_shelf(ROOT / "assets" / "catalog")), list(_mix(rounds))

    async def page(asked: Asked) -> None:
        async with runtime.db.tenant(business_id) as unit:
            await search.page(unit, asked.filters, asked.sort, None, PAGE, count=asked.count)

    first_ms = 1000 * await _timed(page(mix[0]))
    await _each(mix[:20], page)
    busy_s = time.process_time()
    service = await _each(mix, page)
    busy_s = time.process_time() - busy_s
    async with httpx.AsyncClient(
        base_url=base_url, timeout=60, headers={"Authorization": f"Bearer {key}"}
    ) as http:

        async def over_http(asked: Asked) -> None:
            (await http.get("/v1/designs", params=_parameters(asked))).raise_for_status()

        await over_http(mix[0])
        http_ms = await _each(mix, over_http)
        near = await _each(mix[: rounds // 4], lambda _: _near(http))

    async def scan(asked: Asked) -> None:
        async with runtime.db.tenant(business_id) as unit:
            await _scan(unit, asked)

    changed = []
    for asked in mix[:20]:
        async with runtime.db.tenant(business_id) as unit:
            await unit.execute(_CHANGE)
        changed.append(1000 * await _timed(page(asked)))
    return {
        "designs": count,
        "queries": len(mix),
        "with_facets": sum(asked.count for asked in mix),
        "http": _summary(http_ms),
        "service": _summary(service),
        "service_cpu_ms": round(1000 * busy_s / len(mix), 1),
        "nearest_http": _summary(near),
        "sequential_scan": _summary(await _each(mix[: max(10, rounds // 10)], scan)),
        "first_ms": round(first_ms),
        "after_change": _summary(changed),
        "index_mb": round(await _index_mb(runtime, business_id), 1),
        "seeding_s": round(made_s, 1),
        "load_average": round(os.getloadavg()[0], 1),
    }


async def _fill(runtime: Runtime, business_id: str, count: int) -> None:
    """Designs as a big house has them: three kinds, all finishes, 2,000 colours, half with a counted product.

    The first 2,000 are written as the service writes them, the rest are copies with other names, tags, prices.
    """
    rng = random.Random(_SEED)
    kept = [new_id("prd") for _ in range(PRODUCTS)]
    first = min(count, COLOURS)
    rows = [_row(rng, business_id, number, kept) for number in range(first)]
    async with runtime.db.tenant(business_id) as unit:
        await unit.execute(insert(products), [_product(rng, business_id, id) for id in kept])
        await unit.execute(insert(designs), rows)
    async with runtime.db.tenant(business_id) as unit:
        words = {"first": FIRST, "second": SECOND, "tags": TAGS, "step": first}
        await unit.execute(_COPIES, {**words, "copies": -(-count // first) - 1})


def _product(rng: random.Random, business_id: str, id: str) -> dict[str, Any]:
    return {
        "id": id,
        "business_id": business_id,
        "sku": id,
        "name": "Bottle",
        "brand": "House",
        "kind": "colour",
        "price_amount": 900,
        "price_currency": "EUR",
        "unit": "piece",
        "stock": rng.choice((0, 0, 1, 4, 12)),
    }


def _layer(rng: random.Random) -> AnyLayer:
    swatch = Swatch.of(f"#{rng.randrange(1 << 24):06x}")
    match rng.randrange(10):
        case 0 | 1:
            return Hair(colours=(swatch,))
        case 2 | 3 | 4:
            return Lips(colours=(swatch,), finish=rng.choice(list(LipFinish)))
        case _:
            return NailPolish(swatch=swatch, finish=rng.choice(list(NailFinish)))


def _row(rng: random.Random, business_id: str, number: int, kept: list[str]) -> dict[str, Any]:
    layer = _layer(rng)
    design = Design(
        id=f"des_01{number:024d}",
        name=f"{rng.choice(FIRST)} {rng.choice(SECOND)} {rng.choice(FIRST)}",
        sku=f"HX-{number:06d}",
        layer=layer,
        material=material_of(None if isinstance(layer, Hair) else getattr(layer, "finish", None)),
        service="srv_polish_manicure",
        minutes=45,
        price=Price(rng.randrange(900, 9900, 50), "EUR"),
        origin=ORIGIN,
        tags=tuple(rng.sample(TAGS, 3)),
    )
    product = rng.choice(kept) if rng.random() < 0.5 else None
    columns = store.designs.columns_of(design, product_id=product, state=State.LIVE)
    return {"id": design.id, "business_id": business_id, **columns}


_COPIES = text(
    """
    INSERT INTO designs (id, business_id, kind, name, sku, finish, families, lab_l, lab_a, lab_b, price_amount,
        price_currency, service_id, minutes, product_id, tags, words, renderable, state, spec)
    SELECT 'des_01' || lpad(c.number::text, 24, '0'), d.business_id, d.kind, c.name,
        'HX-' || lpad(c.number::text, 6, '0'), d.finish, d.families, d.lab_l, d.lab_a, d.lab_b,
        900 + 50 * (c.number * 7 % 180), d.price_currency, d.service_id, d.minutes, d.product_id,
        ARRAY[c.tags[1 + c.number % 12], c.tags[1 + (c.number + 5) % 12], d.tags[1]],
        concat_ws(' ', c.name, d.kind, d.finish), d.renderable, d.state, d.spec
    FROM designs d CROSS JOIN generate_series(1, CAST(:copies AS integer)) AS copy
    CROSS JOIN LATERAL (
        SELECT n.number, CAST(:tags AS text[]) AS tags,
            concat_ws(' ', (CAST(:first AS text[]))[1 + n.number * 31 / 7 % 16],
                (CAST(:second AS text[]))[1 + n.number / 3 % 17],
                (CAST(:first AS text[]))[1 + n.number / 11 % 16]) AS name
        FROM (SELECT right(d.id, 24)::integer + copy * CAST(:step AS integer) AS number) n
    ) c
    """
)


def _mix(rounds: int) -> Iterator[Asked]:
    """What a shop is asked: leafing, narrowing with facets, searching by words, with slips, by number."""
    rng = random.Random(_SEED + 1)
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


def _parameters(asked: Asked) -> dict[str, Any]:
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


async def _near(http: httpx.AsyncClient) -> None:
    colour = f"{random.Random(time.perf_counter_ns()).randrange(1 << 24):06x}"
    (await http.get("/v1/designs/nearest", params={"hex": colour})).raise_for_status()


async def _scan(unit: Unit, asked: Asked) -> None:
    """The same page, and the same counts where they are asked for, by reading every row each time."""
    await unit.execute(text("SET LOCAL enable_indexscan = off"))
    await unit.execute(text("SET LOCAL enable_bitmapscan = off"))
    await unit.execute(
        text("SET LOCAL enable_nestloop = off")
    )  # without statistics it would read products again and again
    where, given = _where(asked.filters)
    source = f"FROM designs d LEFT JOIN products p ON p.id = d.product_id WHERE d.state = 'live' {where}"
    order = {Sort.NAME: "d.name", Sort.PRICE: "d.price_amount", Sort.PRICE_DESCENDING: "d.price_amount DESC"}
    await unit.execute(
        text(f"SELECT d.id {source} ORDER BY {order.get(asked.sort, 'd.created_at')}, d.id LIMIT {PAGE}"),
        given,
    )
    if asked.count:
        for facet in (
            "d.kind",
            "d.finish",
            "unnest(d.families)",
            "unnest(d.tags)",
            "coalesce(p.stock, 1) > 0",
        ):
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


_CHANGE = text(
    "UPDATE designs SET price_amount = price_amount + 10 "
    "WHERE id = (SELECT id FROM designs ORDER BY id OFFSET 500 LIMIT 1)"
)


async def _index_mb(runtime: Runtime, business_id: str) -> float:
    async with runtime.db.tenant(business_id) as unit:
        return (await Indexes(load_shelf(ROOT / "assets" / "catalog")).of(unit)).nbytes / 1e6


async def _each(mix: list[Asked], ask: Callable[[Asked], Awaitable[None]]) -> list[float]:
    return [1000 * await _timed(ask(asked)) for asked in mix]


async def _timed(work: Awaitable[None]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


def _summary(ms: list[float]) -> dict[str, float]:
    ordered = sorted(ms)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)

    return {"p50_ms": round(statistics.median(ordered), 1), "p95_ms": at(0.95), "p99_ms": at(0.99)}
