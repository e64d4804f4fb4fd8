"""From what is worn to what is done in which order: pure, and in the words of the trade in one language."""

from __future__ import annotations

from collections.abc import Sequence

from looks.finger import Finger
from looks.layer import Hair, NailArt, NailPolish
from looks.shape import NailShape
from modules.booking.hair import takes
from modules.booking.quote import Wishes, Worn
from modules.booking.sheet.wire import SheetFinger, SheetStep
from modules.booking.sheet.words import Speech
from modules.catalog.shelf import Design

OnFingers = tuple[Design, tuple[Finger, ...]]


def fingers(worn: Sequence[OnFingers]) -> tuple[SheetFinger, ...]:
    """Each finger with what it wears; none where the look has no nails."""
    if not any(isinstance(design.layer, NailPolish | NailArt) for design, _ in worn):
        return ()
    return tuple(
        SheetFinger(finger, tuple(design.id for design, on in worn if finger in on)) for finger in Finger
    )


def recipe(worn: Sequence[OnFingers], wishes: Wishes, words: Speech) -> tuple[SheetStep, ...]:
    """What to do, the first thing first."""
    nails = [(design, on) for design, on in worn if isinstance(design.layer, NailPolish | NailArt)]
    steps = _nails(nails, wishes, words) if nails else []
    for design, _ in worn:
        if isinstance(design.layer, Hair):
            steps += _hair(design, design.layer, wishes, words)
        elif not isinstance(design.layer, NailPolish | NailArt):
            steps.append(SheetStep(words.step("apply", design=design.name), _how(design)))
    return tuple(steps)


def _nails(nails: Sequence[OnFingers], wishes: Wishes, words: Speech) -> list[SheetStep]:
    layer = nails[0][0].layer
    assert isinstance(layer, NailPolish | NailArt)
    shape, length = wishes.shape or layer.shape, wishes.length or layer.length
    steps = []
    if wishes.wearing is not Worn.NOTHING:
        steps.append(SheetStep(words.step("take_off", wearing=words.name("wearing", wishes.wearing))))
    if shape is not NailShape.NATURAL or length > 1:
        called = words.step("natural") if shape is NailShape.NATURAL else words.name("shape", shape)
        share = words.step("length", length=words.number(length))
        steps.append(SheetStep(words.step("shape", shape=called), share))
    else:
        steps.append(SheetStep(words.step("tidy"), words.step("natural")))
    steps.append(SheetStep(words.step("prepare")))
    for design, on in nails:
        drawn = design.layer
        assert isinstance(drawn, NailPolish | NailArt)
        coats = wishes.coats if wishes.coats and drawn is layer else drawn.coats
        fingers = ", ".join(words.name("finger", finger) for finger in on)
        where = words.step("all_fingers") if len(on) == len(Finger) else fingers
        art = f" ({words.name('style', drawn.style)})" if isinstance(drawn, NailArt) else ""
        steps.append(SheetStep(f"{coats} × {design.name}{art}", f"{where} · {_how(design)}"))
    finish = words.name("finish", str(nails[0][0].finish))
    steps.append(SheetStep(words.step("top_coat"), words.step("finish", finish=finish)))
    return steps


def _hair(design: Design, layer: Hair, wishes: Wishes, words: Speech) -> list[SheetStep]:
    """A step a session, with its developer and toner, then the colour itself."""
    steps = []
    if wishes.hair is not None:
        way = takes(wishes.hair, layer)
        for number, session in enumerate(way.sessions, start=1):
            work = words.name("work", session.work)
            if len(way.sessions) > 1:
                work = words.step("session", number=number, count=len(way.sessions), work=work)
            how = words.step(
                "lighten",
                from_level=session.from_level,
                to_level=session.to_level,
                volume=session.developer_volume,
            )
            toner = words.name("toner", session.toner) if session.toner else ""
            steps.append(SheetStep(work, f"{how} · {words.step('tone', toner=toner)}" if toner else how))
        if way.bleach:
            steps.append(SheetStep(words.step("strand_test"), words.step("before_lightening")))
    style = words.name("style", layer.style)
    steps.append(SheetStep(words.step("colour", design=design.name), f"{style} · {_how(design)}"))
    return steps


def _how(design: Design) -> str:
    return " · ".join([design.sku, *(swatch.hex for swatch in design.swatches)])
