"""How fast a full face of make-up and a hair colour are drawn, bytes to bytes in one process, and the next shade."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.pipeline import Times
from looks.colour import Swatch
from looks.finish import Coverage, SkinFinish
from looks.layer import AnyLayer, Base, Brows, Cheeks, Eyes, Hair, Lips
from looks.look import Look
from models.pipeline import Studio
from models.types import Photo, Scan

SAMPLE = Path(__file__).resolve().parents[1] / "assets" / "samples" / "faces" / "astronaut.jpg"
SIZE = (1920, 1080)  # width, height
HEAD = (0.18, 0.0, 0.70, 0.52)  # of the sample: left, top, right, bottom
LIPSTICKS = ("#be2f2f", "#b76d6c", "#612437", "#df999d", "#7c4a3c")
HAIR = ("#7a2f1c", "#3b2a20", "#a3632d", "#5c1a2e", "#8a5a3c")
WARM_UP = 5


def measure(jobs: int = 200, photo: Path = SAMPLE) -> dict[str, Any]:
    """Run full try-ons and next shades of one 1080p portrait, in turns of one each: make-up, then hair.

    Returns jobs, face_px (width of the face), p50_ms, p95_ms, images_per_s_core, steps_ms (p50 by step), layers_ms
    (p50 of each layer drawn by itself), next_shade (p50_ms, p95_ms, images_per_s_core), and hair: the same of a hair
    colour without layers_ms.
    """
    studio, data = Studio.load(), full_hd(photo)
    known = studio.try_on(data, [look(0)])
    faces = known.scan.faces or ()
    return {
        "jobs": jobs,
        "face_px": max((face.box.shape[1] for face in faces), default=0),
        **_timed(studio, data, look, jobs),
        "layers_ms": {
            f"{index}_{layer.__struct_config__.tag}": _alone(studio, known.photo, known.scan, layer)
            for index, layer in enumerate(look(0).layers)
        },
        "hair": _timed(studio, data, coloured, jobs),
    }


def _timed(studio: Studio, data: bytes, nth: Callable[[int], Look], jobs: int) -> dict[str, Any]:
    """Full try-ons of nth(n), and nth(n + 1) on a photo that is known already."""
    known = studio.try_on(data, [nth(0)])
    for n in range(WARM_UP):
        studio.try_on(data, [nth(n)])
    full, shade = Times(), Times()
    steps: dict[str, list[float]] = {}
    for n in range(jobs):
        result = full.of(partial(studio.try_on, data, [nth(n)]))
        shade.of(
            partial(
                studio.try_on, known.photo, [nth(n + 1)], known.scan, before=known.before, under=known.under
            )
        )
        for name, took in result.steps_ms.items():
            steps.setdefault(name, []).append(took)
    return {
        **full.figures(),
        "steps_ms": {name: round(float(np.median(took)), 1) for name, took in steps.items()},
        "next_shade": shade.figures(),
    }


def full_hd(photo: Path) -> bytes:
    """The head of a portrait at 1080p, its sides filled with grey, as JPEG bytes."""
    with Image.open(photo) as image:
        left, top, right, bottom = (
            round(side * share) for side, share in zip(image.size * 2, HEAD, strict=True)
        )
        portrait = image.convert("RGB").crop((left, top, right, bottom))
    scale = SIZE[1] / portrait.height
    portrait = portrait.resize((round(portrait.width * scale), SIZE[1]), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", SIZE, (128, 128, 128))
    picture.paste(portrait, ((SIZE[0] - portrait.width) // 2, 0))
    out = BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def look(n: int) -> Look:
    """Base, cheeks, eyes, brows and the nth lipstick."""
    swatch = Swatch.of
    layers: tuple[AnyLayer, ...] = (
        Base(colours=(swatch("#d3a580"),), coverage=Coverage.MEDIUM),
        Cheeks(colours=(swatch("#c4677a"),)),
        Eyes(colours=(swatch("#d8ae90"), swatch("#8c5d48"))),
        Eyes(colours=(swatch("#17171a"),), finish=SkinFinish.MATTE, style="liner_wing"),
        Brows(colours=(swatch("#624b3b"),)),
        Lips(colours=(swatch(LIPSTICKS[n % len(LIPSTICKS)]),)),
    )
    return Look(name=f"face {n}", layers=layers)


def coloured(n: int) -> Look:
    """The nth hair colour."""
    return Look(name=f"hair {n}", layers=(Hair(colours=(Swatch.of(HAIR[n % len(HAIR)]),)),))


def _alone(studio: Studio, photo: Photo, scan: Scan, layer: AnyLayer) -> float:
    """Median milliseconds of the composite step with this layer alone."""
    alone = Look(name="one", layers=(layer,))
    took = [studio.try_on(photo, [alone], scan, before=b"-").steps_ms["composite"] for _ in range(9)]
    return round(float(np.median(took)), 1)
