"""Write the golden records: `python -m tests.golden.write`. Look at the pictures in build/golden/ before committing."""

from __future__ import annotations

import json
from pathlib import Path

import cv2

from models.pipeline import Studio
from tests.golden.cases import DESIGNS, PHOTOS, RECORDS, record, render

PICTURES = Path("build/golden")


def main() -> None:
    """Render every case, save its picture and its numbers."""
    studio = Studio.load()
    PICTURES.mkdir(parents=True, exist_ok=True)
    records = {}
    for photo in PHOTOS:
        result = render(studio, photo)
        for index, design in enumerate(DESIGNS):
            records[f"{photo}/{design}"] = record(result, index)
            picture = cv2.cvtColor(result.renders[index].rgb, cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(PICTURES / f"{photo}-{design}.png"), picture)
    RECORDS.write_text(json.dumps(records, indent=1, sort_keys=True) + "\n")
    print(f"{len(records)} records in {RECORDS}, pictures in {PICTURES}/")


if __name__ == "__main__":
    main()
