"""How many hands and faces are found in a folder of photos, against what the folder says is there.

What is expected comes from the first of these that the folder has:
- `expected.json`: {"photo.jpg": {"faces": 1, "hands": 0}}, a number is exact, "some" is ≥ 1, "many" ≥ 2;
- `index.csv` with a column `tags`: portraits, "noface", "multi" or else one face at least;
- `index.csv` without it: hands by the file's name, `11k_*_dorsal_`, `11k_*_palmar_`, `nohand_`, no others.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.latency import summary
from models.decode import decode
from models.detect.face import FaceDetector
from models.detect.hands import HandDetector

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".heif"}
LEAST = {"some": 1, "many": 2}
Count = int | str | None
PORTRAITS: dict[str, Count] = {"noface": 0, "multi": "many", "single": "some"}


@dataclass(frozen=True, slots=True)
class Case:
    """One photo: the group it is counted in, what it shows (None: not judged), and of a single hand name and side."""

    path: Path
    group: str = "photos"
    faces: Count = None
    hands: Count = None
    hand: tuple[str, str] | None = None


@dataclass(slots=True)
class Tally:
    """What came out so far, per group, and how long each photo took in seconds."""

    groups: dict[str, Counter[str]] = field(default_factory=dict)
    hands_s: list[float] = field(default_factory=list)
    faces_s: list[float] = field(default_factory=list)

    def add(self, case: Case, **counts: int) -> None:
        self.groups.setdefault(case.group, Counter()).update(images=1, **counts)


def measure(folder: Path) -> dict[str, Any]:
    """Look for what each photo of the folder is judged by, hands and faces where nothing is expected.

    Returns images, found (photos with a find), wrong (photos unlike what is expected), errors, the same by group with
    named (single hands with the right name and side), and p50_ms, p95_ms for a photo already decoded.
    """
    tally = Tally()
    with HandDetector() as hands, FaceDetector() as faces:
        for case in cases(folder):
            try:
                judge(case, hands, faces, tally)
            except Exception as error:
                print(f"{case.path.name}: {type(error).__name__}: {error}", file=sys.stderr)
                tally.add(case, errors=1)
    total: Counter[str] = sum(tally.groups.values(), Counter())
    return {
        **{key: total[key] for key in ("images", "found", "wrong", "errors")},
        "by": {group: dict(counts) for group, counts in sorted(tally.groups.items())},
        **summary([*tally.hands_s, *tally.faces_s], 0.5, 0.95),
        **{f"hands_{name}": ms for name, ms in summary(tally.hands_s, 0.5, 0.95).items()},
        **{f"faces_{name}": ms for name, ms in summary(tally.faces_s, 0.5, 0.95).items()},
    }


def judge(case: Case, hands: HandDetector, faces: FaceDetector, tally: Tally) -> None:
    """Run the detectors that the case is about and add what they found."""
    photo = decode(case.path.read_bytes())
    unjudged = case.faces is None and case.hands is None
    found = wrong = named = 0
    if case.hands is not None or unjudged:
        start = time.perf_counter()
        seen = hands.detect(photo)
        tally.hands_s.append(time.perf_counter() - start)
        found |= bool(seen)
        wrong |= not as_expected(case.hands, len(seen))
        named = len(seen) == 1 and case.hand == (seen[0].name.value, seen[0].side.value)
    if case.faces is not None or unjudged:
        start = time.perf_counter()
        count = len(faces.detect(photo))
        tally.faces_s.append(time.perf_counter() - start)
        found |= bool(count)
        wrong |= not as_expected(case.faces, count)
    if wrong:
        print(f"{case.path.name}: wrong", file=sys.stderr)
    tally.add(
        case, found=int(found), wrong=int(wrong), errors=0, **({"named": int(named)} if case.hand else {})
    )


def as_expected(expected: Count, got: int) -> bool:
    """Whether a count meets what is expected of it."""
    if isinstance(expected, str):
        return got >= LEAST[expected]
    return expected is None or got == expected


def cases(folder: Path) -> list[Case]:
    """The folder's photos with what they are expected to show."""
    expected, index = folder / "expected.json", folder / "index.csv"
    if expected.is_file():
        return [
            Case(folder / name, faces=row.get("faces"), hands=row.get("hands"))
            for name, row in json.loads(expected.read_text("utf-8")).items()
        ]
    if index.is_file():
        with index.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        return [portrait(folder, row) if "tags" in row else hand(folder, row) for row in rows]
    return [Case(path) for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES]


def portrait(folder: Path, row: dict[str, str]) -> Case:
    """A row of the portraits' index."""
    tags = row["tags"].split(",")
    group = next((tag for tag in PORTRAITS if tag in tags), "single")
    return Case(folder / row["file"], group, faces=PORTRAITS[group])


def hand(folder: Path, row: dict[str, str]) -> Case:
    """A row of the hands' index; its note says which hand of which side, where that is known."""
    path, words = folder / row["file"], row["note"].split()
    if path.name.startswith("nohand_"):
        return Case(path, "nohand", hands=0)
    side = next((side for side in ("dorsal", "palmar") if f"_{side}_" in path.name), None)
    if side is None or not path.name.startswith("11k_"):
        return Case(path, "other")
    name = "right" if "right" in words else "left"
    return Case(path, side, hands="some", hand=(name, side))
