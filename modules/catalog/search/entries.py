"""From the shelf, the business's choices and its own designs to what search holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from looks.layer import NailPolish
from modules.catalog.search.entry import Entry, words_of
from modules.catalog.search.store import ChoiceRow, OwnRow
from modules.catalog.shelf import Design, Shelf


class ShippedEntries:
    """The shelf as search holds it, made once; a business's choices are laid over it."""

    def __init__(self, shelf: Shelf) -> None:
        self._entries = {
            design.id: _shipped(place, design) for place, design in enumerate(shelf.designs.values())
        }

    def __contains__(self, design_id: str) -> bool:
        return design_id in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def offered(self, ids: Iterable[str], choices: Mapping[str, ChoiceRow]) -> list[Entry]:
        """Those of the named designs that the business does not hide, at its prices and with its stock."""
        return [
            _as_chosen(self._entries[id], choices.get(id))
            for id in ids
            if id not in choices or not choices[id].hidden
        ]


def own_entry(row: OwnRow) -> Entry:
    """A design of the business's own."""
    return Entry(
        id=row.id,
        kind=row.kind,
        name=row.name,
        lab=row.lab,
        price=row.price_amount,
        currency=row.price_currency,
        renderable=row.renderable,
        finish=row.finish,
        families=row.families,
        tags=row.tags,
        words=words_of(row.name, row.sku, row.kind, row.finish, row.words, *row.tags, *row.families),
        stock=row.stock,
        made_us=row.made_us,
    )


def _shipped(place: int, design: Design) -> Entry:
    style = None if isinstance(design.layer, NailPolish) else design.layer.style
    families = tuple(dict.fromkeys(design.colour_families))
    return Entry(
        id=design.id,
        kind=design.kind,
        name=design.name,
        lab=design.swatches[0].lab,
        price=design.price.amount,
        currency=design.price.currency,
        renderable=design.renderable,
        finish=None if design.finish is None else str(design.finish),
        families=families,
        tags=design.tags,
        words=words_of(design.name, design.sku, design.kind, design.finish, style, *design.tags, *families),
        place=place,
    )


def _as_chosen(entry: Entry, choice: ChoiceRow | None) -> Entry:
    if choice is None:
        return entry
    chosen = msgspec.structs.replace(entry, stock=choice.stock)
    if choice.price_amount is None or choice.price_currency is None:
        return chosen
    return msgspec.structs.replace(chosen, price=choice.price_amount, currency=choice.price_currency)
