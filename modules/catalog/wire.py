"""The catalogue's answers as JSON."""

from __future__ import annotations

from msgspec import Struct

from kit.money import Price
from looks.colour import Swatch
from looks.layer import AnyLayer
from looks.material import Material
from modules.catalog.family import ColourFamily
from modules.catalog.shelf import Bundle, Design, DesignKind, Origin, Service, Shelf


class DesignView(Struct, frozen=True, kw_only=True):
    """A design as customers and tills see it; `renderable` says whether it can be tried on today.

    image: where its picture is; null while an own design's is not drawn. in_stock: false only where its product is
    known to be used up.
    """

    id: str
    name: str
    kind: DesignKind
    finish: str | None
    colour_family: ColourFamily
    swatches: tuple[Swatch, ...]
    renderable: bool
    service: str
    minutes: int
    price: Price
    sku: str
    tags: tuple[str, ...]
    layer: AnyLayer
    material: Material
    origin: Origin
    image: str | None
    in_stock: bool

    @classmethod
    def of(cls, design: Design, image: str | None, *, in_stock: bool) -> DesignView:
        return cls(
            id=design.id,
            name=design.name,
            kind=design.kind,
            finish=design.finish,
            colour_family=design.colour_family,
            swatches=design.swatches,
            renderable=design.renderable,
            service=design.service,
            minutes=design.minutes,
            price=design.price,
            sku=design.sku,
            tags=design.tags,
            layer=design.layer,
            material=design.material,
            origin=design.origin,
            image=image,
            in_stock=in_stock,
        )


class BundleView(Struct, frozen=True, kw_only=True):
    """Designs that go together; minutes and price are the sums of theirs."""

    id: str
    name: str
    occasion: str
    designs: tuple[str, ...]
    swatches: tuple[Swatch, ...]
    renderable: bool
    minutes: int
    price: Price

    @classmethod
    def of(cls, bundle: Bundle, shelf: Shelf) -> BundleView:
        designs = shelf.designs_of(bundle.designs)
        return cls(
            id=bundle.id,
            name=bundle.name,
            occasion=bundle.occasion,
            designs=bundle.designs,
            swatches=tuple(design.swatches[0] for design in designs),
            renderable=all(design.renderable for design in designs),
            minutes=sum(design.minutes for design in designs),
            price=Price(sum(design.price.amount for design in designs), designs[0].price.currency),
        )


class BundlePage(Struct, frozen=True):
    """All look bundles; `next_cursor` is null."""

    items: tuple[BundleView, ...]
    next_cursor: str | None = None


class ServicePage(Struct, frozen=True):
    """All services; `next_cursor` is null."""

    items: tuple[Service, ...]
    next_cursor: str | None = None
