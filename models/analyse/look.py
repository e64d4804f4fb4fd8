"""Looking at the face in a photo: find it, find its lips, and analyse it."""

from __future__ import annotations

from dataclasses import replace

from models.analyse.portrait import Portrait, portrait_of
from models.pipeline import FacesFinder, HandsFinder
from models.segment.hand import clear_of
from models.segment.lips import LipMesh
from models.types import Photo, Scan


def look_at_face(
    hands: HandsFinder, faces: FacesFinder, lips: LipMesh, photo: Photo, scan: Scan
) -> tuple[Scan, Portrait | None]:
    """What was found, added to what was known of the photo, and what it says; None where there is no face."""
    if scan.faces is None:
        scan = replace(scan, faces=faces.detect(photo))
    if scan.lips is None:
        found = scan.faces or ()
        covering = hands.over(photo, [face.box for face in found])
        scan = replace(scan, lips=clear_of(lips.segment(photo, found), covering))
    return scan, portrait_of(photo, scan)
