"""From the catalogue's designs, as a customer chose them, to the layers of a look."""

from __future__ import annotations

import msgspec

from kit.errors import FieldError
from looks.layer import AnyLayer, NailArt, NailPolish
from looks.look import Look
from modules.catalog.errors import UnrenderableDesign
from modules.catalog.shelf import Shelf
from modules.tryon.errors import BadChoice, UnknownBundle
from modules.tryon.wire import DesignChoice, LookChoice


def chosen_look(shelf: Shelf, choice: LookChoice) -> Look:
    """The look that a choice stands for. Raises BadChoice, UnknownDesign, UnknownBundle, UnrenderableDesign."""
    if (choice.bundle is None) == (not choice.designs):
        raise BadChoice("A look names either designs or a bundle.")
    if choice.bundle is not None:
        return msgspec.structs.replace(_bundle_look(shelf, choice.bundle), faces=choice.faces)
    choices = [DesignChoice(pick) if isinstance(pick, str) else pick for pick in choice.designs]
    look = shelf.look(pick.id for pick in choices)
    layers = tuple(_on_fingers(layer, pick) for layer, pick in zip(look.layers, choices, strict=True))
    return Look(name=look.name, layers=layers, faces=choice.faces)


def _bundle_look(shelf: Shelf, bundle_id: str) -> Look:
    """All layers of a bundle; those without a renderer come back as `unsupported`, unless none has one."""
    bundle = shelf.bundles.get(bundle_id)
    if bundle is None:
        raise UnknownBundle(errors=(FieldError("looks.bundle", f"{bundle_id} is not in the catalogue"),))
    designs = shelf.designs_of(bundle.designs)
    if not any(design.renderable for design in designs):
        raise UnrenderableDesign.named([design.id for design in designs])
    return Look(name=bundle.name, layers=tuple(design.worn for design in designs))


def _on_fingers(layer: AnyLayer, pick: DesignChoice) -> AnyLayer:
    if pick.fingers is None:
        return layer
    if not isinstance(layer, NailPolish | NailArt):
        raise BadChoice(errors=(FieldError("looks.designs.fingers", f"{pick.id} is not a nail design"),))
    return msgspec.structs.replace(layer, fingers=pick.fingers)
