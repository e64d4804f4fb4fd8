"""Which shades suit a face, and why.

A shade is judged by its warmth against the undertone's, by its depth against what it is worn on, and by its chroma
against the contrast of the face; the less sure the analysis is of one of these, the less it counts. What comes out
best is then spread: shades that look alike do not stand beside each other.
Foundation is another matter: there the nearest colour is the right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, hypot
from typing import Self

import numpy as np
from msgspec import Struct

from looks.colour import delta_e00
from looks.person import Undertone
from modules.analysis.facts import FaceFacts, SkinTone
from modules.analysis.warmth import Lab, warmth_of, word_for
from modules.catalog.family import ColourFamily
from modules.catalog.shelf import Design, DesignKind

BASE = "base"
"""The kind of foundations, which are matched rather than chosen."""

NATURAL = frozenset(
    {ColourFamily.BLACK, ColourFamily.BROWN, ColourFamily.BLONDE, ColourFamily.RED, ColourFamily.GREY}
)
"""Families of hair that people are born with, or grow into."""
ALIKE, APART = 6.0, 13.0
"""ΔE00 below which a second shade says nothing new, and from which it is another."""
LOWEST = 15.0  # L* of shades that are not all black
STEP = 10.0  # of L*: what a customer calls a step deeper
WARMTH_REACH, DEPTH_REACH, CHROMA_REACH = 0.55, 16.0, 22.0
BROWS_REACH = 14.0  # ΔE00 to her own, as which brows should look
FASHION = 0.6  # of the score of hair that nobody is born with
DEEPEST = {DesignKind.LIPS: 18.0, DesignKind.CHEEKS: 34.0}
UNSURE = 0.35  # of a weight: what is left of it when the analysis is not sure at all
SUNNY = 4.0  # of L*: a foundation this much away in depth is another shade, not another match


@dataclass(frozen=True, slots=True)
class Aim:
    """What shades of a kind should be. depth: wanted L*; than: what that is compared with in words, and its L*."""

    depth: float
    chroma: float
    than: str
    than_depth: float


class Suited(Struct, frozen=True):
    """A design that suits. score: 0 to 1; reason: for the customer; distance: ΔE00 to the skin, of foundations only."""

    design: Design
    score: float
    reason: str
    distance: float | None = None


@dataclass(frozen=True, slots=True)
class Liking:
    """What a face likes. warmth: -1 to 1; clarity: 0 to 1; sure_*: 0 to 1; lips, brows: where they are known."""

    skin: Lab
    undertone: Undertone | None
    warmth: float
    clarity: float
    sure_warmth: float
    sure_clarity: float
    lips: Lab | None
    brows: Lab | None

    @classmethod
    def of(cls, facts: FaceFacts, tone: SkinTone) -> Self:
        """What an analysed face likes; without undertone and season, every warmth and contrast alike."""
        undertone, season, colouring = facts.undertone, facts.season, facts.colouring
        return cls(
            skin=tone.swatch.lab,
            undertone=None if undertone is None else undertone.undertone,
            warmth=0.0 if undertone is None else undertone.temperature,
            clarity=0.5 if season is None else season.clarity,
            sure_warmth=0.0 if undertone is None else undertone.confidence,
            sure_clarity=0.0 if season is None else season.confidence,
            lips=None if colouring.lips is None else colouring.lips.lab,
            brows=None if colouring.brows is None else colouring.brows.lab,
        )

    def aim(self, kind: DesignKind, style: str) -> Aim:
        """The depth and chroma that this face carries in a kind of shade."""
        skin = self.skin[0]
        clear = self.clarity
        if kind is DesignKind.LIPS:
            lips = skin - 14 if self.lips is None else self.lips[0]
            return Aim(max(DEEPEST[kind], lips - 4 - 16 * clear), 26 + 34 * clear, "your lips", lips)
        if kind is DesignKind.CHEEKS:
            darker = {"highlighter": -10.0, "contour": 14.0, "bronzer": 10.0}.get(style, 6.0)
            return Aim(max(DEEPEST[kind], skin - darker), 18 + 18 * clear, "your skin", skin)
        if kind is DesignKind.EYES:
            return Aim(_beside(skin, 14 + 22 * clear), 14 + 22 * clear, "your skin", skin)
        if kind in (DesignKind.BROWS, DesignKind.HAIR):
            brows = skin - 30 if self.brows is None else self.brows[0]
            return Aim(brows + (3 if kind is DesignKind.BROWS else 6), 12.0, "your brows", brows)
        return Aim(_beside(skin, 16 + 26 * clear), 24 + 34 * clear, "your skin", skin)


def suited(liking: Liking, designs: Iterable[Design], limit: int) -> list[Suited]:
    """The designs of one kind that suit best, spread over the colours; foundations by how near they are."""
    found = list(designs)
    if found and found[0].kind == BASE:
        return matched(liking.skin, found, limit)
    judged = sorted(
        ((score_of(liking, design), design) for design in found), key=lambda one: (-one[0], one[1].id)
    )
    return [
        Suited(design, round(score, 3), reason_for(liking, design))
        for score, design in _spread(judged, limit)
    ]


def score_of(liking: Liking, design: Design) -> float:
    """0 to 1: how well a design's leading colour suits."""
    lab = design.swatches[0].lab
    if design.kind is DesignKind.BROWS and liking.brows is not None:
        return _near(float(delta_e00(np.array(lab), np.array(liking.brows))), BROWS_REACH)
    aim = liking.aim(design.kind, _style(design))
    warm = _near(warmth_of(lab) - 0.8 * liking.warmth, WARMTH_REACH)
    deep = _near(lab[0] - aim.depth, DEPTH_REACH)
    vivid = _near(hypot(lab[1], lab[2]) - aim.chroma, CHROMA_REACH)
    weights = (
        (0.45 * _felt(liking.sure_warmth), warm),
        (0.6 if design.kind is DesignKind.CHEEKS else 0.3, deep),
        (0.25 * _felt(liking.sure_clarity), vivid),
    )
    score = sum(weight * fits for weight, fits in weights) / sum(weight for weight, _ in weights)
    dyed = design.kind is DesignKind.HAIR and design.colour_family not in NATURAL
    return score * FASHION if dyed else score


def reason_for(liking: Liking, design: Design) -> str:
    """In one sentence: what the shade is, and what in the face it answers."""
    lab = design.swatches[0].lab
    temperature = word_for(warmth_of(lab))
    aim = liking.aim(design.kind, _style(design))
    family = str(design.colour_family).replace("_", " ")
    depth = f"it is {_depth(lab[0] - aim.than_depth)} {aim.than}"
    if design.kind is DesignKind.BROWS:
        return f"A {temperature} {family}: {depth}."
    return f"A {temperature} {family}: {_because(liking, temperature)}{depth}."


def matched(skin: Lab, designs: Sequence[Design], limit: int) -> list[Suited]:
    """Foundations by ΔE00 to the skin: the nearest, then the next lighter and the next deeper, then the others."""
    apart = delta_e00(np.array([design.swatches[0].lab for design in designs]), np.array(skin)).tolist()
    order = sorted(zip(apart, designs, strict=True), key=lambda one: (one[0], one[1].id))
    best = order[0]
    depth = best[1].swatches[0].lab[0]
    lighter = next((one for one in order if one[1].swatches[0].lab[0] > depth + SUNNY / 2), None)
    deeper = next((one for one in order if one[1].swatches[0].lab[0] < depth - SUNNY / 2), None)
    words = {best[1].id: _closeness(best[0])}
    words |= {} if lighter is None else {lighter[1].id: "The next lighter one, for winter."}
    words |= {} if deeper is None else {deeper[1].id: "The next deeper one, for after a holiday."}
    first = [one for one in (best, lighter, deeper) if one is not None]
    rest = [one for one in order if one[1].id not in words]
    return [
        Suited(
            design,
            round(exp(-((distance / 8) ** 2)), 3),
            words.get(design.id, _depth_words(design, depth)),
            distance,
        )
        for distance, design in (*first, *rest)[:limit]
    ]


def _spread(judged: Sequence[tuple[float, Design]], limit: int) -> list[tuple[float, Design]]:
    """The best, then always the one that is best for what is not chosen yet; best first."""
    left, chosen = list(judged), list[tuple[float, Design]]()
    labs = {design.id: np.array(design.swatches[0].lab) for _, design in judged}
    news = dict.fromkeys(labs, 1.0)
    while left and len(chosen) < limit:
        best = max(left, key=lambda one: one[0] ** 2 * news[one[1].id])
        left.remove(best)
        chosen.append(best)
        if left:
            others = np.array([labs[design.id] for _, design in left])
            apart = delta_e00(others, labs[best[1].id])
            for (_, design), distance in zip(left, apart.tolist(), strict=True):
                new = min(1.0, max(0.0, (distance - ALIKE) / (APART - ALIKE)))
                news[design.id] = min(news[design.id], 0.05 + 0.95 * new)
    return sorted(chosen, key=lambda one: -one[0])


def _beside(skin: float, step: float) -> float:
    """L* a step below the skin's, or above it where there is not enough room below."""
    return skin - step if skin - step >= LOWEST else skin + step


def _near(away: float, reach: float) -> float:
    """1 for what hits, a half at the reach, and still more for the nearer of two that lie far off."""
    return 1 / (1 + (away / reach) ** 2)


def _felt(sure: float) -> float:
    return UNSURE + (1 - UNSURE) * sure


def _style(design: Design) -> str:
    return str(getattr(design.layer, "style", ""))


def _because(liking: Liking, temperature: str) -> str:
    """What of the face the shade's warmth answers; nothing where the undertone is not known."""
    if liking.undertone is None:
        return ""
    undertone = str(liking.undertone)
    same = {"warm": ("warm", "olive"), "cool": ("cool",), "balanced": ("neutral",)}[temperature]
    if undertone in same:
        return f"your undertone is {undertone}, and "
    if temperature == "balanced" or undertone == "neutral":
        return f"it goes with your {undertone} undertone, and "
    return f"a contrast to your {undertone} undertone, and "


def _depth(steps: float) -> str:
    """ "two steps deeper than", from a difference of L*."""
    count = round(abs(steps) / STEP)
    if count == 0:
        return "about as deep as"
    number = {1: "one step", 2: "two steps", 3: "three steps"}.get(count, "much")
    return f"{number} {'lighter' if steps > 0 else 'deeper'} than"


def _closeness(distance: float) -> str:
    if distance <= 3:
        return "Nearest to your skin: you would hardly see where it ends."
    if distance <= 8:
        return "Nearest to your skin; try it at the jaw before you decide."
    return "The nearest there is, and still another colour than your skin."


def _depth_words(design: Design, depth: float) -> str:
    return "Lighter than your skin." if design.swatches[0].lab[0] > depth else "Deeper than your skin."
