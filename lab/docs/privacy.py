"""Writes the tables of docs/privacy.md from the registry: `python -m lab.docs.privacy`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kit.settings import ROOT
from modules.privacy.registry import IMPERSONAL, PERSONAL

PAGE = ROOT / "docs" / "privacy.md"


def main() -> None:
    """Replace both tables."""
    kept = (kept for part in PERSONAL for kept in part.KEPT)
    mine = [
        f"| `{k.table}` | {k.what} | {k.until} | {f'`{k.objects}`' if k.objects else '–'} |" for k in kept
    ]
    others = [f"| `{table}` | {why} |" for table, why in IMPERSONAL.items()]
    page = PAGE.read_text(encoding="utf-8")
    page = _replaced(page, "| table | what | how long | objects |\n|---|---|---|---|\n", mine)
    page = _replaced(page, "| table | holds |\n|---|---|\n", others)
    PAGE.write_text(page, encoding="utf-8")


def _replaced(page: str, head: str, rows: Iterable[str]) -> str:
    body = head + "".join(f"{row}\n" for row in rows)
    found, count = re.subn(re.escape(head) + r"(\|.*\n)*", lambda _: body, page)
    if count != 1:
        raise LookupError(f"docs/privacy.md has {count} tables that begin with {head!r}")
    return found


if __name__ == "__main__":
    main()
