"""The shelf: every design, look bundle and service that ships with the product, in memory, never changed.

Shipped designs have readable, stable ids (`des_polish_lacquer_red`, always two underscores or more); designs
that a salon makes itself get sortable ones from `kit.ids`, which hold one underscore: the two never meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from kit.money import Price
from looks.colour import Swatch
from looks.layer import AnyLayer, Brows, Hair, NailPolish, of_material
from looks.look import Look
from looks.material import AnyFinish, Material
from looks.renderable import is_renderable
from modules.catalog.errors import UnfitSelection, UnknownDesign, UnrenderableDesign
from modules.catalog.family import ColourFamily, family_of, hair_family_of

Name = Annotated[str, Meta(min_length=1, max_length=60)]
Minutes = Annotated[int, Meta(ge=0, le=600)]
ServiceId = Annotated[str, Meta(pattern=r"^srv_[a-z0-9]+(_[a-z0-9]+)*$", max_length=64)]
DesignId = Annotated[
    str, Meta(pattern=r"^des_(polish|art|base|lips|cheeks|eyes|brows|hair)(_[a-z0-9]+)+$", max_length=64)
]
BundleId = Annotated[str, Meta(pattern=r"^loo_[a-z0-9]+(_[a-z0-9]+)*$", max_length=64)]
MAX_LAYERS = 12


class DesignKind(StrEnum):
    """The kinds of layers, in the order in which a customer leafs through them."""

    NAIL_POLISH = "nail_polish"
    NAIL_ART = "nail_art"
    BASE = "base"
    LIPS = "lips"
    CHEEKS = "cheeks"
    EYES = "eyes"
    BROWS = "brows"
    HAIR = "hair"


class ServiceKind(StrEnum):
    MANICURE = "manicure"
    POLISH_CHANGE = "polish_change"
    NAIL_ADD_ON = "nail_add_on"
    MAKEUP = "makeup"
    BROW = "brow"
    HAIR_COLOUR = "hair_colour"


class Origin(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a design comes from and under which licence it may be used."""

    source: str
    licence: str


class Service(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that can be booked; buffers keep the chair before and after the customer's own minutes."""

    id: ServiceId
    name: Name
    kind: ServiceKind
    minutes: Minutes
    price: Price
    buffer_before_min: Minutes = 0
    buffer_after_min: Minutes = 0


class Design(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One design: its layer, how it meets light, and what it means for the appointment."""

    id: DesignId
    name: Name
    sku: Annotated[str, Meta(pattern="^V[PAFLCEBH]-[A-Z]{3}-[0-9]{2}$")]
    layer: AnyLayer
    material: Material
    service: ServiceId
    minutes: Minutes
    price: Price
    origin: Origin
    tags: tuple[str, ...] = ()

    @property
    def kind(self) -> DesignKind:
        return DesignKind(str(self.layer.__struct_config__.tag))

    @property
    def finish(self) -> AnyFinish | None:
        """None for hair and brows."""
        return None if isinstance(self.layer, Brows | Hair) else self.layer.finish

    @property
    def swatches(self) -> tuple[Swatch, ...]:
        """The leading colour first."""
        return (self.layer.swatch,) if isinstance(self.layer, NailPolish) else self.layer.colours

    @property
    def colour_families(self) -> tuple[ColourFamily, ...]:
        """Family of each swatch."""
        family = hair_family_of if isinstance(self.layer, Brows | Hair) else family_of
        return tuple(family(swatch.lab) for swatch in self.swatches)

    @property
    def colour_family(self) -> ColourFamily:
        """Family of the leading swatch."""
        return self.colour_families[0]

    @property
    def worn(self) -> AnyLayer:
        """The layer as it is drawn, in the design's own material."""
        return of_material(self.layer, self.material)

    @property
    def renderable(self) -> bool:
        return is_renderable(self.layer)


class Bundle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Designs that go together, drawn in this order."""

    id: BundleId
    name: Name
    occasion: Name
    designs: Annotated[tuple[DesignId, ...], Meta(min_length=1, max_length=MAX_LAYERS)]


class Shelf:
    """Everything on offer, by id and in the order in which a customer leafs through it."""

    def __init__(
        self, designs: Iterable[Design], bundles: Iterable[Bundle], services: Iterable[Service]
    ) -> None:
        self.designs: Mapping[str, Design] = {design.id: design for design in designs}
        self.bundles: Mapping[str, Bundle] = {bundle.id: bundle for bundle in bundles}
        self.services: Mapping[str, Service] = {service.id: service for service in services}
        self._words = {design.id: words_of(design) for design in self.designs.values()}

    def design(self, id: str) -> Design:
        """Raises UnknownDesign."""
        return self.designs_of((id,))[0]

    def designs_of(self, ids: Iterable[str]) -> tuple[Design, ...]:
        """In the order asked for; raises UnknownDesign with every id that is missing."""
        asked = tuple(ids)
        if missing := [id for id in asked if id not in self.designs]:
            raise UnknownDesign.named(missing)
        return tuple(self.designs[id] for id in asked)

    def look(self, ids: Iterable[str], name: str | None = None) -> Look:
        """These designs in this order; raises UnknownDesign, UnrenderableDesign or UnfitSelection."""
        designs = self.designs_of(ids)
        if not 1 <= len(designs) <= MAX_LAYERS:
            raise UnfitSelection
        if undrawn := [design.id for design in designs if not design.renderable]:
            raise UnrenderableDesign.named(undrawn)
        return Look(name or ", ".join(design.name for design in designs), tuple(d.worn for d in designs))

    def search(
        self,
        *,
        kind: DesignKind | None = None,
        finish: str | None = None,
        family: ColourFamily | None = None,
        query: str | None = None,
        renderable: bool | None = None,
    ) -> tuple[Design, ...]:
        """Designs that fit everything asked; a query's words must each begin a word of the design."""
        asked = (query or "").casefold().split()
        return tuple(
            design
            for design in self.designs.values()
            if (kind is None or design.kind is kind)
            and (finish is None or design.finish == finish)
            and (family is None or family in design.colour_families)
            and (renderable is None or design.renderable is renderable)
            and all(any(word.startswith(part) for word in self._words[design.id]) for part in asked)
        )


def words_of(design: Design) -> frozenset[str]:
    """What a customer may type to find it, in lower case."""
    style = "" if isinstance(design.layer, NailPolish) else design.layer.style
    text = " ".join(
        (design.name, design.kind, design.finish or "", style, *design.tags, *design.colour_families)
    )
    return frozenset((*text.casefold().replace("_", " ").split(), design.sku.casefold()))
