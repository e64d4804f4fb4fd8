"""Text that people type into fields of one line."""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    """The text without space around it; raises ValueError when it is empty or holds a control character."""
    stripped = text.strip()
    if not stripped:
        raise ValueError("it is empty")
    if any(unicodedata.category(character) == "Cc" for character in stripped):
        raise ValueError("it holds a line break or another control character")
    return stripped
