"""A house with very many designs of its own: what `bench search` searches."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import insert, text

from kit.ids import new_id
from kit.money import Price
from kit.runtime import Runtime
from looks.colour import Swatch
from looks.finish import LipFinish, NailFinish
from looks.layer import AnyLayer, Hair, Lips, NailPolish
from looks.material import material_of
from modules.catalog import store
from modules.catalog.draft import State
from modules.catalog.shelf import Design, Origin
from modules.catalog.tables import designs
from modules.stock.tables import products

_FIRST = (
    "velvet misty golden silver dusty royal autumn summer winter burnt wild sweet electric pastel smoky lunar"
)
_SECOND = (
    "rose ruby dream night bloom berry kiss storm petal flame sand honey peach plum orchid lagoon cherry"
)
_TAGS = "classic bridal party office vegan limited festive soft bold matte-look everyday evening"
FIRST, SECOND, TAGS = (words.split() for words in (_FIRST, _SECOND, _TAGS))
COLOURS, PRODUCTS = 2000, 1000
ORIGIN = Origin("made for the benchmark", "CC0-1.0")
_SEED = 19


async def furnish(runtime: Runtime, business_id: str, count: int) -> None:
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
        id=f"des_01{business_id[-12:]}{number:012d}",  # ids are unique over all businesses
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
    SELECT left(d.id, 18) || lpad(c.number::text, 12, '0'), d.business_id, d.kind, c.name,
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
        FROM (SELECT right(d.id, 12)::integer + copy * CAST(:step AS integer) AS number) n
    ) c
    """
)
