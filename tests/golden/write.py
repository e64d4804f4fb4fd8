"""Write the golden records: `python -m tests.golden.write`. Look at the pictures in build/golden/ before committing."""

from __future__ import annotations

import json
from pathlib import Path

from models.pipeline import Studio
from tests.golden.cases import DESIGNS, RECORDS, record, render, save

PICTURES = Path("build/golden")


def main() -> None:
    """Render every case, save its picture and its numbers."""
    studio = Studio.load()
    records = {}
    for photo, designs in DESIGNS.items():
        result = render(studio, photo)
        for design in designs:
            records[f"{photo}/{design}"] = record(result, design)
            save(result, photo, design, PICTURES)
    RECORDS.write_text(json.dumps(records, indent=1, sort_keys=True) + "\n")
    print(f"{len(records)} records in {RECORDS}, pictures in {PICTURES}/")


if __name__ == "__main__":
    main()
