"""A scene's parameters, and random scenes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lab.hands.anatomy import POSES
from lab.hands.ground import GROUNDS
from lab.hands.light import LIGHTS
from looks.finger import HandName, HandSide

Owner = HandName | Literal["both"]


@dataclass(frozen=True)
class Scene:
    """tone: Monk 1 to 10; rotation: degrees clockwise from fingers up; size: (height, width) pixels; free_edge: mm."""

    tone: int = 4
    hand: Owner = HandName.RIGHT
    pose: str = "open"
    side: HandSide = HandSide.DORSAL
    background: str = "studio"
    light: str = "daylight"
    rotation: float = 0.0
    seed: int = 0
    size: tuple[int, int] = (1440, 1080)
    free_edge: float = 1.2
    fill: float = 0.86

    def __post_init__(self) -> None:
        if not 1 <= self.tone <= 10:
            raise ValueError(f"a Monk tone lies between 1 and 10, got {self.tone}")
        for name, known in (("pose", POSES), ("background", GROUNDS), ("light", LIGHTS)):
            if getattr(self, name) not in known:
                raise ValueError(f"unknown {name} {getattr(self, name)!r}; there are {', '.join(known)}")


def variants(seed: int, n: int, size: tuple[int, int] = (720, 540)) -> Iterator[Scene]:
    """n random scenes, the same for the same seed; one in twelve shows the palm and one in ten both hands."""
    rng = np.random.default_rng(seed)
    for _ in range(n):
        palmar = rng.random() < 1 / 12
        both = rng.random() < 0.1
        yield Scene(
            tone=int(rng.integers(1, 11)),
            hand="both" if both else list(HandName)[int(rng.integers(2))],
            pose="open" if palmar else list(POSES)[int(rng.integers(len(POSES)))],
            side=HandSide.PALMAR if palmar else HandSide.DORSAL,
            background=list(GROUNDS)[int(rng.integers(len(GROUNDS)))],
            light=list(LIGHTS)[int(rng.integers(len(LIGHTS)))],
            rotation=float(rng.uniform(0, 360)),
            seed=int(rng.integers(2**31)),
            size=size,
            free_edge=float(rng.uniform(0.2, 4.0)),
            fill=float(rng.uniform(0.6, 1.05)),
        )
