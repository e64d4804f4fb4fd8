"""Which of the faces in a photo wear a look."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from looks.look import Faces
from models.types import Face, Hair, Lips, Scan, Skin

OfFace = TypeVar("OfFace", Lips, Skin, Hair)


def worn_by(scan: Scan, faces: Faces) -> Scan:
    """The scan with only these faces and what is theirs; numbers count from the left, unknown ones are left out."""
    if faces == "all" or not scan.faces:
        return scan
    chosen = _chosen(scan.faces, faces)
    number = {index: new for new, index in enumerate(chosen)}

    def theirs(parts: tuple[OfFace, ...] | None) -> tuple[OfFace, ...] | None:
        if parts is None:
            return None
        return tuple(replace(part, face=number[part.face]) for part in parts if part.face in number)

    return replace(
        scan,
        faces=tuple(scan.faces[index] for index in chosen),
        lips=theirs(scan.lips),
        skin=theirs(scan.skin),
        hair=theirs(scan.hair),
    )


def _chosen(found: tuple[Face, ...], faces: Faces) -> list[int]:
    """Indices of the scan's faces."""
    if faces == "largest":
        return [max(range(len(found)), key=lambda index: _area(found[index]))]
    from_left = sorted(range(len(found)), key=lambda index: found[index].box.x0 + found[index].box.x1)
    return sorted({from_left[number] for number in faces if isinstance(number, int) and number < len(found)})


def _area(face: Face) -> int:
    height, width = face.box.shape
    return height * width
