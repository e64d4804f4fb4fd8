"""Try-ons as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from looks.finger import Finger
from looks.look import Faces
from modules.tryon.result import LayerOutcome
from modules.tryon.states import Status


class DesignChoice(Struct, frozen=True, forbid_unknown_fields=True):
    """A design, on all fingers or on some."""

    id: str
    fingers: Annotated[tuple[Finger, ...], Meta(min_length=1, max_length=5)] | None = None


class LookChoice(Struct, frozen=True, forbid_unknown_fields=True):
    """One picture to make: designs drawn in their order, or a bundle of the catalogue.

    faces: who wears make-up where a photo shows several: all, the largest, or numbers counted from the left, from 0.
    """

    designs: Annotated[tuple[str | DesignChoice, ...], Meta(max_length=12)] = ()
    bundle: str | None = None
    faces: Faces = "all"


class TryOnRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo and up to twelve looks; each look becomes one picture."""

    photo_id: str
    looks: Annotated[tuple[LookChoice, ...], Meta(min_length=1, max_length=12)]


class Failure(Struct, frozen=True):
    """Why a try-on failed."""

    code: str
    message: str


class RenderView(Struct, frozen=True):
    """One look drawn onto the photo. pictures: short-lived URLs by name (full, preview, thumbnail).

    sha256: of each picture's bytes, by name; sizes: short-lived URLs by width in pixels, answered in WebP to who
    accepts it and in JPEG to others.
    """

    look: str
    layers: tuple[LayerOutcome, ...]
    pictures: dict[str, str]
    sha256: dict[str, str] = {}
    sizes: dict[str, str] = {}


class TryOn(Struct, frozen=True):
    """A try-on: progress from 0 to 1, and the pictures when it is done. test: a test key's, never metered.

    links.events: a stream of server-sent events that needs no header; it is signed for this try-on.
    before: the photo without its metadata, kept under a consent of its own, with hash and sizes as a render has them.
    """

    id: str
    customer_id: str
    photo_id: str
    status: Status
    version: int
    progress: float
    created_at: datetime
    expires_at: datetime
    links: dict[str, str]
    test: bool = False
    renders: tuple[RenderView, ...] = ()
    before: str | None = None
    before_sha256: str | None = None
    before_sizes: dict[str, str] = {}
    advice: tuple[str, ...] = ()
    problem: Failure | None = None
    finished_at: datetime | None = None


class TryOnPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[TryOn, ...]
    next_cursor: str | None = None


class ErasureReceipt(Struct, frozen=True):
    """Says that something is erased: its pictures are deleted from storage within a minute."""

    id: str
    subject: str
    erased_at: datetime
