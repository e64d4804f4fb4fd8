"""Writes how evenly Vernis serves skin tones from benchmarks/results: `python -m lab.docs.fairness`."""

from __future__ import annotations

from collections.abc import Iterable

from kit.settings import ROOT
from lab.docs.figures import Figures, saved

PAGE = ROOT / "docs" / "fairness.md"
HEAD = """# How evenly it serves every skin
Written from `benchmarks/results` by `python -m lab.docs.fairness`. Colour, and the nails of rendered hands, are judged
on the ten tones of the [Monk scale](https://skintone.google), which we form ourselves, so that everything but the skin
is the same. Photos are sorted by the ITA of the skin that they show (Chardon 1991), which light shifts; what surrounds
a nail differs from group to group, so the gap there is not the skin's alone.
"""
MOST_DELTA_E, MOST_POINTS = 1.0, 3.0
LEAST = 30
ITA = ("very_light", "light", "intermediate", "tan", "brown", "dark")


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD,
            "## Colour: mean ΔE00 from the truth",
            *_colour(saved("colour")),
            "",
            "## Finding: mean IoU",
            *_found(saved("nails-monk"), saved("nails-val"), saved("hair-val")),
            "",
            "## Telling the tone of a face",
            *_told(saved("tone")),
            "",
        ]
    )


def _colour(figures: Figures) -> Iterable[str]:
    parts = {"nails": figures, **{part: figures[part] for part in ("lips", "skin", "hair")}}
    tones = list(figures["by_tone"])
    yield f"The gap is that between light (1-3), medium (4-7) and dark (8-10) skin; at most {MOST_DELTA_E} is asked."
    yield ""
    yield f"| | {' | '.join(f'Monk {tone}' for tone in tones)} | gap | holds |"
    yield "|" + "---|" * (len(tones) + 3)
    for name, part in parts.items():
        row = " | ".join(f"{part['by_tone'][tone]:.1f}" for tone in tones)
        yield f"| {name} | {row} | {part['tone_gap']:.2f} | {_holds(part['tone_gap'] <= MOST_DELTA_E)} |"


def _found(monk: Figures, nails: Figures, hair: Figures) -> Iterable[str]:
    tones = list(monk["monk"])
    scenes = monk["monk"][tones[0]]["n"]
    gap = 100 * monk["tone_gap"]
    yield f"Nails of rendered hands, {scenes} scenes a tone; a gap of at most {MOST_POINTS:.0f} points is asked."
    yield ""
    yield f"| | {' | '.join(f'Monk {tone}' for tone in tones)} | gap, points | holds |"
    yield "|" + "---|" * (len(tones) + 3)
    row = " | ".join(f"{monk['monk'][tone]['iou_mean']:.3f}" for tone in tones)
    yield f"| nails | {row} | {gap:.1f} | {_holds(gap <= MOST_POINTS)} |"
    yield ""
    yield f"Photos; groups under {LEAST} tell nothing and do not count."
    yield ""
    yield f"| | {' | '.join(name.replace('_', ' ') for name in ITA)} | gap, points | holds |"
    yield "|" + "---|" * (len(ITA) + 3)
    yield _photos("nails (IoU of each nail, 0 where missed)", nails["tones"], "nails")
    yield _photos("hair", hair["by_tone"], "n")


def _photos(name: str, groups: dict[str, Figures], count: str) -> str:
    cells = [
        f"{groups[tone]['iou_mean']:.3f} ({groups[tone][count]})" if tone in groups else "-" for tone in ITA
    ]
    enough = [groups[tone]["iou_mean"] for tone in ITA if groups.get(tone, {count: 0})[count] >= LEAST]
    gap = 100 * (max(enough) - min(enough))
    return f"| {name} | {' | '.join(cells)} | {gap:.1f} | {_holds(gap <= MOST_POINTS)} |"


def _told(figures: Figures) -> Iterable[str]:
    tones = figures["tones"]
    yield (
        f"The nearest Monk tone is told exactly on {figures['monk_exact']:.0%} of portraits under five lights, "
        f"within one tone on {figures['monk_within_one']:.0%}."
    )
    yield ""
    yield f"| | {' | '.join(f'Monk {int(tone)}' for tone in tones)} |"
    yield "|" + "---|" * (len(tones) + 1)
    yield "| ΔE00 | " + " | ".join(f"{one['de00']:.1f}" for one in tones.values()) + " |"
    yield "| tones away | " + " | ".join(f"{one['monk_error']:.1f}" for one in tones.values()) + " |"


def _holds(so: bool) -> str:
    return "yes" if so else "**no**"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
