"""What is drawn at both eyes of a face: lids and brows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.render.face.ground import Wearer, wearers
from models.render.renderer import Drawn, light_of
from models.segment.face.eye import Eye, eyes_of
from models.types import Array, Scan


def drawn_by_eye(canvas: Array, scan: Scan, paint: Callable[[Wearer, Eye], bool]) -> Drawn:
    """Paint at both eyes of every face; a face counts where one of them took the paint."""
    found = []
    for one in wearers(canvas, scan, light_of(scan)):
        painted = [paint(one, eye) for eye in eyes_of(one.landmarks)]
        if any(painted):
            found.append(one)
    confidence = float(np.mean([one.score for one in found])) if found else 0.0
    return Drawn(len(found), len(scan.faces or ()) - len(found), confidence)
