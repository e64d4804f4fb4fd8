"""What a salon adds to the shelf and makes of it, as the API takes and shows it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from kit.money import Price
from looks.colour import Swatch
from looks.finger import Finger
from looks.layer import NailLength, Share
from looks.shape import NailShape
from modules.catalog.draft import DesignDraft, Hex, Id, Name, Parameters, Sku, State, Tag, Word, Words
from modules.catalog.family import ColourFamily
from modules.catalog.shelf import MAX_LAYERS, Minutes, ServiceKind


class DesignChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays. A design keeps its kind."""

    name: Name | UnsetType = UNSET
    sku: Sku | UnsetType = UNSET
    colours: Annotated[list[Hex], Meta(min_length=1, max_length=5)] | UnsetType = UNSET
    finish: Word | UnsetType = UNSET
    style: Word | UnsetType = UNSET
    shape: NailShape | UnsetType = UNSET
    length: NailLength | UnsetType = UNSET
    coats: Annotated[int, Meta(ge=1, le=4)] | UnsetType = UNSET
    opacity: Share | UnsetType = UNSET
    fingers: Annotated[list[Finger], Meta(min_length=1, max_length=5)] | UnsetType = UNSET
    level: Annotated[int, Meta(ge=1, le=10)] | UnsetType = UNSET
    parameters: Parameters | UnsetType = UNSET
    material: Annotated[dict[str, float], Meta(max_length=30)] | UnsetType = UNSET
    service: Id | UnsetType = UNSET
    minutes: Minutes | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    product_id: Id | UnsetType | None = UNSET
    tags: Annotated[list[Tag], Meta(max_length=20)] | UnsetType = UNSET
    state: State | UnsetType = UNSET
    source: Words | UnsetType = UNSET
    licence: Words | UnsetType = UNSET


class PreviewState(StrEnum):
    """pending: a worker has not drawn it yet."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class Preview(Struct, frozen=True):
    """The design's picture: a painted nail tip or mouth, or its colours on a card. url: signed, for fifteen minutes."""

    status: PreviewState
    url: str | None = None
    sha256: str | None = None


class OwnDesign(Struct, frozen=True, kw_only=True):
    """A design of the salon's own. version: for If-Match; renderable: whether it can be tried on today."""

    id: str
    design: DesignDraft
    colour_families: list[ColourFamily]
    swatches: tuple[Swatch, ...]
    renderable: bool
    preview: Preview
    version: int
    created_at: datetime
    updated_at: datetime


class OwnDesignPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[OwnDesign, ...]
    next_cursor: str | None = None


class ShelfChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the salon makes of a shipped design; null leaves what it ships with."""

    hidden: bool = False
    minutes: Minutes | None = None
    price: Price | None = None
    product_id: Id | None = None


class ChosenDesign(Struct, frozen=True, kw_only=True):
    """A shipped design and what the salon made of it; version 0 says that it chose nothing yet."""

    design_id: str
    choice: ShelfChoice
    version: int


class BundleDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Designs that go together, shipped or the salon's own, drawn in this order."""

    name: Name
    occasion: Name
    designs: Annotated[list[Id], Meta(min_length=1, max_length=MAX_LAYERS)]
    state: State = State.DRAFT


class BundleChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    name: Name | UnsetType = UNSET
    occasion: Name | UnsetType = UNSET
    designs: Annotated[list[Id], Meta(min_length=1, max_length=MAX_LAYERS)] | UnsetType = UNSET
    state: State | UnsetType = UNSET


class OwnBundle(Struct, frozen=True, kw_only=True):
    """A look bundle of the salon's own."""

    id: str
    bundle: BundleDraft
    version: int
    created_at: datetime
    updated_at: datetime


class OwnBundlePage(Struct, frozen=True):
    """Newest first."""

    items: tuple[OwnBundle, ...]
    next_cursor: str | None = None


class ServiceDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that can be booked; buffers keep the chair before and after the customer's own minutes."""

    name: Name
    kind: ServiceKind
    minutes: Minutes
    buffer_before_min: Minutes = 0
    buffer_after_min: Minutes = 0
    price: Price
    offered: bool = True


class ServiceChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays. Name and kind of a shipped service cannot be changed."""

    name: Name | UnsetType = UNSET
    kind: ServiceKind | UnsetType = UNSET
    minutes: Minutes | UnsetType = UNSET
    buffer_before_min: Minutes | UnsetType = UNSET
    buffer_after_min: Minutes | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    offered: bool | UnsetType = UNSET


class OwnService(Struct, frozen=True, kw_only=True):
    """A service as this salon offers it. shipped: it came with the product; version 0: nothing of it was changed."""

    id: str
    shipped: bool
    service: ServiceDraft
    version: int


class OwnServices(Struct, frozen=True):
    """Shipped services first, then the salon's own in the order in which they were added, on one page."""

    items: tuple[OwnService, ...]
    next_cursor: str | None = None
