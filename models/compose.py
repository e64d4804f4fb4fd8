"""A look on a photo: its layers drawn in their order, and how each came out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from looks.hair_formula import HairFeasibility
from looks.layer import AnyLayer
from looks.look import Look
from models.render import Part, renderer_for
from models.render.nails.remove import remove_polish
from models.render.nails.wear import lay_edge, wear
from models.types import Array, Photo, Scan
from models.wearers import worn_by

NO_HAND = "We could not see a hand – lay it flat, back up, in good light."
NO_NAILS = "We could not see your nails – lay your hand flat, back up."
SOME_NAILS = "Some nails are hidden – spread your fingers and lay them flat."
NO_FACE = "We could not see a face – look straight into the camera, in good light."
NOT_THAT_FACE = "The photo shows no such face – choose another one."
NO_LIPS = "We could not see your lips – keep your mouth free and inside the picture."
NO_SKIN = "Too much of your face is hidden – keep hair, hands and mask away from it."
NO_CHEEKS = "We could not see your cheeks – keep hair and hands away from them."
NO_EYES = "We could not see your eyes – look straight into the camera, without dark glasses."
NO_BROWS = "We could not see your brows – keep your hair away from your forehead."
NO_HEAD = "We could not see hair – keep the whole head inside the picture, in good light."
NO_HAIR = "We could not see your hair – take off what covers it, and keep the whole head inside the picture."
NOT_YET = "This design cannot be shown on a photo yet."


class LayerStatus(StrEnum):
    """How a layer came out."""

    APPLIED = "applied"
    NOT_FOUND = "not_found"
    OCCLUDED = "occluded"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class LayerResult:
    """One layer's outcome; advice is for the customer and may be empty; feasibility: what a hair colour takes."""

    status: LayerStatus
    confidence: float = 0.0
    advice: str = ""
    feasibility: HairFeasibility | None = None


@dataclass(frozen=True, slots=True)
class Underlay:
    """What lies under the layer that is being tried: who goes from shade to shade changes one layer of many.

    look: the whole look that was drawn; canvas: (h, w, 3) uint8 after the first layers of it; results: of those layers.
    """

    look: Look
    canvas: Array
    results: tuple[LayerResult, ...]

    def fits(self, look: Look) -> bool:
        """Whether a look begins with the layers that are drawn here, on the same faces."""
        drawn = len(self.results)
        return self.look.faces == look.faces and self.look.layers[:drawn] == look.layers[:drawn]

    def shared(self, look: Look) -> int:
        """How many layers this look begins with that were drawn last time, too."""
        if self.look.faces != look.faces:
            return 0
        pairs = zip(self.look.layers, look.layers, strict=False)
        return next((n for n, (one, other) in enumerate(pairs) if one != other), len(self.look.layers))


@dataclass(frozen=True, slots=True)
class Composed:
    """canvas: (h, w, 3) uint8; results: one a layer; underlay: for the next shade, None where it would not help."""

    canvas: Array
    results: tuple[LayerResult, ...]
    underlay: Underlay | None


def compose(photo: Photo, scan: Scan, look: Look, under: Underlay | None = None) -> Composed:
    """Draw a look's layers in their order on a copy of the photo.

    under: of the last look on this photo with this scan; the layers with which both begin are not drawn again. Looks
    that wear nails are drawn as a whole: what lies under polish depends on all of it.
    """
    no_face = NOT_THAT_FACE if scan.faces else NO_FACE
    worn = worn_by(scan, look.faces)
    if any(_on_nails(layer) for layer in look.layers):
        return _with_nails(photo, worn, look, no_face)
    begun = under if under is not None and under.fits(look) else Underlay(look, photo.rgb, ())
    stays = _stays(look, under)
    canvas, results, kept = begun.canvas.copy(), [*begun.results], None
    for layer in look.layers[len(results) :]:
        if len(results) == stays:
            kept = Underlay(
                look, begun.canvas if stays == len(begun.results) else canvas.copy(), tuple(results)
            )
        results.append(_drawn(canvas, worn, layer, no_face))
    return Composed(canvas, tuple(results), kept if stays else None)


def _stays(look: Look, under: Underlay | None) -> int:
    """How many layers will lie under the one that changes next: under the one that changed now, else under the last."""
    last = len(look.layers) - 1
    shared = 0 if under is None else under.shared(look)
    return min(shared, last) if shared else last


def _with_nails(photo: Photo, scan: Scan, look: Look, no_face: str) -> Composed:
    canvas = photo.rgb.copy()
    remove_polish(canvas, scan, look.layers)
    shaped, tips = wear(canvas, scan, look.layers)
    results = tuple(_drawn(canvas, shaped, layer, no_face) for layer in look.layers)
    for tip in tips:
        lay_edge(canvas, tip)
    return Composed(canvas, results, None)


def _on_nails(layer: AnyLayer) -> bool:
    renderer = renderer_for(layer)
    return renderer is not None and renderer.part is Part.NAILS


def _drawn(canvas: Array, scan: Scan, layer: AnyLayer, no_face: str) -> LayerResult:
    """no_face: what to say where the scan holds no face."""
    renderer = renderer_for(layer)
    if renderer is None:
        return LayerResult(LayerStatus.UNSUPPORTED, advice=NOT_YET)
    drawn = renderer.draw(canvas, scan, layer)
    if drawn.count:
        advice = SOME_NAILS if renderer.part is Part.NAILS and drawn.missing else ""
        return LayerResult(LayerStatus.APPLIED, drawn.confidence, advice, drawn.feasibility)
    holders, unseen, hidden = {
        Part.NAILS: (scan.hands, NO_HAND, NO_NAILS),
        Part.LIPS: (scan.faces, no_face, NO_LIPS),
        Part.BASE: (scan.faces, no_face, NO_SKIN),
        Part.CHEEKS: (scan.faces, no_face, NO_CHEEKS),
        Part.EYES: (scan.faces, no_face, NO_EYES),
        Part.BROWS: (scan.faces, no_face, NO_BROWS),
        Part.HAIR: (scan.faces, NO_HEAD if no_face is NO_FACE else no_face, NO_HAIR),
    }[renderer.part]
    if holders:
        return LayerResult(LayerStatus.OCCLUDED, advice=hidden)
    return LayerResult(LayerStatus.NOT_FOUND, advice=unseen)
