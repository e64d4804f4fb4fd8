"""From what is worn to what is done in which order: pure, and in the words of the trade."""

from __future__ import annotations

from collections.abc import Sequence

from looks.finger import Finger
from looks.layer import Hair, NailArt, NailPolish
from looks.shape import NailShape
from modules.booking.hair import takes
from modules.booking.quote import Wishes, Worn
from modules.booking.sheet.wire import SheetFinger, SheetStep
from modules.catalog.shelf import Design

OnFingers = tuple[Design, tuple[Finger, ...]]


def fingers(worn: Sequence[OnFingers]) -> tuple[SheetFinger, ...]:
    """Each finger with what it wears; none where the look has no nails."""
    if not any(isinstance(design.layer, NailPolish | NailArt) for design, _ in worn):
        return ()
    return tuple(
        SheetFinger(finger, tuple(design.id for design, on in worn if finger in on)) for finger in Finger
    )


def recipe(worn: Sequence[OnFingers], wishes: Wishes) -> tuple[SheetStep, ...]:
    """What to do, the first thing first."""
    nails = [(design, on) for design, on in worn if isinstance(design.layer, NailPolish | NailArt)]
    steps = _nails(nails, wishes) if nails else []
    for design, _ in worn:
        if isinstance(design.layer, Hair):
            steps += _hair(design, design.layer, wishes)
        elif not isinstance(design.layer, NailPolish | NailArt):
            steps.append(SheetStep(f"Apply {design.name}", _how(design)))
    return tuple(steps)


def _nails(nails: Sequence[OnFingers], wishes: Wishes) -> list[SheetStep]:
    layer = nails[0][0].layer
    assert isinstance(layer, NailPolish | NailArt)
    shape, length = wishes.shape or layer.shape, wishes.length or layer.length
    steps = []
    if wishes.wearing is not Worn.NOTHING:
        steps.append(SheetStep(f"Take off the {wishes.wearing}"))
    if shape is not NailShape.NATURAL or length > 1:
        steps.append(SheetStep(f"Shape {shape}", f"length {length:g} of the natural nail"))
    else:
        steps.append(SheetStep("Tidy the shape", "natural"))
    steps.append(SheetStep("Prepare and base coat"))
    for design, on in nails:
        drawn = design.layer
        assert isinstance(drawn, NailPolish | NailArt)
        coats = wishes.coats if wishes.coats and drawn is layer else drawn.coats
        where = "all fingers" if len(on) == len(Finger) else ", ".join(on)
        art = f" ({drawn.style})" if isinstance(drawn, NailArt) else ""
        steps.append(SheetStep(f"{coats} × {design.name}{art}", f"{where} · {_how(design)}"))
    steps.append(SheetStep("Top coat", f"finish {nails[0][0].finish}"))
    return steps


def _hair(design: Design, layer: Hair, wishes: Wishes) -> list[SheetStep]:
    """A step a session, with its developer and toner, then the colour itself."""
    steps = []
    if wishes.hair is not None:
        way = takes(wishes.hair, layer)
        for number, session in enumerate(way.sessions, start=1):
            of = f"Session {number} of {len(way.sessions)}: " if len(way.sessions) > 1 else ""
            words = f"level {session.from_level} to {session.to_level}, {session.developer_volume} volumes"
            toner = f" · tone with {session.toner}" if session.toner else ""
            steps.append(SheetStep(f"{of}{session.work.replace('_', ' ')}", words + toner))
        if way.bleach:
            steps.append(SheetStep("Strand test", "before anything is lightened"))
    steps.append(SheetStep(f"Colour {design.name}", f"{layer.style} · {_how(design)}"))
    return steps


def _how(design: Design) -> str:
    return " · ".join([design.sku, *(swatch.hex for swatch in design.swatches)])
