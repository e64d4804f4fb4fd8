"""A design as a person writes it, in JSON or in a row of a table: flat, hex colours; and the layer that it means."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from kit.errors import FieldError
from kit.money import Price
from kit.text import one_line
from looks.colour import Swatch
from looks.finger import Finger
from looks.finish import Coverage
from looks.layer import (
    AnyLayer,
    Base,
    Brows,
    Cheeks,
    Eyes,
    Hair,
    Layer,
    Lips,
    Millimetres,
    NailArt,
    NailLength,
    NailPolish,
    Share,
)
from looks.material import Material, material_of
from looks.shape import NailShape
from modules.catalog import styles
from modules.catalog.shelf import Design, DesignKind, Minutes, Origin

LAYERS: dict[DesignKind, type[Layer]] = {
    DesignKind.NAIL_POLISH: NailPolish,
    DesignKind.NAIL_ART: NailArt,
    DesignKind.BASE: Base,
    DesignKind.LIPS: Lips,
    DesignKind.CHEEKS: Cheeks,
    DesignKind.EYES: Eyes,
    DesignKind.BROWS: Brows,
    DesignKind.HAIR: Hair,
}
OF_LAYER = (
    *("finish", "style", "shape", "length", "coats", "opacity", "fingers", "level", "parameters"),
    *("coverage", "fill", "liner_mm"),
)
"""Fields that some kinds have and others have not."""

Hex = Annotated[str, Meta(pattern="^#[0-9a-f]{6}$", min_length=7, max_length=7)]
Sku = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=40)]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Tag = Annotated[str, Meta(min_length=1, max_length=30)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
Word = Annotated[str, Meta(max_length=40)]
Words = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=90_000)]
"""Long enough for a picture of looks.picture.MOST_BYTES in base64."""
Value = bool | int | float | Text | Annotated[list[float | Word], Meta(max_length=10)]
Parameters = Annotated[
    dict[Word, Value | Annotated[dict[Word, Value], Meta(max_length=20)]], Meta(max_length=20)
]


class State(StrEnum):
    """draft: nobody sees it; live: customers do; hidden: not offered just now; archived: kept for its history."""

    DRAFT = "draft"
    LIVE = "live"
    HIDDEN = "hidden"
    ARCHIVED = "archived"


class DesignDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A design of the salon's own.

    colours: the leading one first. What a kind does not have is left out (a lipstick has no shape); what is left out
    has the kind's usual value. parameters: of nail art, the fields of its style. material: changes to the finish's
    usual material.
    """

    kind: DesignKind
    name: Name
    sku: Sku
    colours: Annotated[list[Hex], Meta(min_length=1, max_length=5)]
    finish: Word | None = None
    style: Word | None = None
    shape: NailShape | None = None
    length: NailLength | None = None
    coats: Annotated[int, Meta(ge=1, le=4)] | None = None
    opacity: Share | None = None
    fingers: Annotated[list[Finger], Meta(min_length=1, max_length=5)] | None = None
    level: Annotated[int, Meta(ge=1, le=10)] | None = None
    coverage: Coverage | None = None
    fill: Share | None = None
    liner_mm: Millimetres | None = None
    parameters: Parameters = {}
    material: Annotated[dict[str, float], Meta(max_length=30)] = {}
    service: Id
    minutes: Minutes
    price: Price
    product_id: Id | None = None
    tags: Annotated[list[Tag], Meta(max_length=20)] = []
    state: State = State.DRAFT
    source: Words = "made by the salon"
    licence: Words = "all rights reserved"


def design_of(draft: DesignDraft, design_id: str) -> tuple[Design | None, list[FieldError]]:
    """The design that a draft means, or everything that is wrong with it. Services and products are not looked up."""
    errors: list[FieldError] = []
    name, sku = _line("name", draft.name, errors), _line("sku", draft.sku, errors)
    tags = [_line("tags", tag, errors) for tag in draft.tags]
    if any(";" in tag for tag in tags):
        errors.append(FieldError("tags", "A tag holds no semicolon.", "text"))
    source, licence = _line("source", draft.source, errors), _line("licence", draft.licence, errors)
    layer = _layer(draft, errors)
    material = None if layer is None else _material(draft, layer, errors)
    if errors or layer is None or material is None:
        return None, errors
    design = Design(
        id=design_id,
        name=name,
        sku=sku,
        layer=layer,
        material=material,
        service=draft.service,
        minutes=draft.minutes,
        price=draft.price,
        origin=Origin(source, licence),
        tags=tuple(dict.fromkeys(tags)),
    )
    return design, []


def draft_of(design: Design, *, product_id: str | None, state: State) -> DesignDraft:
    """The draft that means this design, every value written out."""
    layer, usual = msgspec.structs.asdict(design.layer), msgspec.structs.asdict(material_of(design.finish))
    material = {
        name: value for name, value in msgspec.structs.asdict(design.material).items() if value != usual[name]
    }
    given = {name: layer[name] for name in OF_LAYER if name in layer}
    if isinstance(design.layer, NailArt):
        parameters = {k: v for k, v in msgspec.to_builtins(design.layer.art).items() if v is not None}
        given |= {"style": parameters.pop("style"), "parameters": parameters}
    if "fingers" in given:
        given["fingers"] = [*given["fingers"]]
    return DesignDraft(
        kind=design.kind,
        name=design.name,
        sku=design.sku,
        colours=[swatch.hex for swatch in design.swatches],
        **{**given, "finish": None if design.finish is None else str(design.finish)},
        material=material,
        service=design.service,
        minutes=design.minutes,
        price=design.price,
        product_id=product_id,
        tags=[*design.tags],
        state=state,
        source=design.origin.source,
        licence=design.origin.licence,
    )


def _layer(draft: DesignDraft, errors: list[FieldError]) -> AnyLayer | None:
    shape = LAYERS.get(draft.kind)
    if shape is None:
        errors.append(FieldError("kind", "A salon cannot make this kind of design yet.", "value"))
        return None
    given = {name: value for name in OF_LAYER if (value := getattr(draft, name)) not in (None, {})}
    if shape is NailArt:
        given["art"] = {**given.pop("parameters", {}), "style": given.pop("style", None)}
        if given["art"]["style"] is None:
            errors.append(FieldError("style", "Nail art has a style.", "missing"))
    for name in [name for name in given if name not in shape.__struct_fields__]:
        words = f"A {draft.kind.replace('_', ' ')} has no {name}."
        errors.append(FieldError(name, words, "not_of_this_kind"))
        del given[name]
    if isinstance(draft.fingers, list) and len(set(draft.fingers)) < len(draft.fingers):
        errors.append(FieldError("fingers", "A finger is named twice.", "value"))
    swatches = tuple(Swatch.of(colour) for colour in draft.colours)
    if shape is NailPolish and len(swatches) > 1:
        errors.append(FieldError("colours", "A nail polish has one colour.", "value"))
    given |= {"swatch": swatches[0]} if shape is NailPolish else {"colours": swatches}
    if errors:
        return None
    try:
        layer: Any = msgspec.convert(given, shape)
        styles.check(layer)
    except styles.Unfit as error:
        errors.append(FieldError(error.field, f"{error}.", "value"))
        return None
    except msgspec.ValidationError as error:
        words, _, path = str(error).partition(" - at `$.")
        errors.append(FieldError(_field_at(path.rstrip("`")), f"{words}.", "value"))
        return None
    found: AnyLayer = layer
    return found


def _field_at(path: str) -> str:
    """The draft's field that a place in a layer was made from."""
    if path == "art.style":
        return "style"
    field = path.partition("[")[0].partition(".")[0]
    return "parameters" if field == "art" else field or "finish"


def _material(draft: DesignDraft, layer: AnyLayer, errors: list[FieldError]) -> Material | None:
    finish = None if isinstance(layer, Brows | Hair) else layer.finish
    try:
        return material_of(finish).changed(draft.material)
    except msgspec.ValidationError as error:
        errors.append(FieldError("material", f"{error}.", "value"))
        return None


def _line(field: str, text: str, errors: list[FieldError]) -> str:
    try:
        return one_line(text)
    except ValueError as error:
        errors.append(FieldError(field, f"This cannot be used: {error}.", "text"))
        return text
