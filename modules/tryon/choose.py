"""From the catalogue's designs, as a customer chose them, to the layers of a look."""

from __future__ import annotations

import msgspec

from kit.errors import FieldError
from looks.layer import AnyLayer, NailArt, NailPolish
from looks.look import Look
from modules.catalog.service import CatalogService
from modules.tryon.errors import BadChoice
from modules.tryon.wire import DesignChoice, LookChoice


def chosen_look(catalog: CatalogService, choice: LookChoice) -> Look:
    """The look that a choice stands for. Raises BadChoice, UnknownDesign, UnrenderableDesign."""
    if (choice.bundle is None) == (not choice.designs):
        raise BadChoice("A look names either designs or a bundle.")
    if choice.bundle is not None:
        return catalog.bundle_look(choice.bundle)
    choices = [DesignChoice(pick) if isinstance(pick, str) else pick for pick in choice.designs]
    look = catalog.look([pick.id for pick in choices])
    layers = tuple(_on_fingers(layer, pick) for layer, pick in zip(look.layers, choices, strict=True))
    return Look(name=look.name, layers=layers)


def _on_fingers(layer: AnyLayer, pick: DesignChoice) -> AnyLayer:
    if pick.fingers is None:
        return layer
    if not isinstance(layer, NailPolish | NailArt):
        raise BadChoice(errors=(FieldError("looks.designs.fingers", f"{pick.id} is not a nail design"),))
    return msgspec.structs.replace(layer, fingers=pick.fingers)
